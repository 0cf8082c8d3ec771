use leptos::{ev::SubmitEvent, prelude::*};
use logto_leptos::{AuthError, browser::TokenView};

use super::token_card::token_or_error;

/// Returns a token for an organization. An expired one is refreshed and saved.
#[server(prefix = "/fn", endpoint = "organization-token")]
pub async fn get_organization_token(organization_id: String) -> Result<TokenView, AuthError> {
    use logto_leptos::organization_token;

    // The id comes from the browser. Logto refuses if the user is not a member.
    let issued = organization_token(&organization_id).await?;
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// A button that gets a token, and the token's card. The children are the label of the button.
#[component]
pub fn OrganizationTokenByAction(organization_id: String, children: Children) -> impl IntoView {
    // Without JavaScript the browser comes back to this page: with the token in the session, or
    // with the error in the address.
    let answer = ServerAction::<GetOrganizationToken>::new().value().get_untracked();
    view! {
        <OrganizationTokenForm organization_id answer>
            {children()}
        </OrganizationTokenForm>
    }
}

#[island]
pub fn OrganizationTokenForm(
    organization_id: String,
    /// The answer before the first submit.
    answer: Option<Result<TokenView, AuthError>>,
    children: Children,
) -> impl IntoView {
    let action = ServerAction::<GetOrganizationToken>::new();
    let pending = action.pending();
    let one_at_a_time = move |submit: SubmitEvent| {
        if pending.get_untracked() {
            submit.prevent_default();
        }
    };
    view! {
        <div class="forms" on:submit:capture=one_at_a_time>
            <ActionForm action>
                <input type="hidden" name="organization_id" value=organization_id />
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
