//! An access token for an API resource, by an action.

use leptos::prelude::*;
use logto_leptos::browser::TokenView;

use super::{
    expiry::expiry,
    outcome::{Answer, outcome},
    token_card::TokenCard,
};

// [show:server-function]
#[server(prefix = "/fn", endpoint = "access-token")]
pub async fn get_access_token(resource: String) -> Answer<TokenView> {
    use crate::server::views::known_resource;
    use logto_leptos::access_token;

    // Anybody can call a server function: check what it is asked for.
    if let Err(problem) = known_resource(&resource) {
        return Ok(Err(problem));
    }
    let issued = access_token(Some(&resource), None).await;
    let token = issued.map(|issued| TokenView::from(&issued));
    Ok(token.map_err(Into::into))
}
// [/show]

/// A button that gets a token for `resource`, and what came of it.
// [show:island]
#[island]
pub fn AccessTokenByAction(resource: String, wanted: String) -> impl IntoView {
    let action = ServerAction::<GetAccessToken>::new();
    view! {
        <ActionForm action>
            <input type="hidden" name="resource" value=resource />
            <button type="submit" class="button">"Get access token"</button>
        </ActionForm>
        {outcome(action, "Not asked for yet.", move |token| token_card(token, wanted.clone()))}
    }
}
// [/show]

pub(crate) fn token_card(token: TokenView, wanted: String) -> impl IntoView {
    let expires = token.expires;
    view! { <TokenCard token wanted obtained="Obtained by an action">{expiry(expires)}</TokenCard> }
}
