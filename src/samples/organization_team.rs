use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::organization_error::OrganizationError;

/// The active organization, its members, and the open invitations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Team {
    pub organization_id: String,
    pub name: String,
    pub members: Vec<Member>,
    /// `None` if the user may not invite, nor change the members.
    pub invitations: Option<Vec<OpenInvitation>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub roles: Vec<String>,
    pub is_admin: bool,
    /// Whether this is the user of the session.
    pub is_self: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenInvitation {
    pub id: String,
    pub email: String,
    /// The page that accepts it.
    pub link: String,
}

/// Returns the team of the active organization, or `None` if none is active.
#[server(prefix = "/fn", endpoint = "organizations/team")]
pub async fn load_team() -> Result<Option<Team>, OrganizationError> {
    use super::organization_check::{CurrentMember, READ, WRITE};

    let Some(id) = logto_leptos::auth_session()?.active_organization().await? else {
        return Ok(None);
    };
    let management = super::management::management()?;
    let user = CurrentMember::load(&management, &id).await?.require(READ)?;
    let invitations = if user.may(WRITE) {
        Some(open_invitations(&management, &id).await?)
    } else {
        None
    };
    // The first 100 members. A longer list needs pages.
    let members = management.organization_members(&id).next().await?.unwrap_or_default();
    Ok(Some(Team {
        name: management.organization(&id).await?.name,
        organization_id: id,
        members: members
            .into_iter()
            .map(|member| shown(member, user.user.id()))
            .collect(),
        invitations,
    }))
}

#[cfg(feature = "ssr")]
fn shown(member: logto_leptos::management::OrganizationMember, user_id: &str) -> Member {
    let roles: Vec<_> = member.organization_roles.into_iter().map(|role| role.name).collect();
    let names = [member.name, member.username, member.primary_email]
        .into_iter()
        .flatten();
    let name = names.into_iter().find(|name| !name.is_empty());
    Member {
        name: name.unwrap_or_else(|| member.id.clone()),
        is_admin: roles.iter().any(|role| role == super::organization_check::ADMIN),
        is_self: member.id == user_id,
        id: member.id,
        roles,
    }
}

#[cfg(feature = "ssr")]
async fn open_invitations(
    management: &logto_leptos::ManagementClient,
    organization_id: &str,
) -> Result<Vec<OpenInvitation>, OrganizationError> {
    use logto_leptos::{ReturnTo, auth_session, management::InvitationStatus};

    let auth = auth_session()?;
    let all = management.organization_invitations(organization_id).await?;
    let open = all
        .into_iter()
        .filter(|invitation| invitation.status == InvitationStatus::Pending);
    let shown = open.filter_map(|invitation| {
        let page = ReturnTo::parse(&format!("/invitations/{}", invitation.id))?;
        Some(OpenInvitation {
            id: invitation.id,
            email: invitation.invitee,
            link: auth.absolute_url(&page),
        })
    });
    Ok(shown.collect())
}
