//! The password.

use serde_json::json;

use super::{
    client::{AccountClient, Call, secret},
    error::AccountError,
    verification_record_id::VerificationRecordId,
};
use crate::secret::SecretString;

impl AccountClient {
    /// Sets the password. The session of this app, and its refresh token, stay valid.
    ///
    /// A user without password, email address and phone number needs no verification record
    /// (`None`).
    ///
    /// # Errors
    ///
    /// - [`PasswordPolicy`](super::AccountErrorKind::PasswordPolicy) if the tenant's policy rejects
    ///   the password;
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired);
    /// - [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable) if the tenant does not let
    ///   users change the password.
    pub async fn set_password<'a>(
        &self,
        password: &SecretString,
        verification: impl Into<Option<&'a VerificationRecordId>>,
    ) -> Result<(), AccountError> {
        let body = json!({ "password": secret(password) });
        self.act(Call::post(&["my-account", "password"], body).verified_by(verification.into()))
            .await
    }
}
