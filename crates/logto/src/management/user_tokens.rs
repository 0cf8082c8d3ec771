//! Tokens of users for other programs: subject tokens and personal access tokens.

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::ManagementClient;
use crate::{
    clock::{Milliseconds, Timestamp},
    error::ManagementError,
    secret::SecretString,
};

/// A token with which an app may act for a user once: see
/// [`TokenExchange::impersonation`](crate::TokenExchange::impersonation).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubjectToken {
    /// The token, `sub_…`.
    pub secret: SecretString,
    /// When it expires.
    pub expires: Timestamp,
}

/// A personal access token to create.
#[derive(Clone, Debug)]
pub struct NewPersonalAccessToken {
    name: String,
    expires_at: Option<Timestamp>,
}

impl NewPersonalAccessToken {
    /// Creates a token with this name, which is unique for the user. It does not expire.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            expires_at: None,
        }
    }

    /// Sets when it expires.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }
}

/// A personal access token of a user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PersonalAccessToken {
    /// The name.
    pub name: String,
    /// The token, `pat_…`.
    pub secret: SecretString,
    /// When it expires. `None`: never.
    pub expires_at: Option<Milliseconds>,
}

/// Tokens of users.
impl ManagementClient {
    /// Creates a subject token for a user. Check first that the caller may act for this user: the
    /// token gives all of the user's permissions.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn create_subject_token(&self, user_id: &str) -> Result<SubjectToken, ManagementError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Created {
            subject_token: String,
            expires_in: u64,
        }
        let created: Created = self.post(&["subject-tokens"], &json!({ "userId": user_id })).await?;
        Ok(SubjectToken {
            secret: created.subject_token.into(),
            expires: self.now().plus(created.expires_in),
        })
    }

    /// Creates a personal access token for a user. Show it once, and keep it nowhere.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ManagementErrorKind::Invalid) if the user has one with this name, and those of
    /// [`ManagementClient::get`].
    pub async fn create_personal_access_token(
        &self,
        user_id: &str,
        token: &NewPersonalAccessToken,
    ) -> Result<PersonalAccessToken, ManagementError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Created {
            name: String,
            value: String,
            expires_at: Option<Milliseconds>,
        }
        let mut body = json!({ "name": token.name });
        if let Some(at) = token.expires_at {
            body["expiresAt"] = Value::from(at.as_secs().saturating_mul(1000));
        }
        let created: Created = self.post(&["users", user_id, "personal-access-tokens"], &body).await?;
        Ok(PersonalAccessToken {
            name: created.name,
            secret: created.value.into(),
            expires_at: created.expires_at,
        })
    }

    /// Deletes a personal access token. An API that has exchanged it accepts it until the exchanged
    /// token expires, see [`PersonalAccessTokens::with_max_age`](crate::PersonalAccessTokens::with_max_age).
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn delete_personal_access_token(&self, user_id: &str, name: &str) -> Result<(), ManagementError> {
        self.delete(&["users", user_id, "personal-access-tokens", name]).await
    }
}
