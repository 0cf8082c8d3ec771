//! Gets an access token for an API resource in a server function.

use leptos::{prelude::*, server_fn::ServerFn as _};
use logto_leptos::{TokenTarget, access_token, browser::TokenView};

use crate::{
    components::{Problem, token_or_problem},
    islands::AnsweredInPlace,
    server::{Fragment, authorize::require_configured_resource},
};

// [show:server-function]
#[server(prefix = "/fn", endpoint = "access-token", output = Fragment)]
pub async fn get_access_token(resource: String) -> Result<Fragment, ServerFnError> {
    let token = token_for(&resource).await;
    Ok(Fragment::new(|| token_or_problem(token, "Obtained by an action")))
}

async fn token_for(resource: &str) -> Result<TokenView, Problem> {
    // A server function is a public endpoint: check its arguments.
    require_configured_resource(resource)?;
    // From the session. A refreshed token is saved there.
    let issued = access_token(TokenTarget::resource(resource)).await?;
    Ok(TokenView::from(&issued))
}
// [/show]

/// A button that gets a token for `resource` and shows the result.
// [show:form]
#[component]
pub(super) fn AccessTokenByAction(resource: String) -> impl IntoView {
    view! {
        // An island that shows the HTML of the response here.
        // For a response with data, use an `ActionForm`.
        <AnsweredInPlace>
            <form method="post" action=GetAccessToken::PATH>
                <input type="hidden" name="resource" value=resource />
                <button type="submit" class="button">"Get access token"</button>
            </form>
        </AnsweredInPlace>
    }
}
// [/show]
