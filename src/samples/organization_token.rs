use leptos::prelude::*;
use logto_leptos::{AuthError, browser::TokenView};

use super::token_card::token_or_error;

/// Returns a token for an organization: it has the user's permissions in the organization.
#[server(prefix = "/fn", endpoint = "organization-token-on-page")]
pub async fn load_organization_token(organization_id: String) -> Result<TokenView, AuthError> {
    // The counterpart of `getOrganizationTokenRSC`, and an alias of `organization_token`.
    use logto_leptos::organization_token_ssr;

    let issued = organization_token_ssr(&organization_id).await?;
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// The card of a token that is rendered with the page.
#[component]
pub fn OrganizationTokenOnPage(organization_id: String) -> impl IntoView {
    // Blocking: a refreshed token is saved with the head of the response.
    let token = Resource::new_blocking(move || organization_id.clone(), load_organization_token);
    view! {
        <Suspense>{Suspend::new(async move { token_or_error(token.await) })}</Suspense>
    }
}
