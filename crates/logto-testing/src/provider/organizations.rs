//! Organizations that the Management API creates, and invitations.

use crate::config::{Membership, Organization, OrganizationRole};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvitationStatus {
    Pending,
    Accepted,
    Revoked,
    Expired,
}

impl InvitationStatus {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Accepted => "Accepted",
            Self::Revoked => "Revoked",
            Self::Expired => "Expired",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) invitee: String,
    /// In milliseconds.
    pub(crate) expires_at: u64,
    pub(crate) inviter_id: Option<String>,
    pub(crate) role_ids: Vec<String>,
    pub(crate) accepted_user_id: Option<String>,
    status: InvitationStatus,
}

impl Invitation {
    pub(crate) fn new(id: String, organization_id: String, invitee: String, expires_at: u64) -> Self {
        Self {
            id,
            organization_id,
            invitee,
            expires_at,
            inviter_id: None,
            role_ids: Vec::new(),
            accepted_user_id: None,
            status: InvitationStatus::Pending,
        }
    }

    pub(crate) fn status(&self, now: u64) -> InvitationStatus {
        match self.status {
            InvitationStatus::Pending if self.expires_at <= now * 1000 => InvitationStatus::Expired,
            status => status,
        }
    }

    pub(crate) fn set_status(&mut self, status: InvitationStatus) {
        self.status = status;
    }
}

/// The organizations of the tenant.
#[derive(Debug, Default)]
pub(crate) struct Organizations {
    pub(crate) all: Vec<Organization>,
    /// The organization template.
    pub(crate) roles: Vec<OrganizationRole>,
    pub(crate) invitations: Vec<Invitation>,
}

const ROLE_PREFIX: &str = "role_";

/// The id of a role of the organization template.
pub(crate) fn role_id(name: &str) -> String {
    format!("{ROLE_PREFIX}{name}")
}

impl Organizations {
    pub(crate) fn get(&self, id: &str) -> Option<&Organization> {
        self.all.iter().find(|organization| organization.id == id)
    }

    /// Removes an organization with its invitations.
    pub(crate) fn remove(&mut self, id: &str) {
        self.all.retain(|organization| organization.id != id);
        self.invitations.retain(|invitation| invitation.organization_id != id);
    }

    /// The role of the organization template with this name.
    pub(crate) fn role(&self, name: &str) -> Option<&OrganizationRole> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The name of a role, if there is one with this id.
    pub(crate) fn role_name<'a>(&self, id: &'a str) -> Option<&'a str> {
        let name = id.strip_prefix(ROLE_PREFIX)?;
        self.role(name).is_some().then_some(name)
    }

    /// Gives a member a role, with its permissions.
    pub(crate) fn assign(&self, membership: &mut Membership, name: &str) {
        if let Some(role) = self.role(name) {
            membership.assign(role);
        }
    }

    pub(crate) fn unassign(&self, membership: &mut Membership, name: &str) {
        let Some(role) = self.role(name) else { return };
        let others = membership.roles.iter().filter(|held| *held != name);
        let others: Vec<_> = others.filter_map(|held| self.role(held)).collect();
        membership.unassign(role, &others);
    }
}
