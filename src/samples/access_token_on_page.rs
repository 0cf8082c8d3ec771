use leptos::prelude::*;
use logto_leptos::{AuthError, browser::TokenView};

use super::token_card::token_or_error;

/// Returns a token from the session. An expired one is refreshed.
#[server(prefix = "/fn", endpoint = "access-token-on-page")]
pub async fn load_access_token(resource: String) -> Result<TokenView, AuthError> {
    // The counterpart of `getAccessTokenRSC`, and an alias of `access_token`.
    use logto_leptos::{TokenTarget, access_token_ssr};

    let issued = access_token_ssr(TokenTarget::resource(resource)).await?;
    // For a request to the API: issued.token.authorization()
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// The card of a token that is rendered with the page.
#[component]
pub fn AccessTokenOnPage(resource: String) -> impl IntoView {
    // Blocking: a refreshed token is saved with the head of the response.
    let token = Resource::new_blocking(move || resource.clone(), load_access_token);
    view! {
        <Suspense>{Suspend::new(async move { token_or_error(token.await) })}</Suspense>
    }
}
