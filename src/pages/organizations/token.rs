//! A token for an organization, by an action.

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
    // The id comes from a browser. Whether the user is a member is for Logto to say: it answers 403
    // if not.
    let issued = organization_token(organization_id).await?;
    Ok(TokenView::from(&issued))
}
// [/show]

/// A button that gets a token for an organization, and what came of it.
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
