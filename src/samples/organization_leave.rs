use leptos::prelude::*;

use super::organization_error::{OrganizationError, OrganizationErrorNote};

/// Takes the user out of an organization.
#[server(prefix = "/fn", endpoint = "organizations/leave")]
pub async fn leave_organization(organization_id: String) -> Result<(), OrganizationError> {
    use logto_leptos::{organization, require};

    let user = require(organization(&organization_id)).await?;
    let management = super::management::management()?;
    // Always the id of the user, never one from the browser.
    match super::organization_admins::remove(&management, &organization_id, user.id()).await {
        // An admin has already removed the user, or deleted the organization.
        Err(OrganizationError::NoSuchMember) => {}
        left => left?,
    }
    // The organization is no longer active, and the switcher does not offer it.
    super::management::refresh_organizations().await;
    Ok(())
}

/// A button to leave an organization. The children are its label.
#[component]
pub fn LeaveOrganizationForm(
    organization_id: String,
    explain: fn(&OrganizationError) -> String,
    children: Children,
) -> impl IntoView {
    let action = ServerAction::<LeaveOrganization>::new();
    let error = move || action.value().get().and_then(Result::err);
    view! {
        <div role="status">{move || error().map(|error| view! { <OrganizationErrorNote error explain /> })}</div>
        <ActionForm action attr:class="forms">
            <input type="hidden" name="organization_id" value=organization_id />
            <button type="submit" class="button">
                {children()}
            </button>
        </ActionForm>
    }
}
