use leptos::{ev::SubmitEvent, prelude::*};
use logto_leptos::{AuthError, browser::TokenView};

use super::token_card::token_or_error;

/// Returns a token from the session. An expired one is refreshed and saved.
#[server(prefix = "/fn", endpoint = "access-token")]
pub async fn get_access_token(resource: String) -> Result<TokenView, AuthError> {
    use logto_leptos::{TokenTarget, access_token};

    // The resource comes from the browser. Logto refuses one that the sign-in did not request.
    let issued = access_token(TokenTarget::resource(resource)).await?;
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// A button that gets a token, and the token's card. The children are the label of the button.
#[component]
pub fn AccessTokenByAction(resource: String, children: Children) -> impl IntoView {
    // Without JavaScript the browser comes back to this page: with the token in the session, or
    // with the error in the address.
    let answer = ServerAction::<GetAccessToken>::new().value().get_untracked();
    view! {
        <AccessTokenForm resource answer>
            {children()}
        </AccessTokenForm>
    }
}

#[island]
pub fn AccessTokenForm(
    resource: String,
    /// The answer before the first submit.
    answer: Option<Result<TokenView, AuthError>>,
    children: Children,
) -> impl IntoView {
    let action = ServerAction::<GetAccessToken>::new();
    let pending = action.pending();
    let one_at_a_time = move |submit: SubmitEvent| {
        if pending.get_untracked() {
            submit.prevent_default();
        }
    };
    view! {
        <div class="forms" on:submit:capture=one_at_a_time>
            <ActionForm action>
                <input type="hidden" name="resource" value=resource />
                <button type="submit" class="button">
                    {children()}
                </button>
            </ActionForm>
        </div>
        <div class="outcome" aria-live="polite" aria-busy=move || pending.get().to_string()>
            {move || {
                if pending.get() {
                    return view! { <p class="skeleton">"…"</p> }.into_any();
                }
                match action.value().get().or_else(|| answer.clone()) {
                    Some(token) => token_or_error(token),
                    None => view! { <p class="empty">"–"</p> }.into_any(),
                }
            }}
        </div>
    }
}
