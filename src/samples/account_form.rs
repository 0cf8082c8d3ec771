use leptos::prelude::*;

use super::account_error::AccountErrorNote;
use super::account_profile::{AccountView, MAX_NAME, SaveAccount, SaveError, THEMES, load_account};

/// The texts of the form.
#[derive(Clone, Debug)]
pub struct ProfileTexts {
    pub name: String,
    pub theme: String,
    pub save: String,
    /// The error of an invalid field.
    pub invalid: String,
}

/// A form for name and theme. It needs no JavaScript: the browser comes back to this page, which
/// shows the new values, or the error of the form.
#[component]
pub fn EditAccount(texts: ProfileTexts, explain: fn(&str) -> String) -> impl IntoView {
    let action = ServerAction::<SaveAccount>::new();
    let account = Resource::new_blocking(move || action.version().get(), |_| load_account());
    let error = move || action.value().get().and_then(Result::err);
    view! {
        <div role="status">
            {move || match error() {
                Some(SaveError::Auth(error)) => Some(view! { <AccountErrorNote error explain /> }),
                _ => None,
            }}
        </div>
        <Suspense>
            {Suspend::new(async move {
                match account.await {
                    Ok(account) => form(action, account, error(), texts).into_any(),
                    Err(error) => view! { <AccountErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn form(
    action: ServerAction<SaveAccount>,
    account: AccountView,
    error: Option<SaveError>,
    texts: ProfileTexts,
) -> impl IntoView {
    let themes = THEMES.map(|theme| {
        let selected = theme == account.theme;
        view! {
            <option value=theme selected=selected>
                {theme}
            </option>
        }
    });
    let invalid = |field| {
        let is_invalid = error == Some(field);
        (is_invalid.then_some("true"), is_invalid.then(|| texts.invalid.clone()))
    };
    let ((name_state, name_error), (theme_state, theme_error)) = (invalid(SaveError::Name), invalid(SaveError::Theme));
    view! {
        <ActionForm action attr:class="forms">
            <div class="labelled">
                <label for="account-name">{texts.name}</label>
                <input
                    id="account-name"
                    name="name"
                    value=account.name
                    required
                    maxlength=MAX_NAME
                    autocomplete="name"
                    aria-invalid=name_state
                    aria-describedby="account-name-error"
                />
                <p id="account-name-error" class="field-error">
                    {name_error}
                </p>
            </div>
            <div class="labelled">
                <label for="account-theme">{texts.theme}</label>
                <select
                    id="account-theme"
                    name="theme"
                    aria-invalid=theme_state
                    aria-describedby="account-theme-error"
                >
                    {themes.collect_view()}
                </select>
                <p id="account-theme-error" class="field-error">
                    {theme_error}
                </p>
            </div>
            <button type="submit" class="button primary">
                {texts.save}
            </button>
        </ActionForm>
    }
}
