use leptos::prelude::*;
use logto_leptos::{AuthError, AuthErrorKind, SignIn, browser::TokenView};

use super::expiry::Expiry;

/// Asks Logto for a new token, even if the session's token is still valid.
#[server(prefix = "/fn", endpoint = "fresh-token")]
pub async fn get_fresh_token(resource: String) -> Result<TokenView, AuthError> {
    use logto_leptos::{TokenTarget, access_token};

    let issued = access_token(TokenTarget::resource(resource).fresh()).await?;
    Ok(TokenView::from(&issued))
}

/// A form that asks Logto, and what the user can do if that fails. The children are its button.
#[component]
pub fn AskLogto(#[prop(into)] resource: String, children: Children) -> impl IntoView {
    let action = ServerAction::<GetFreshToken>::new();
    let answer = action.value();
    // Without JavaScript the page has the error of the form, and shows the new token elsewhere.
    let outcome = move || match answer.get()? {
        Ok(token) => Some(view! { <Expiry at=token.expires_at /> }.into_any()),
        Err(error) => Some(view! { <WhatToDo error /> }.into_any()),
    };
    view! {
        <ActionForm action>
            <input type="hidden" name="resource" value=resource />
            {children()}
        </ActionForm>
        <div role="status">{outcome}</div>
    }
}

#[component]
fn WhatToDo(error: AuthError) -> impl IntoView {
    let kind = error.kind();
    // A transient error never ends the session: the user is still signed in, and can try again.
    let is_transient = kind == AuthErrorKind::Unavailable;
    let wait = error.retry_after().filter(|_| is_transient);
    let retry_after = wait.map(|wait| {
        view! {
            <p>
                <code>{format!("retry_after: {} s", wait.as_secs())}</code>
            </p>
        }
    });
    let sign_in = kind
        .needs_sign_in()
        .then(|| view! { <SignIn class="button primary" /> });
    view! {
        <div class="note fault">
            <p class="note-title">{error.message().to_owned()}</p>
            <p>
                <code>{error.code().to_owned()}</code>
            </p>
            {retry_after}
            {sign_in}
        </div>
    }
}
