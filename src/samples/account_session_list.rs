use leptos::prelude::*;

use super::account_error::AccountErrorNote;
use super::account_sessions::{ConfirmPassword, EndAccountSession, SessionView, load_account_sessions};
use super::expiry::Expiry;

/// The texts of the form and of the list.
#[derive(Clone, Debug)]
pub struct SessionTexts {
    pub password: String,
    pub confirm: String,
    pub this_one: String,
    pub sign_out: String,
    pub unknown_browser: String,
}

/// The list of the user's sessions, or the form that asks for the password. Neither needs JavaScript.
#[component]
pub fn AccountSessions(texts: SessionTexts, explain: fn(&str) -> String) -> impl IntoView {
    let confirm = ServerAction::<ConfirmPassword>::new();
    let end = ServerAction::<EndAccountSession>::new();
    let versions = move || (confirm.version().get(), end.version().get());
    let sessions = Resource::new_blocking(versions, |_| load_account_sessions());
    let error = move || {
        let outcomes = [confirm.value().get(), end.value().get()];
        outcomes.into_iter().flatten().find_map(Result::err)
    };
    view! {
        <div role="status">
            {move || error().map(|error| view! { <AccountErrorNote error explain /> })}
        </div>
        <Suspense>
            {Suspend::new(async move {
                match sessions.await {
                    Ok(None) => password_form(confirm, texts).into_any(),
                    Ok(Some(sessions)) => list(end, sessions, texts).into_any(),
                    Err(error) => view! { <AccountErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn password_form(action: ServerAction<ConfirmPassword>, texts: SessionTexts) -> impl IntoView {
    view! {
        <ActionForm action attr:class="forms">
            <div class="labelled">
                <label for="account-password">{texts.password}</label>
                <input
                    id="account-password"
                    type="password"
                    name="password"
                    required
                    autocomplete="current-password"
                />
            </div>
            <button type="submit" class="button">
                {texts.confirm}
            </button>
        </ActionForm>
    }
}

fn list(action: ServerAction<EndAccountSession>, sessions: Vec<SessionView>, texts: SessionTexts) -> impl IntoView {
    let sessions = sessions.into_iter().map(|session| {
        let SessionTexts {
            this_one,
            sign_out,
            unknown_browser,
            ..
        } = texts.clone();
        let browser = browser_name(&session.user_agent);
        let browser = if browser.is_empty() { unknown_browser } else { browser };
        let browser_of_button = browser.clone();
        let own = view! { <span class="tag ok">{this_one}</span> };
        let button = view! {
            <ActionForm action>
                <input type="hidden" name="uid" value=session.uid />
                <button type="submit" class="button">
                    {sign_out}
                    <span class="visually-hidden">" " {browser_of_button}</span>
                </button>
            </ActionForm>
        };
        view! {
            <li>
                <div>
                    <strong>{browser}</strong>
                    " "
                    <code>{session.ip}</code>
                    <div class="muted">{session.signed_in.map(|at| view! { <Expiry at /> })}</div>
                </div>
                {if session.is_this { own.into_any() } else { button.into_any() }}
            </li>
        }
    });
    view! { <ul class="account-sessions">{sessions.collect_view()}</ul> }
}

/// Browser and system, for example "Firefox, Linux".
fn browser_name(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    let browsers = [
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let parts: Vec<_> = [first(&browsers), first(&systems)].into_iter().flatten().collect();
    parts.join(", ")
}
