use leptos::prelude::*;

use super::organization_error::OrganizationError;

/// The longest address that Logto accepts, in bytes.
pub const MAX_EMAIL: usize = 256;
/// A limit of this app, because every user may create organizations and invite any address.
#[cfg(feature = "ssr")]
const MAX_INVITATIONS: usize = 50;
#[cfg(feature = "ssr")]
const WEEK: u64 = 7 * 24 * 60 * 60;

/// Invites an email address to an organization.
#[server(prefix = "/fn", endpoint = "organizations/invite")]
pub async fn invite_member(organization_id: String, email: String) -> Result<(), OrganizationError> {
    use logto_leptos::{
        ManagementErrorKind, auth_session,
        management::{InvitationStatus, NewInvitation},
    };

    use super::organization_check::{CurrentMember, MEMBER, WRITE};

    let management = super::management::management()?;
    // The id comes from the browser: the permission has to be one in this organization.
    let admin = CurrentMember::load(&management, &organization_id)
        .await?
        .require(WRITE)?;
    let email = email.trim();
    if !is_email(email) {
        return Err(OrganizationError::Email);
    }
    let others = management.organization_invitations(&organization_id).await?;
    let open = others.iter().filter(|other| other.status == InvitationStatus::Pending);
    if open.count() >= MAX_INVITATIONS {
        return Err(OrganizationError::TooManyInvitations);
    }
    let roles = management.organization_roles().all().await?;
    let role = roles.into_iter().find(|role| role.name == MEMBER);
    let until = auth_session()?.logto().client().now().plus(WEEK);
    let invitation = NewInvitation::new(organization_id, email, until)
        .with_inviter(admin.user.id())
        .with_role(role.ok_or(OrganizationError::Refused)?.id);
    match management.invite(&invitation).await {
        Err(error) if error.kind() == Some(ManagementErrorKind::Conflict) => Err(OrganizationError::AlreadyInvited),
        Err(error) if error.kind() == Some(ManagementErrorKind::Invalid) => Err(OrganizationError::AlreadyMember),
        sent => Ok(sent.map(drop)?),
    }
}

/// Revokes an open invitation.
#[server(prefix = "/fn", endpoint = "organizations/revoke")]
pub async fn revoke_invitation(organization_id: String, invitation_id: String) -> Result<(), OrganizationError> {
    use logto_leptos::{ManagementErrorKind, management::InvitationStatus};

    use super::organization_check::{CurrentMember, WRITE};

    let management = super::management::management()?;
    CurrentMember::load(&management, &organization_id)
        .await?
        .require(WRITE)?;
    // Only invitations of this organization: the token can revoke those of the whole tenant.
    let all = management.organization_invitations(&organization_id).await?;
    let found = all.into_iter().find(|invitation| invitation.id == invitation_id);
    let invitation = found.ok_or(OrganizationError::InvitationClosed)?;
    match management.revoke_invitation(&invitation.id).await {
        // Idempotent: the form was sent twice.
        Err(_) if invitation.status == InvitationStatus::Revoked => Ok(()),
        Err(error) if error.kind() == Some(ManagementErrorKind::Invalid) => Err(OrganizationError::InvitationClosed),
        revoked => Ok(revoked?),
    }
}

/// A rough check. Only the person who has the address can accept the invitation.
#[cfg(feature = "ssr")]
fn is_email(text: &str) -> bool {
    let odd = |character: char| character.is_whitespace() || character.is_control();
    let parts = text.split_once('@');
    text.len() <= MAX_EMAIL
        && !text.contains(odd)
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}
