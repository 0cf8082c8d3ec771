use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::organization_error::OrganizationError;

/// The active organization, its members, and the open invitations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Team {
    pub organization_id: String,
    pub name: String,
    pub members: Vec<Member>,
    /// `None` if the user may not invite.
    pub invitations: Option<Vec<OpenInvitation>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    pub roles: Vec<String>,
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
        members: members.into_iter().map(Member::from).collect(),
        invitations,
    }))
}

#[cfg(feature = "ssr")]
impl From<logto_leptos::management::OrganizationMember> for Member {
    fn from(member: logto_leptos::management::OrganizationMember) -> Self {
        let names = [member.name, member.username, member.primary_email];
        Self {
            name: names.into_iter().flatten().next().unwrap_or(member.id),
            roles: member.organization_roles.into_iter().map(|role| role.name).collect(),
        }
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
