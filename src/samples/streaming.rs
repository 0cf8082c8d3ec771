use leptos::prelude::*;
use logto_leptos::{AuthError, browser::TokenView};

use super::token_card::token_or_error;

#[server(prefix = "/fn", endpoint = "late-token")]
pub async fn load_late_token(resource: String) -> Result<TokenView, AuthError> {
    use logto_leptos::{TokenTarget, access_token_ssr};

    // Too late for a cookie: the server keeps a refreshed token, and the next response saves it.
    let issued = access_token_ssr(TokenTarget::resource(resource)).await?;
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// The card of a token that is streamed after the start of the page.
///
/// Its route: `<Route path=path!("/streaming") view=Streaming ssr=SsrMode::InOrder />`
#[component]
pub fn LateToken(resource: String) -> impl IntoView {
    // Not blocking: the response begins before the token is known.
    let token = Resource::new(move || resource.clone(), load_late_token);
    view! {
        <Suspense>{Suspend::new(async move { token_or_error(token.await) })}</Suspense>
    }
}
