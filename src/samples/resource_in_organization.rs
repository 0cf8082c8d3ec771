use leptos::prelude::*;
use logto_leptos::{AuthError, browser::TokenView};

use super::token_card::token_or_error;

/// Returns a token for an API resource, with the permissions that the user has in an organization.
#[server(prefix = "/fn", endpoint = "resource-in-organization")]
pub async fn load_resource_token(resource: String, organization_id: String) -> Result<TokenView, AuthError> {
    use logto_leptos::{TokenTarget, access_token};

    let target = TokenTarget::resource(resource).in_organization(organization_id);
    let issued = access_token(target).await?;
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// The card of the token: `aud` is the resource, and `organization_id` the organization.
#[component]
pub fn ResourceInOrganization(resource: String, organization_id: String) -> impl IntoView {
    let token = Resource::new_blocking(
        move || (resource.clone(), organization_id.clone()),
        |(resource, organization_id)| load_resource_token(resource, organization_id),
    );
    view! {
        <Suspense>{Suspend::new(async move { token_or_error(token.await) })}</Suspense>
    }
}
