//! The identifiers: username, email address, phone number.

use serde_json::{Value, json};

use super::{
    client::{AccountClient, Call},
    error::AccountError,
    verification_record_id::VerificationRecordId,
};
use crate::scope::UserScope;

/// A new email address or phone number, with the record that proves its possession
/// ([`verify_code`](AccountClient::verify_code)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedIdentifier {
    value: String,
    record: VerificationRecordId,
}

impl VerifiedIdentifier {
    /// Creates one from the address or number, and the record of the code that was sent to it.
    #[must_use]
    pub fn new(value: impl Into<String>, record: VerificationRecordId) -> Self {
        Self {
            value: value.into(),
            record,
        }
    }

    fn body(&self, name: &str) -> Value {
        json!({ name: self.value, "newIdentifierVerificationRecordId": self.record.as_str() })
    }
}

impl AccountClient {
    /// Sets the username.
    ///
    /// # Errors
    ///
    /// - [`AlreadyInUse`](super::AccountErrorKind::AlreadyInUse) if another user has it;
    /// - [`Invalid`](super::AccountErrorKind::Invalid) if it has other characters than letters,
    ///   digits and `_`, or begins with a digit;
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired),
    ///   [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable).
    pub async fn set_username(&self, username: &str, verification: &VerificationRecordId) -> Result<(), AccountError> {
        self.patch_username(json!(username), verification).await
    }

    /// Removes the username.
    ///
    /// # Errors
    ///
    /// Like [`set_username`](AccountClient::set_username). Logto also refuses to remove the user's
    /// last identifier.
    pub async fn remove_username(&self, verification: &VerificationRecordId) -> Result<(), AccountError> {
        self.patch_username(Value::Null, verification).await
    }

    async fn patch_username(&self, username: Value, verification: &VerificationRecordId) -> Result<(), AccountError> {
        let call = Call::patch(&["my-account"], json!({ "username": username }));
        self.act(call.verified_by(Some(verification)).with_scopes(&[UserScope::Profile]))
            .await
    }

    /// Sets the email address.
    ///
    /// # Errors
    ///
    /// - [`AlreadyInUse`](super::AccountErrorKind::AlreadyInUse) if another user has it;
    /// - [`NotFound`](super::AccountErrorKind::NotFound) if the record of the new address is
    ///   unknown;
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired),
    ///   [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable), and
    ///   [`MissingScope`](super::AccountErrorKind::MissingScope) without `email`.
    pub async fn set_email(
        &self,
        email: &VerifiedIdentifier,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let call = Call::post(&["my-account", "primary-email"], email.body("email"));
        self.act(call.verified_by(Some(verification)).with_scopes(&[UserScope::Email]))
            .await
    }

    /// Removes the email address.
    ///
    /// # Errors
    ///
    /// Like [`set_email`](AccountClient::set_email). Logto also refuses to remove an identifier that
    /// the tenant requires.
    pub async fn remove_email(&self, verification: &VerificationRecordId) -> Result<(), AccountError> {
        let call = Call::delete(&["my-account", "primary-email"]);
        self.act(call.verified_by(Some(verification)).with_scopes(&[UserScope::Email]))
            .await
    }

    /// Sets the phone number, in digits with the country's code.
    ///
    /// # Errors
    ///
    /// Like [`set_email`](AccountClient::set_email), with the scope `phone`.
    pub async fn set_phone(
        &self,
        phone: &VerifiedIdentifier,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let call = Call::post(&["my-account", "primary-phone"], phone.body("phone"));
        self.act(call.verified_by(Some(verification)).with_scopes(&[UserScope::Phone]))
            .await
    }

    /// Removes the phone number.
    ///
    /// # Errors
    ///
    /// Like [`remove_email`](AccountClient::remove_email), with the scope `phone`.
    pub async fn remove_phone(&self, verification: &VerificationRecordId) -> Result<(), AccountError> {
        let call = Call::delete(&["my-account", "primary-phone"]);
        self.act(call.verified_by(Some(verification)).with_scopes(&[UserScope::Phone]))
            .await
    }
}
