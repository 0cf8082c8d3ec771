use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::organization_error::OrganizationError;

/// The invitation of a link, for the signed-in user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invitation {
    /// The user can join.
    Open {
        organization: String,
        email: String,
    },
    /// The user has joined, and is still a member.
    Joined {
        organization: String,
        organization_id: String,
    },
    /// It is for another email address. This user learns neither the address nor the organization.
    OtherUser,
    /// It was accepted, and the membership has ended.
    Used,
    Expired,
    Revoked,
    Unknown,
}

/// Returns the invitation of a link. It changes nothing: mail scanners open links too.
#[server(prefix = "/fn", endpoint = "invitations/load")]
pub async fn load_invitation(invitation_id: String) -> Result<Invitation, OrganizationError> {
    use logto_leptos::{ManagementErrorKind, management::InvitationStatus, require_user};

    let user = require_user().await?;
    let management = super::management::management()?;
    if !is_id(&invitation_id) {
        return Ok(Invitation::Unknown);
    }
    let invitation = match management.invitation(&invitation_id).await {
        Err(error) if error.kind() == Some(ManagementErrorKind::NotFound) => return Ok(Invitation::Unknown),
        invitation => invitation?,
    };
    let is_invitee = primary_email(&management, user.id())
        .await?
        .is_some_and(|email| email.eq_ignore_ascii_case(&invitation.invitee));
    let has_accepted = invitation.accepted_user_id.as_deref() == Some(user.id());
    if !is_invitee && !has_accepted {
        return Ok(Invitation::OtherUser);
    }
    let organization_id = invitation.organization_id;
    Ok(match invitation.status {
        InvitationStatus::Pending => Invitation::Open {
            organization: management.organization(&organization_id).await?.name,
            email: invitation.invitee,
        },
        InvitationStatus::Accepted if has_accepted => {
            let own = management.user_organizations(user.id()).await?.into_iter();
            let mut own = own.map(|own| own.organization);
            match own.find(|organization| organization.id == organization_id) {
                Some(organization) => Invitation::Joined {
                    organization: organization.name,
                    organization_id,
                },
                None => Invitation::Used,
            }
        }
        InvitationStatus::Expired => Invitation::Expired,
        InvitationStatus::Revoked => Invitation::Revoked,
        _ => Invitation::Used,
    })
}

/// Accepts an invitation for the signed-in user.
#[server(prefix = "/fn", endpoint = "invitations/join")]
pub async fn join_organization(invitation_id: String) -> Result<(), OrganizationError> {
    use logto_leptos::{ManagementErrorKind, management::InvitationStatus, require_user};

    let user = require_user().await?;
    let management = super::management::management()?;
    if !is_id(&invitation_id) {
        return Err(OrganizationError::InvitationClosed);
    }
    // Logto compares the user's email address with the one that was invited.
    match management.accept_invitation(&invitation_id, user.id()).await {
        Err(error) if error.kind() == Some(ManagementErrorKind::Invalid) => {
            let invitation = management.invitation(&invitation_id).await?;
            if invitation.status == InvitationStatus::Pending {
                return Err(OrganizationError::OtherAccount);
            }
            // Idempotent: the form was sent twice.
            if invitation.accepted_user_id.as_deref() != Some(user.id()) {
                return Err(OrganizationError::InvitationClosed);
            }
        }
        Err(error) if error.kind() == Some(ManagementErrorKind::NotFound) => {
            return Err(OrganizationError::InvitationClosed);
        }
        accepted => accepted?,
    }
    // Pages know the organization at once, without a new sign-in.
    super::management::refresh_organizations().await;
    Ok(())
}

/// The address that Logto compares. The claims have one only with the scope `email`, and it may be
/// out of date.
#[cfg(feature = "ssr")]
async fn primary_email(
    management: &logto_leptos::ManagementClient,
    user_id: &str,
) -> Result<Option<String>, OrganizationError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct User {
        primary_email: Option<String>,
    }
    let user: User = management.get(&["users", user_id]).await?;
    Ok(user.primary_email)
}

/// Whether this can be an id of Logto: short, and safe in a path.
#[cfg(feature = "ssr")]
fn is_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_part)
}
