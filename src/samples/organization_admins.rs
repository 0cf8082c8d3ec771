use leptos::prelude::*;
#[cfg(feature = "ssr")]
use logto_leptos::{ManagementClient, ManagementErrorKind, management::OrganizationMember};

#[cfg(feature = "ssr")]
use super::organization_check::{ADMIN, CurrentMember, MEMBER, WRITE};
use super::organization_error::OrganizationError;

/// Makes a member an admin, or takes this role from them.
#[server(prefix = "/fn", endpoint = "organizations/set-admin")]
pub async fn set_admin(organization_id: String, member_id: String, admin: bool) -> Result<(), OrganizationError> {
    use logto_leptos::management::OrganizationRoles;

    let management = super::management::management()?;
    let user = CurrentMember::load(&management, &organization_id)
        .await?
        .require(WRITE)?
        .user;
    let members = members(&management, &organization_id).await?;
    let member = if admin {
        find(&members, &member_id)?
    } else {
        unless_last_admin(&members, &member_id)?
    };
    // The creator has only the role admin. Without a role, a member cannot see the others.
    let role = OrganizationRoles::names([if admin { ADMIN } else { MEMBER }]);
    let assigned = management.assign_organization_roles(&organization_id, &member.id, &role);
    assigned.await?;
    let held = member.organization_roles.iter().find(|role| role.name == ADMIN);
    if let Some(role) = held.filter(|_| !admin) {
        let taken = management.remove_organization_role(&organization_id, &member.id, &role.id);
        done_or_gone(taken.await)?;
    }
    if member_id == user.id() {
        super::management::refresh_organizations().await;
    }
    Ok(())
}

/// Removes a member from an organization.
#[server(prefix = "/fn", endpoint = "organizations/remove-member")]
pub async fn remove_member(organization_id: String, member_id: String) -> Result<(), OrganizationError> {
    let management = super::management::management()?;
    let user = CurrentMember::load(&management, &organization_id)
        .await?
        .require(WRITE)?
        .user;
    remove(&management, &organization_id, &member_id).await?;
    if member_id == user.id() {
        super::management::refresh_organizations().await;
    }
    Ok(())
}

/// Takes a user out of an organization, unless the other members would have no admin. Two admins
/// who leave at the same moment can still leave it without one, because Logto has no call for both
/// steps.
#[cfg(feature = "ssr")]
pub async fn remove(
    management: &ManagementClient,
    organization_id: &str,
    user_id: &str,
) -> Result<(), OrganizationError> {
    let members = members(management, organization_id).await?;
    let member = unless_last_admin(&members, user_id)?;
    done_or_gone(management.remove_organization_member(organization_id, &member.id).await)
}

/// All members. The ids of the browser are looked up here, because the token of the app reaches
/// every user of the tenant.
#[cfg(feature = "ssr")]
async fn members(
    management: &ManagementClient,
    organization_id: &str,
) -> Result<Vec<OrganizationMember>, OrganizationError> {
    match management
        .organization_members(organization_id)
        .with_max_pages(20)
        .all()
        .await
    {
        Err(error) if error.kind() == Some(ManagementErrorKind::NotFound) => Err(OrganizationError::NoSuchMember),
        members => Ok(members?),
    }
}

#[cfg(feature = "ssr")]
fn find<'a>(members: &'a [OrganizationMember], id: &str) -> Result<&'a OrganizationMember, OrganizationError> {
    let found = members.iter().find(|member| member.id == id);
    found.ok_or(OrganizationError::NoSuchMember)
}

/// Returns the member, or an error if there is no other admin.
#[cfg(feature = "ssr")]
fn unless_last_admin<'a>(
    members: &'a [OrganizationMember],
    id: &str,
) -> Result<&'a OrganizationMember, OrganizationError> {
    let is_admin = |member: &OrganizationMember| member.organization_roles.iter().any(|role| role.name == ADMIN);
    let member = find(members, id)?;
    let has_other = members.iter().any(|other| other.id != id && is_admin(other));
    if is_admin(member) && !has_other {
        return Err(OrganizationError::LastAdmin);
    }
    Ok(member)
}

/// Idempotent: the form was sent twice, or another admin has made the same change.
#[cfg(feature = "ssr")]
fn done_or_gone(outcome: Result<(), logto_leptos::ManagementError>) -> Result<(), OrganizationError> {
    match outcome {
        Err(error) if error.kind() == Some(ManagementErrorKind::NotFound) => Ok(()),
        outcome => Ok(outcome?),
    }
}
