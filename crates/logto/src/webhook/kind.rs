//! The events that this crate knows.

use serde_json::{Map, Value};

use crate::error::WebhookError;

type Body = Map<String, Value>;

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
                is_suspended: member(body, "data", "isSuspended")
                    .and_then(Value::as_bool)
                    .ok_or(WebhookError::FieldMissing("data.isSuspended"))?,
            },
            "Organization.Membership.Updated" => Self::OrganizationMembershipUpdated(MembershipUpdate {
                organization_id: required(body, "organizationId")?,
                added_user_ids: ids(body, "addedUserIds")?,
                removed_user_ids: ids(body, "removedUserIds")?,
                added_application_ids: ids(body, "addedApplicationIds")?,
                removed_application_ids: ids(body, "removedApplicationIds")?,
            }),
            "Organization.Deleted" => Self::OrganizationDeleted {
                organization_id: id(member(body, "params", "id")).ok_or(WebhookError::FieldMissing("params.id"))?,
            },
            "Grant.LimitExceeded" => Self::GrantLimitExceeded(LimitedGrants {
                user_id: required(body, "userId")?,
                application_id: required(body, "applicationId")?,
                revoked_grant_ids: ids(body, "revokedGrantIds")?,
            }),
            _ => Self::Other,
        })
    }
}

impl Interaction {
    fn of(body: &Body) -> Result<Self, WebhookError> {
        Ok(Self {
            user_id: required(body, "userId")?,
            application_id: id(member(body, "application", "id")),
        })
    }
}

/// The user of an event about users. Logto names it in the path of the Management API call, or in
/// the data alone if the user has caused the event.
fn user_id(body: &Body) -> Result<String, WebhookError> {
    let of_path = id(member(body, "params", "userId"));
    let found = of_path.or_else(|| id(member(body, "data", "id")));
    found.ok_or(WebhookError::FieldMissing("params.userId"))
}

fn member<'a>(body: &'a Body, object: &str, name: &str) -> Option<&'a Value> {
    body.get(object)?.get(name)
}

fn id(value: Option<&Value>) -> Option<String> {
    let id = value?.as_str()?;
    (!id.is_empty()).then(|| id.to_owned())
}

fn required(body: &Body, name: &'static str) -> Result<String, WebhookError> {
    id(body.get(name)).ok_or(WebhookError::FieldMissing(name))
}

/// A list of ids. Logto leaves it out if nothing has changed.
fn ids(body: &Body, name: &'static str) -> Result<Vec<String>, WebhookError> {
    let invalid = || WebhookError::FieldMissing(name);
    match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values.iter().map(|value| id(Some(value)).ok_or_else(invalid)).collect(),
        Some(_) => Err(invalid()),
    }
}
