use logto_leptos::{ManagementClient, ManagementErrorKind, SessionError, User, organization, require};

use super::organization_error::OrganizationError;

/// The role of the creator, and of members whom an admin has promoted.
pub const ADMIN: &str = "admin";
/// The role of invited members.
pub const MEMBER: &str = "member";
/// The permission to see the members.
pub const READ: &str = "read:members";
/// The permission to change them: to invite, to remove, and to make admins.
pub const WRITE: &str = "write:members";

/// A member of an organization, with the permissions that Logto has at this moment.
pub struct CurrentMember {
    pub user: User,
    scopes: Vec<String>,
}

impl CurrentMember {
    /// Asks Logto about the user in an organization that the browser names.
    ///
    /// The claims and tokens of the session may be an hour old, and Logto reports no change of a
    /// role.
    pub async fn load(management: &ManagementClient, organization_id: &str) -> Result<Self, OrganizationError> {
        // The session decides about the id of another organization, without a request.
        let user = require(organization(organization_id)).await?;
        match management.organization_scopes_of(organization_id, user.id()).await {
            Ok(scopes) => Ok(Self {
                user,
                scopes: scopes.into_iter().map(|scope| scope.name).collect(),
            }),
            Err(error) if is_no_member(error.kind()) => Err(SessionError::Forbidden.into()),
            Err(error) => Err(error.into()),
        }
    }

    pub fn may(&self, permission: &str) -> bool {
        self.scopes.iter().any(|scope| scope == permission)
    }

    pub fn require(self, permission: &str) -> Result<Self, OrganizationError> {
        if self.may(permission) {
            Ok(self)
        } else {
            Err(SessionError::Forbidden.into())
        }
    }
}

/// Whether Logto knows no such member, or no such organization.
fn is_no_member(kind: Option<ManagementErrorKind>) -> bool {
    matches!(kind, Some(ManagementErrorKind::NotFound | ManagementErrorKind::Invalid))
}
