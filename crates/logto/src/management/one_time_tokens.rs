//! One-time tokens, for magic links.

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::client::ManagementClient;
use crate::{clock::Milliseconds, error::ManagementError, secret::SecretString};

/// The event of a sign-in that a one-time token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum InteractionEvent {
    /// A user signs in.
    SignIn,
    /// A user registers.
    Register,
    /// A user resets a forgotten password.
    ForgotPassword,
}

/// A one-time token to create.
///
/// ```
/// use logto::management::NewOneTimeToken;
///
/// let token = NewOneTimeToken::new("ada@example.com").with_expires_in(86_400).with_organization("acme");
/// # let _ = token;
/// ```
#[derive(Clone, Debug)]
pub struct NewOneTimeToken {
    email: String,
    expires_in: Option<u64>,
    organization_ids: Vec<String>,
    interaction_event: Option<InteractionEvent>,
}

impl NewOneTimeToken {
    /// Creates a token for an email address, which need not belong to a user: a new address
    /// registers. Logto does not check that it is an address.
    #[must_use]
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            expires_in: None,
            organization_ids: Vec::new(),
            interaction_event: None,
        }
    }

    /// Sets the seconds after which the token expires, at least 1. By default Logto sets 600.
    #[must_use]
    pub fn with_expires_in(mut self, seconds: u64) -> Self {
        self.expires_in = Some(seconds);
        self
    }

    /// Adds an organization, of which the user becomes a member at the sign-in. Check first that the
    /// caller may add members to it.
    #[must_use]
    pub fn with_organization(mut self, organization_id: impl Into<String>) -> Self {
        self.organization_ids.push(organization_id.into());
        self
    }

    /// Limits the token to an event. Logto refuses it at others
    /// (`one_time_token.interaction_event_mismatch`).
    #[must_use]
    pub fn with_interaction_event(mut self, event: InteractionEvent) -> Self {
        self.interaction_event = Some(event);
        self
    }

    fn body(&self) -> Value {
        let mut body = json!({ "email": self.email });
        if let Some(seconds) = self.expires_in {
            body["expiresIn"] = json!(seconds);
        }
        if !self.organization_ids.is_empty() {
            body["context"]["jitOrganizationIds"] = json!(self.organization_ids);
        }
        if let Some(event) = self.interaction_event {
            body["context"]["interactionEvent"] = json!(event);
        }
        body
    }
}

/// A token with which the holder of an email address signs in once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OneTimeToken {
    /// The id, which is no secret.
    pub id: String,
    /// The email address.
    pub email: String,
    /// The token. Anyone who has it and knows the address can sign in: put it into the link that goes
    /// to the address, and nowhere else.
    pub secret: SecretString,
    /// When it expires.
    pub expires_at: Milliseconds,
}

/// One-time tokens.
impl ManagementClient {
    /// Creates a one-time token for an email address (since Logto 1.27).
    ///
    /// ```no_run
    /// use logto::{ManagementClient, ManagementError, SignInOptions, management::NewOneTimeToken};
    ///
    /// # async fn example(management: ManagementClient) -> Result<(), ManagementError> {
    /// let created = management.create_one_time_token(&NewOneTimeToken::new("ada@example.com")).await?;
    /// // The options of the sign-in to which the link leads.
    /// let options = SignInOptions::new().with_one_time_token(created.secret).with_login_hint(created.email);
    /// # let _ = options;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ManagementErrorKind::Invalid) if the address is empty or the token would
    /// expire at once, and those of [`ManagementClient::get`].
    pub async fn create_one_time_token(&self, token: &NewOneTimeToken) -> Result<OneTimeToken, ManagementError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Created {
            id: String,
            email: String,
            token: String,
            expires_at: Milliseconds,
        }
        let created: Created = self.post(&["one-time-tokens"], &token.body()).await?;
        Ok(OneTimeToken {
            id: created.id,
            email: created.email,
            secret: created.token.into(),
            expires_at: created.expires_at,
        })
    }

    /// Revokes a one-time token, by its id: its link stops working. Sessions that have begun with it
    /// stay.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn revoke_one_time_token(&self, id: &str) -> Result<(), ManagementError> {
        let body = json!({ "status": "revoked" });
        self.put(&["one-time-tokens", id, "status"], &body)
            .await
            .map(|IgnoredAny| ())
    }
}
