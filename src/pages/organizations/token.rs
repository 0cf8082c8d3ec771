//! Gets an access token for an organization in a server function.

use leptos::{prelude::*, server_fn::ServerFn as _};
use logto_leptos::{browser::TokenView, organization_token};

use crate::{
    components::{Problem, token_or_problem},
    islands::AnsweredInPlace,
    server::Fragment,
};

// [show:server-function]
#[server(prefix = "/fn", endpoint = "organization-token", output = Fragment)]
pub async fn get_organization_token(organization_id: String) -> Result<Fragment, ServerFnError> {
    let token = token_for(&organization_id).await;
    Ok(Fragment::new(|| token_or_problem(token, "Obtained by an action")))
}

async fn token_for(organization_id: &str) -> Result<TokenView, Problem> {
    // The id comes from the browser. Logto answers 403 if the user is not a member.
    let issued = organization_token(organization_id).await?;
    Ok(TokenView::from(&issued))
}
// [/show]

/// A button that gets a token for an organization and shows the result.
#[component]
pub(super) fn OrganizationTokenByAction(organization_id: String) -> impl IntoView {
    view! {
        <AnsweredInPlace>
            <form method="post" action=GetOrganizationToken::PATH>
                <input type="hidden" name="organization_id" value=organization_id />
                <button type="submit" class="button">"Get organization token"</button>
            </form>
        </AnsweredInPlace>
    }
}
