use leptos::prelude::*;

use super::organization_error::{OrganizationError, OrganizationErrorNote};

/// Deletes an organization without other members and open invitations.
#[server(prefix = "/fn", endpoint = "organizations/delete")]
pub async fn delete_organization(organization_id: String) -> Result<(), OrganizationError> {
    use logto_leptos::{ManagementErrorKind, management::InvitationStatus};

    use super::organization_check::{CurrentMember, WRITE};

    let management = super::management::management()?;
    let user = CurrentMember::load(&management, &organization_id)
        .await?
        .require(WRITE)?
        .user;
    // The invitations first: a user who accepts one at this moment is then among the members.
    let invitations = management.organization_invitations(&organization_id).await?;
    let mut members = management.organization_members(&organization_id).with_page_size(2);
    let members = members.next().await?.unwrap_or_default();
    let is_invited = invitations
        .iter()
        .any(|invitation| invitation.status == InvitationStatus::Pending);
    if is_invited || members.iter().any(|member| member.id != user.id()) {
        return Err(OrganizationError::NotEmpty);
    }
    match management.delete_organization(&organization_id).await {
        // Idempotent: the form was sent twice.
        Err(error) if error.kind() == Some(ManagementErrorKind::NotFound) => {}
        deleted => deleted?,
    }
    super::management::refresh_organizations().await;
    Ok(())
}

/// A button to delete an organization. The children are its label.
#[component]
pub fn DeleteOrganizationForm(
    organization_id: String,
    explain: fn(&OrganizationError) -> String,
    children: Children,
) -> impl IntoView {
    let action = ServerAction::<DeleteOrganization>::new();
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
