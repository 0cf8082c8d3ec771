//! The events that this crate knows.

use super::body::Body;
use crate::error::WebhookError;

/// An event and its data. The names are those of Logto.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEventKind {
    /// `PostRegister`: a user has registered.
    PostRegister(Interaction),
    /// `PostSignIn`: a user has signed in.
    PostSignIn(Interaction),
    /// `PostResetPassword`: a user has set a new password.
    PostResetPassword(Interaction),
    /// `User.Created`: there is a new user.
    UserCreated {
        /// The id of the user.
        user_id: String,
    },
    /// `User.Deleted`: a user no longer exists.
    UserDeleted {
        /// The id of the user.
        user_id: String,
    },
    /// `User.Data.Updated`: the profile or the custom data of a user has changed.
    UserDataUpdated {
        /// The id of the user.
        user_id: String,
    },
    /// `User.SuspensionStatus.Updated`: a user was suspended, or may sign in again.
    UserSuspensionStatusUpdated {
        /// The id of the user.
        user_id: String,
        /// Whether the user is suspended now.
        is_suspended: bool,
    },
    /// `Organization.Membership.Updated`: members have joined or left an organization.
    OrganizationMembershipUpdated(MembershipUpdate),
    /// `Organization.Deleted`: an organization no longer exists. Logto does not name its members.
    OrganizationDeleted {
        /// The id of the organization.
        organization_id: String,
    },
    /// `Grant.LimitExceeded` (since Logto 1.42): a sign-in has ended older sign-ins of the user in
    /// the same application.
    GrantLimitExceeded(LimitedGrants),
    /// Any other event.
    Other,
}

/// A user has registered, signed in, or set a new password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interaction {
    /// The id of the user.
    pub user_id: String,
    /// The id of the application that the user came from.
    pub application_id: Option<String>,
}

/// Members have joined or left an organization. Logto before 1.40 names no members; Logto names at
/// most 5000 in each list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MembershipUpdate {
    /// The id of the organization.
    pub organization_id: String,
    /// The ids of users who have joined.
    pub added_user_ids: Vec<String>,
    /// The ids of users who have left.
    pub removed_user_ids: Vec<String>,
    /// The ids of machine-to-machine applications that have joined.
    pub added_application_ids: Vec<String>,
    /// The ids of machine-to-machine applications that have left.
    pub removed_application_ids: Vec<String>,
}

impl MembershipUpdate {
    /// Whether the event names no member, as that of Logto before 1.40.
    #[must_use]
    pub fn names_no_members(&self) -> bool {
        let lists = [
            &self.added_user_ids,
            &self.removed_user_ids,
            &self.added_application_ids,
            &self.removed_application_ids,
        ];
        lists.iter().all(|ids| ids.is_empty())
    }
}

/// Sign-ins of a user in one application have ended, because there were too many.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitedGrants {
    /// The id of the user.
    pub user_id: String,
    /// The id of the application.
    pub application_id: String,
    /// The ids of the grants that have ended.
    pub revoked_grant_ids: Vec<String>,
}

impl WebhookEventKind {
    /// The data of the event. A known event without its data is an error, because a reaction that
    /// silently does nothing would leave the sessions of a deleted user open.
    pub(super) fn of(name: &str, body: &Body) -> Result<Self, WebhookError> {
        let user_id = || user_id(body);
        Ok(match name {
            "PostRegister" => Self::PostRegister(Interaction::of(body)?),
            "PostSignIn" => Self::PostSignIn(Interaction::of(body)?),
            "PostResetPassword" => Self::PostResetPassword(Interaction::of(body)?),
            "User.Created" => Self::UserCreated { user_id: user_id()? },
            "User.Deleted" => Self::UserDeleted { user_id: user_id()? },
            "User.Data.Updated" => Self::UserDataUpdated { user_id: user_id()? },
            "User.SuspensionStatus.Updated" => Self::UserSuspensionStatusUpdated {
                user_id: user_id()?,
                is_suspended: body
                    .bool_in("data", "isSuspended")
                    .ok_or(WebhookError::FieldMissing("data.isSuspended"))?,
            },
            "Organization.Membership.Updated" => Self::OrganizationMembershipUpdated(MembershipUpdate {
                organization_id: body.required("organizationId")?,
                added_user_ids: body.ids("addedUserIds")?,
                removed_user_ids: body.ids("removedUserIds")?,
                added_application_ids: body.ids("addedApplicationIds")?,
                removed_application_ids: body.ids("removedApplicationIds")?,
            }),
            "Organization.Deleted" => Self::OrganizationDeleted {
                organization_id: body
                    .text_in("params", "id")
                    .ok_or(WebhookError::FieldMissing("params.id"))?,
            },
            "Grant.LimitExceeded" => Self::GrantLimitExceeded(LimitedGrants {
                user_id: body.required("userId")?,
                application_id: body.required("applicationId")?,
                revoked_grant_ids: body.ids("revokedGrantIds")?,
            }),
            _ => Self::Other,
        })
    }
}

impl Interaction {
    fn of(body: &Body) -> Result<Self, WebhookError> {
        Ok(Self {
            user_id: body.required("userId")?,
            application_id: body.text_in("application", "id"),
        })
    }
}

/// The user of an event about users. Logto names it in the path of the Management API call, or in
/// the data alone if the user has caused the event.
fn user_id(body: &Body) -> Result<String, WebhookError> {
    let of_path = body.text_in("params", "userId");
    let found = of_path.or_else(|| body.text_in("data", "id"));
    found.ok_or(WebhookError::FieldMissing("params.userId"))
}
