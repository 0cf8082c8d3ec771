//! Organizations that the Management API creates, and invitations.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Membership, Organization};

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
    /// The permissions of the roles of the organization template, by the roles' names.
    pub(crate) roles: BTreeMap<String, BTreeSet<String>>,
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

    /// The name of a role, if there is one with this id.
    pub(crate) fn role_name<'a>(&self, id: &'a str) -> Option<&'a str> {
        let name = id.strip_prefix(ROLE_PREFIX)?;
        self.roles.contains_key(name).then_some(name)
    }

    /// Gives a member a role, with its permissions.
    pub(crate) fn assign(&self, membership: &mut Membership, name: &str) {
        if !membership.roles.iter().any(|role| role == name) {
            membership.roles.push(name.to_owned());
        }
        let permissions = self.roles.get(name).into_iter().flatten().cloned();
        membership.permissions.extend(permissions);
    }

    pub(crate) fn unassign(&self, membership: &mut Membership, name: &str) {
        membership.roles.retain(|role| role != name);
        let others = membership.roles.iter().filter_map(|role| self.roles.get(role));
        let kept: BTreeSet<&String> = others.flatten().collect();
        if let Some(permissions) = self.roles.get(name) {
            let removed = |scope: &String| permissions.contains(scope) && !kept.contains(scope);
            membership.permissions.retain(|scope| !removed(scope));
        }
    }
}
