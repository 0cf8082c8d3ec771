//! Identities of social and enterprise connectors, and their tokens in the secret vault.

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    client::{AccountClient, Call, segment},
    error::AccountError,
    verification_record_id::VerificationRecordId,
};
use crate::{scope::UserScope, secret::SecretString};

const SCOPES: &[UserScope] = &[UserScope::Identities];

/// An identity of a social connector.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SocialIdentity {
    /// The user's id at the connector.
    pub user_id: String,
    /// The user's data at the connector.
    pub details: Option<Value>,
}

/// A connector's access token, from the secret vault. It is a secret of the user's other account.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ConnectorToken {
    /// The token.
    #[serde(rename = "access_token", deserialize_with = "into_secret")]
    pub secret: SecretString,
    /// Its scopes, as the connector writes them.
    pub scope: Option<String>,
    /// Its type, usually `Bearer`.
    pub token_type: Option<String>,
    /// How long it is valid.
    #[serde(default, rename = "expires_in", deserialize_with = "seconds")]
    pub expires_in: Option<Duration>,
}

fn into_secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_u64().map(Duration::from_secs))
}

impl AccountClient {
    /// Links an account of a social connector, which [`finish_social`](AccountClient::finish_social)
    /// has verified.
    ///
    /// A user without password, email address and phone number needs no verification record
    /// (`None`).
    ///
    /// # Errors
    ///
    /// - [`AlreadyInUse`](super::AccountErrorKind::AlreadyInUse) if another user has linked it;
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired),
    ///   [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable), and
    ///   [`MissingScope`](super::AccountErrorKind::MissingScope) without `identities`.
    pub async fn add_identity<'a>(
        &self,
        new: &VerificationRecordId,
        verification: impl Into<Option<&'a VerificationRecordId>>,
    ) -> Result<(), AccountError> {
        self.link(Method::POST, new, verification.into()).await
    }

    /// Links an account of a social connector in place of the one that is linked.
    ///
    /// # Errors
    ///
    /// Like [`add_identity`](AccountClient::add_identity).
    pub async fn replace_identity<'a>(
        &self,
        new: &VerificationRecordId,
        verification: impl Into<Option<&'a VerificationRecordId>>,
    ) -> Result<(), AccountError> {
        self.link(Method::PUT, new, verification.into()).await
    }

    async fn link(
        &self,
        method: Method,
        new: &VerificationRecordId,
        verification: Option<&VerificationRecordId>,
    ) -> Result<(), AccountError> {
        let body = json!({ "newIdentifierVerificationRecordId": new.as_str() });
        let path = &["my-account", "identities"];
        let call = match method {
            Method::PUT => Call::put(path, body),
            _ => Call::post(path, body),
        };
        self.act(call.verified_by(verification).with_scopes(SCOPES)).await
    }

    /// Unlinks the account of a connector, by its target such as `github`.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](super::AccountErrorKind::NotFound) if none is linked;
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired),
    ///   [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable), and
    ///   [`MissingScope`](super::AccountErrorKind::MissingScope) without `identities`.
    pub async fn remove_identity(&self, target: &str, verification: &VerificationRecordId) -> Result<(), AccountError> {
        let path = ["my-account", "identities", segment(target)?];
        let call = Call::delete(&path).verified_by(Some(verification));
        self.act(call.with_scopes(SCOPES)).await
    }

    /// Returns the access token of a social connector, from Logto's secret vault (since 1.30).
    ///
    /// # Errors
    ///
    /// [`NotFound`](super::AccountErrorKind::NotFound) if the vault has none,
    /// [`ConnectorTokenExpired`](super::AccountErrorKind::ConnectorTokenExpired).
    pub async fn identity_token(&self, target: &str) -> Result<ConnectorToken, AccountError> {
        let path = ["my-account", "identities", segment(target)?, "access-token"];
        self.get(Call::get(&path).with_scopes(SCOPES), "the connector's token")
            .await
    }

    /// Returns the access token of an enterprise connector, from Logto's secret vault (since 1.30).
    ///
    /// # Errors
    ///
    /// Like [`identity_token`](AccountClient::identity_token).
    pub async fn sso_identity_token(&self, connector_id: &str) -> Result<ConnectorToken, AccountError> {
        let path = ["my-account", "sso-identities", segment(connector_id)?, "access-token"];
        self.get(Call::get(&path).with_scopes(SCOPES), "the connector's token")
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_a_connectors_token() {
        let token: ConnectorToken =
            serde_json::from_value(json!({ "access_token": "s3cret", "expires_in": 60, "more": 1 })).unwrap();
        assert!(!format!("{token:?}").contains("s3cret"));
        assert_eq!(token.expires_in, Some(Duration::from_secs(60)));
    }
}
