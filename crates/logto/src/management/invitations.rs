//! Invitations to an organization.

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Map, Value, json};

use super::{client::ManagementClient, organizations::OrganizationRole};
use crate::{
    claims::null_as_empty,
    clock::{Milliseconds, Timestamp},
    error::ManagementError,
};

/// Values for the template of the invitation email, such as the link.
///
/// ```
/// use logto::management::InvitationMessage;
///
/// let message = InvitationMessage::new().with("link", "https://app.example.com/invitations/i1");
/// # let _ = message;
/// ```
#[derive(Clone, Debug, Default, Serialize)]
pub struct InvitationMessage(Map<String, Value>);

impl InvitationMessage {
    /// Creates a message without values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value of the template.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }
}

/// An invitation to create.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    organization_id: String,
    invitee: String,
    expires_at: Timestamp,
    inviter_id: Option<String>,
    role_ids: Vec<String>,
    message: Option<InvitationMessage>,
}

impl NewInvitation {
    /// Creates an invitation of an email address, until a time in the future. Logto sends no email
    /// unless [`with_message`](Self::with_message) is set.
    #[must_use]
    pub fn new(organization_id: impl Into<String>, email: impl Into<String>, expires_at: Timestamp) -> Self {
        Self {
            organization_id: organization_id.into(),
            invitee: email.into(),
            expires_at,
            inviter_id: None,
            role_ids: Vec::new(),
            message: None,
        }
    }

    /// Sets the user who invites. Logto does not check that they are a member: check before the
    /// call what they may do in the organization.
    #[must_use]
    pub fn with_inviter(mut self, user_id: impl Into<String>) -> Self {
        self.inviter_id = Some(user_id.into());
        self
    }

    /// Adds a role that the new member gets, by its id.
    #[must_use]
    pub fn with_role(mut self, role_id: impl Into<String>) -> Self {
        self.role_ids.push(role_id.into());
        self
    }

    /// Lets Logto send an email with these values. The tenant needs an email connector.
    #[must_use]
    pub fn with_message(mut self, message: InvitationMessage) -> Self {
        self.message = Some(message);
        self
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "organizationId": self.organization_id,
            "invitee": self.invitee,
            "expiresAt": self.expires_at.as_secs().saturating_mul(1000),
            "messagePayload": false,
        });
        if let Some(id) = &self.inviter_id {
            body["inviterId"] = json!(id);
        }
        if !self.role_ids.is_empty() {
            body["organizationRoleIds"] = json!(self.role_ids);
        }
        if let Some(message) = &self.message {
            body["messagePayload"] = json!(message);
        }
        body
    }
}

/// The status of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub enum InvitationStatus {
    /// Not answered.
    Pending,
    /// Accepted: the invitee is a member.
    Accepted,
    /// Too late.
    Expired,
    /// Revoked by a member.
    Revoked,
    /// A status that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// An invitation to an organization.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrganizationInvitation {
    /// The id, for the link.
    pub id: String,
    /// The organization.
    pub organization_id: String,
    /// The email address that was invited.
    pub invitee: String,
    /// The status.
    pub status: InvitationStatus,
    /// The user who invited.
    pub inviter_id: Option<String>,
    /// The user who accepted.
    pub accepted_user_id: Option<String>,
    /// When it expires.
    pub expires_at: Option<Milliseconds>,
    /// The roles that the new member gets.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub organization_roles: Vec<OrganizationRole>,
}

/// Invitations.
impl ManagementClient {
    /// Invites an email address to an organization.
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ManagementErrorKind::Conflict) if an invitation is pending,
    /// [`Invalid`](crate::ManagementErrorKind::Invalid) if the invitee is a member,
    /// [`ConnectorMissing`](crate::ManagementErrorKind::ConnectorMissing) if an email cannot be
    /// sent, and those of [`ManagementClient::get`].
    pub async fn invite(&self, invitation: &NewInvitation) -> Result<OrganizationInvitation, ManagementError> {
        self.post(&["organization-invitations"], &invitation.body()).await
    }

    /// Reads the invitations to an organization, whatever their status.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn organization_invitations(
        &self,
        organization_id: &str,
    ) -> Result<Vec<OrganizationInvitation>, ManagementError> {
        // Logto does not split this list into pages, so the first page is complete.
        let list = self.pages(&["organization-invitations"]);
        list.with_query("organizationId", organization_id).all().await
    }

    /// Reads an invitation.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn invitation(&self, id: &str) -> Result<OrganizationInvitation, ManagementError> {
        self.get(&["organization-invitations", id]).await
    }

    /// Accepts an invitation for a user. Logto compares the user's primary email address with the
    /// one that was invited. Pass the id of the signed-in user, never one from the request.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ManagementErrorKind::Invalid) if the user has another email address, or
    /// the invitation was accepted, has expired or was revoked; and those of
    /// [`ManagementClient::get`].
    pub async fn accept_invitation(&self, id: &str, user_id: &str) -> Result<(), ManagementError> {
        let body = json!({ "status": "Accepted", "acceptedUserId": user_id });
        self.put(&["organization-invitations", id, "status"], &body)
            .await
            .map(|IgnoredAny| ())
    }

    /// Revokes a pending invitation.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ManagementErrorKind::Invalid) if it is not pending, and those of
    /// [`ManagementClient::get`].
    pub async fn revoke_invitation(&self, id: &str) -> Result<(), ManagementError> {
        let body = json!({ "status": "Revoked" });
        self.put(&["organization-invitations", id, "status"], &body)
            .await
            .map(|IgnoredAny| ())
    }

    /// Lets Logto send the email of an invitation again.
    ///
    /// # Errors
    ///
    /// [`ConnectorMissing`](crate::ManagementErrorKind::ConnectorMissing) if an email cannot be
    /// sent, and those of [`ManagementClient::get`].
    pub async fn resend_invitation(&self, id: &str, message: &InvitationMessage) -> Result<(), ManagementError> {
        self.post(&["organization-invitations", id, "message"], message)
            .await
            .map(|IgnoredAny| ())
    }
}
