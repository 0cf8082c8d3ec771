use leptos::prelude::*;

use super::organization_error::{OrganizationError, OrganizationErrorNote};

/// Takes the user out of an organization. An admin who is its only member deletes it.
#[server(prefix = "/fn", endpoint = "organizations/leave")]
pub async fn leave_organization(organization_id: String) -> Result<(), OrganizationError> {
    use logto_leptos::{ManagementErrorKind, auth_session, management::OrganizationMember, organization, require};

    let user = require(organization(&organization_id)).await?;
    let management = super::management::management()?;
    let members = management.organization_members(&organization_id).all().await?;
    let is_admin = |member: &OrganizationMember| member.organization_roles.iter().any(|role| role.name == "admin");
    let (own, others): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.id == user.id());
    let is_last_admin = own.into_iter().any(is_admin) && !others.iter().any(|other| is_admin(other));
    let left = match (is_last_admin, others.is_empty()) {
        (true, false) => return Err(OrganizationError::LastAdmin),
        (true, true) => management.delete_organization(&organization_id).await,
        // Always the id of the user, never one from the browser.
        (false, _) => management.remove_organization_member(&organization_id, user.id()).await,
    };
    match left {
        // An admin has been faster.
        Err(error) if error.kind() == Some(ManagementErrorKind::NotFound) => {}
        left => left?,
    }
    // The organization is no longer active, and the switcher does not offer it.
    Ok(auth_session()?.refresh_organizations().await?)
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
