//! Verification records: the proofs that sensitive calls need.

use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    client::{AccountClient, Call, secret},
    error::AccountError,
    time,
    verification_record_id::VerificationRecordId,
};
use crate::{clock::Timestamp, secret::SecretString};

/// A verification record. A code, a social account or a passkey has to be verified before a call
/// accepts it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VerificationRecord {
    /// Its id.
    #[serde(rename = "verificationRecordId")]
    pub id: VerificationRecordId,
    /// When it expires.
    #[serde(default, deserialize_with = "time::lenient")]
    pub expires_at: Option<Timestamp>,
}

/// An email address or phone number that a code is sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountIdentifier {
    /// An email address.
    Email(String),
    /// A phone number: digits with the country's code.
    Phone(String),
}

impl AccountIdentifier {
    fn body(&self) -> Value {
        match self {
            Self::Email(value) => json!({ "type": "email", "value": value }),
            Self::Phone(value) => json!({ "type": "phone", "value": value }),
        }
    }
}

/// A social connector whose account the user wants to link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocialVerification {
    connector_id: String,
    redirect_uri: String,
    state: String,
    scope: Option<String>,
}

impl SocialVerification {
    /// Creates one for a connector, by its id. The connector redirects to `redirect_uri`, with
    /// `state`, which the app has to compare.
    #[must_use]
    pub fn new(connector_id: impl Into<String>, redirect_uri: impl Into<String>, state: impl Into<String>) -> Self {
        Self {
            connector_id: connector_id.into(),
            redirect_uri: redirect_uri.into(),
            state: state.into(),
            scope: None,
        }
    }

    /// Sets the scopes to ask the connector for, in the connector's own notation.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }
}

/// A social verification that has started: the browser goes to the connector.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SocialStart {
    /// The record, for [`finish_social`](AccountClient::finish_social).
    #[serde(flatten)]
    pub record: VerificationRecord,
    /// The connector's page.
    pub authorization_uri: String,
}

/// A passkey registration that has started.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebAuthnRegistration {
    /// The record, for [`finish_web_authn`](AccountClient::finish_web_authn).
    #[serde(flatten)]
    pub record: VerificationRecord,
    /// The options of `navigator.credentials.create` (Web Authentication §5.4), for the browser.
    pub registration_options: Value,
}

impl AccountClient {
    /// Checks the user's password.
    ///
    /// # Errors
    ///
    /// - [`InvalidCredentials`](super::AccountErrorKind::InvalidCredentials) if it is wrong;
    /// - [`RateLimited`](super::AccountErrorKind::RateLimited) after too many attempts;
    /// - [`ThirdPartyApp`](super::AccountErrorKind::ThirdPartyApp).
    pub async fn verify_password(&self, password: &SecretString) -> Result<VerificationRecord, AccountError> {
        let body = json!({ "password": secret(password) });
        self.record(Call::post(&["verifications", "password"], body)).await
    }

    /// Sends a code to an email address or phone number. [`verify_code`](AccountClient::verify_code)
    /// completes the record.
    ///
    /// Before Logto 1.41, a code proves only the possession of a new address or number: sensitive
    /// calls need a password.
    ///
    /// # Errors
    ///
    /// - [`ConnectorMissing`](super::AccountErrorKind::ConnectorMissing) if the tenant cannot send
    ///   it;
    /// - [`RateLimited`](super::AccountErrorKind::RateLimited) after too many codes.
    pub async fn send_code(&self, to: &AccountIdentifier) -> Result<VerificationRecord, AccountError> {
        let body = json!({ "identifier": to.body() });
        self.record(Call::post(&["verifications", "verification-code"], body))
            .await
    }

    /// Checks a code that was sent to `to`.
    ///
    /// # Errors
    ///
    /// [`InvalidCode`](super::AccountErrorKind::InvalidCode) if it is wrong or has expired.
    pub async fn verify_code(
        &self,
        to: &AccountIdentifier,
        record: &VerificationRecordId,
        code: &str,
    ) -> Result<VerificationRecordId, AccountError> {
        let body = json!({ "identifier": to.body(), "verificationId": record.as_str(), "code": code });
        let path = ["verifications", "verification-code", "verify"];
        Ok(self.record(Call::post(&path, body)).await?.id)
    }

    /// Starts the verification of an account at a social connector.
    ///
    /// # Errors
    ///
    /// [`NotFound`](super::AccountErrorKind::NotFound) if the tenant has no such connector.
    pub async fn start_social(&self, social: &SocialVerification) -> Result<SocialStart, AccountError> {
        let mut body = json!({
            "connectorId": social.connector_id, "redirectUri": social.redirect_uri, "state": social.state,
        });
        if let Some(scope) = &social.scope {
            body["scope"] = json!(scope);
        }
        self.get(
            Call::post(&["verifications", "social"], body),
            "the verification record",
        )
        .await
    }

    /// Finishes the verification of an account at a social connector, with the parameters of its
    /// callback.
    ///
    /// # Errors
    ///
    /// If the connector does not confirm them, or the record is unknown.
    pub async fn finish_social(
        &self,
        record: &VerificationRecordId,
        callback: Map<String, Value>,
    ) -> Result<VerificationRecordId, AccountError> {
        let body = json!({ "verificationRecordId": record.as_str(), "connectorData": callback });
        let path = ["verifications", "social", "verify"];
        Ok(self.record(Call::post(&path, body)).await?.id)
    }

    /// Starts the registration of a passkey (since 1.29).
    ///
    /// # Errors
    ///
    /// If the request fails, or Logto refuses it.
    pub async fn start_web_authn(&self) -> Result<WebAuthnRegistration, AccountError> {
        let path = ["verifications", "web-authn", "registration"];
        self.get(Call::new(Method::POST, &path), "the verification record")
            .await
    }

    /// Finishes the registration of a passkey with the browser's answer. Then
    /// [`add_mfa_factor`](AccountClient::add_mfa_factor) adds it.
    ///
    /// # Errors
    ///
    /// If Logto rejects the passkey, or the record is unknown.
    pub async fn finish_web_authn(
        &self,
        record: &VerificationRecordId,
        payload: Value,
    ) -> Result<VerificationRecordId, AccountError> {
        let body = json!({ "verificationRecordId": record.as_str(), "payload": payload });
        let path = ["verifications", "web-authn", "registration", "verify"];
        Ok(self.record(Call::post(&path, body)).await?.id)
    }

    async fn record(&self, call: Call<'_>) -> Result<VerificationRecord, AccountError> {
        self.get(call, "the verification record").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_id() {
        let record: VerificationRecord = serde_json::from_value(
            json!({ "verificationRecordId": "s3cret", "expiresAt": "2024-01-15T09:30:00.000Z", "x": 1 }),
        )
        .unwrap();
        assert!(!format!("{record:?}").contains("s3cret"));
        assert_eq!(record.expires_at, Some(Timestamp::from_secs(1_705_311_000)));
    }

    #[test]
    fn a_record_of_a_social_account_has_the_connectors_page() {
        let start: SocialStart = serde_json::from_value(
            json!({ "verificationRecordId": "v1", "authorizationUri": "https://github.com/login", "expiresAt": null }),
        )
        .unwrap();
        assert_eq!(start.record.id.as_str(), "v1");
        assert_eq!(start.authorization_uri, "https://github.com/login");
    }
}
