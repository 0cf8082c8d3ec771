//! The factors of multi-factor authentication.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    client::{AccountClient, Call, secret, segment},
    error::AccountError,
    time,
    verification_record_id::VerificationRecordId,
};
use crate::{clock::Timestamp, scope::UserScope, secret::SecretString};

const SCOPES: &[UserScope] = &[UserScope::Identities];

/// A factor of the user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MfaFactor {
    /// Its id.
    pub id: String,
    /// The kind of factor.
    #[serde(rename = "type")]
    pub kind: MfaFactorKind,
    /// When it was added.
    #[serde(default, deserialize_with = "time::lenient")]
    pub created_at: Option<Timestamp>,
    /// The name that the user gave to a passkey.
    pub name: Option<String>,
    /// The browser or device of a passkey.
    pub agent: Option<String>,
    /// How many backup codes are unused.
    pub remain_codes: Option<u64>,
}

/// The kinds of factors.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum MfaFactorKind {
    /// An authenticator app (RFC 6238).
    Totp,
    /// A passkey.
    WebAuthn,
    /// Backup codes.
    BackupCode,
    /// Another one, by Logto's name.
    Other(String),
}

impl From<String> for MfaFactorKind {
    fn from(name: String) -> Self {
        match name.as_str() {
            "Totp" => Self::Totp,
            "WebAuthn" => Self::WebAuthn,
            "BackupCode" => Self::BackupCode,
            _ => Self::Other(name),
        }
    }
}

/// A factor to add.
#[derive(Clone, Debug)]
pub struct NewMfaFactor(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Totp {
        secret: SecretString,
        code: Option<String>,
    },
    BackupCodes(Vec<SecretString>),
    WebAuthn {
        record: VerificationRecordId,
        name: Option<String>,
    },
}

impl NewMfaFactor {
    /// An authenticator app, with the secret of
    /// [`generate_totp_secret`](AccountClient::generate_totp_secret) and a code that the app shows,
    /// which Logto checks.
    #[must_use]
    pub fn totp(secret: SecretString, code: impl Into<String>) -> Self {
        Self(Kind::Totp {
            secret,
            code: Some(code.into()),
        })
    }

    /// The codes of [`generate_backup_codes`](AccountClient::generate_backup_codes).
    #[must_use]
    pub fn backup_codes(codes: Vec<SecretString>) -> Self {
        Self(Kind::BackupCodes(codes))
    }

    /// A passkey, which [`finish_web_authn`](AccountClient::finish_web_authn) has verified.
    #[must_use]
    pub fn web_authn(record: VerificationRecordId) -> Self {
        Self(Kind::WebAuthn { record, name: None })
    }

    /// Sets the name of a passkey. Other factors have none.
    #[must_use]
    pub fn with_name(mut self, new: impl Into<String>) -> Self {
        if let Kind::WebAuthn { name, .. } = &mut self.0 {
            *name = Some(new.into());
        }
        self
    }

    /// Leaves the code of an authenticator app out, so that Logto does not check it.
    #[must_use]
    pub fn without_code(mut self) -> Self {
        if let Kind::Totp { code, .. } = &mut self.0 {
            *code = None;
        }
        self
    }

    fn body(&self) -> Value {
        let mut body = match &self.0 {
            Kind::Totp { secret: key, code } => json!({ "type": "Totp", "secret": secret(key), "code": code }),
            Kind::BackupCodes(codes) => {
                let codes: Vec<_> = codes.iter().map(secret).collect();
                json!({ "type": "BackupCode", "codes": codes })
            }
            Kind::WebAuthn { record, name } => json!({
                "type": "WebAuthn", "newIdentifierVerificationRecordId": record.as_str(), "name": name,
            }),
        };
        if let Some(body) = body.as_object_mut() {
            body.retain(|_, value| !value.is_null());
        }
        body
    }
}

impl AccountClient {
    /// Lists the user's factors.
    ///
    /// # Errors
    ///
    /// [`FieldNotEnabled`](super::AccountErrorKind::FieldNotEnabled) if the tenant hides them,
    /// [`MissingScope`](super::AccountErrorKind::MissingScope) without `identities`.
    pub async fn mfa_factors(&self) -> Result<Vec<MfaFactor>, AccountError> {
        let call = Call::get(&["my-account", "mfa-verifications"]);
        self.get(call.with_scopes(SCOPES), "the factors").await
    }

    /// Adds a factor.
    ///
    /// # Errors
    ///
    /// - [`AlreadyInUse`](super::AccountErrorKind::AlreadyInUse) for a second authenticator app;
    /// - [`InvalidCode`](super::AccountErrorKind::InvalidCode);
    /// - [`Invalid`](super::AccountErrorKind::Invalid) if the tenant does not offer this factor;
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired),
    ///   [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable), and
    ///   [`MissingScope`](super::AccountErrorKind::MissingScope) without `identities`.
    pub async fn add_mfa_factor(
        &self,
        factor: &NewMfaFactor,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let call = Call::post(&["my-account", "mfa-verifications"], factor.body());
        self.act(call.verified_by(Some(verification)).with_scopes(SCOPES)).await
    }

    /// Replaces the authenticator app.
    ///
    /// # Errors
    ///
    /// Like [`add_mfa_factor`](AccountClient::add_mfa_factor).
    pub async fn replace_totp(
        &self,
        new: &SecretString,
        code: &str,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let body = json!({ "secret": secret(new), "code": code });
        let call = Call::put(&["my-account", "mfa-verifications", "totp"], body);
        self.act(call.verified_by(Some(verification)).with_scopes(SCOPES)).await
    }

    /// Renames a passkey.
    ///
    /// # Errors
    ///
    /// [`NotFound`](super::AccountErrorKind::NotFound), and like
    /// [`add_mfa_factor`](AccountClient::add_mfa_factor).
    pub async fn rename_mfa_factor(
        &self,
        id: &str,
        name: &str,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let path = ["my-account", "mfa-verifications", segment(id)?, "name"];
        let call = Call::patch(&path, json!({ "name": name }));
        self.act(call.verified_by(Some(verification)).with_scopes(SCOPES)).await
    }

    /// Removes a factor.
    ///
    /// # Errors
    ///
    /// [`NotFound`](super::AccountErrorKind::NotFound), and like
    /// [`add_mfa_factor`](AccountClient::add_mfa_factor).
    pub async fn remove_mfa_factor(&self, id: &str, verification: &VerificationRecordId) -> Result<(), AccountError> {
        let path = ["my-account", "mfa-verifications", segment(id)?];
        let call = Call::delete(&path).verified_by(Some(verification));
        self.act(call.with_scopes(SCOPES)).await
    }

    /// Generates a secret for an authenticator app. Logto does not keep it: the app does, until it
    /// [adds the factor](AccountClient::add_mfa_factor).
    ///
    /// # Errors
    ///
    /// If the request fails, or Logto refuses it.
    pub async fn generate_totp_secret(&self) -> Result<SecretString, AccountError> {
        #[derive(Deserialize)]
        struct Generated {
            secret: String,
        }
        let path = ["my-account", "mfa-verifications", "totp-secret", "generate"];
        let generated: Generated = self.get(Call::post(&path, json!({})), "the secret").await?;
        Ok(generated.secret.into())
    }

    /// Generates ten backup codes. Logto does not keep them: the app does, until it
    /// [adds the factor](AccountClient::add_mfa_factor).
    ///
    /// # Errors
    ///
    /// If the request fails, or Logto refuses it.
    pub async fn generate_backup_codes(&self) -> Result<Vec<SecretString>, AccountError> {
        #[derive(Deserialize)]
        struct Generated {
            codes: Vec<String>,
        }
        let path = ["my-account", "mfa-verifications", "backup-codes", "generate"];
        let generated: Generated = self.get(Call::post(&path, json!({})), "the codes").await?;
        Ok(generated.codes.into_iter().map(SecretString::from).collect())
    }

    /// Whether the user skips the second factor at sign-ins.
    ///
    /// # Errors
    ///
    /// Like [`mfa_factors`](AccountClient::mfa_factors).
    pub async fn skips_mfa_on_sign_in(&self) -> Result<bool, AccountError> {
        let call = Call::get(&["my-account", "mfa-settings"]).with_scopes(SCOPES);
        let settings: MfaSettings = self.get(call, "the MFA settings").await?;
        Ok(settings.skip_mfa_on_sign_in)
    }

    /// Sets whether the user skips the second factor at sign-ins.
    ///
    /// # Errors
    ///
    /// [`VerificationRequired`](super::AccountErrorKind::VerificationRequired),
    /// [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable), and
    /// [`MissingScope`](super::AccountErrorKind::MissingScope) without `identities`.
    pub async fn set_skips_mfa_on_sign_in(
        &self,
        skips: bool,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let call = Call::patch(&["my-account", "mfa-settings"], json!({ "skipMfaOnSignIn": skips }));
        self.act(call.verified_by(Some(verification)).with_scopes(SCOPES)).await
    }

    /// Returns the settings that Logto's own pages keep for the user.
    ///
    /// # Errors
    ///
    /// Like [`mfa_factors`](AccountClient::mfa_factors).
    pub async fn logto_configs(&self) -> Result<Map<String, Value>, AccountError> {
        let call = Call::get(&["my-account", "logto-configs"]).with_scopes(SCOPES);
        self.get(call, "Logto's settings of the user").await
    }

    /// Changes the settings that Logto's own pages keep for the user, and returns them.
    ///
    /// # Errors
    ///
    /// Like [`set_skips_mfa_on_sign_in`](AccountClient::set_skips_mfa_on_sign_in).
    pub async fn update_logto_configs(
        &self,
        settings: Map<String, Value>,
        verification: &VerificationRecordId,
    ) -> Result<Map<String, Value>, AccountError> {
        let call = Call::patch(&["my-account", "logto-configs"], Value::Object(settings));
        let call = call.verified_by(Some(verification)).with_scopes(SCOPES);
        self.get(call, "Logto's settings of the user").await
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MfaSettings {
    skip_mfa_on_sign_in: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_factor_has_only_the_fields_of_its_kind() {
        assert_eq!(
            NewMfaFactor::totp("KEY".into(), "123456").with_name("x").body(),
            json!({ "type": "Totp", "secret": "KEY", "code": "123456" })
        );
        assert_eq!(
            NewMfaFactor::totp("KEY".into(), "123456").without_code().body(),
            json!({ "type": "Totp", "secret": "KEY" })
        );
        assert_eq!(
            NewMfaFactor::backup_codes(vec!["a".into(), "b".into()]).body(),
            json!({ "type": "BackupCode", "codes": ["a", "b"] })
        );
        let passkey = NewMfaFactor::web_authn(VerificationRecordId::new("v1"));
        assert_eq!(
            passkey.clone().body(),
            json!({ "type": "WebAuthn", "newIdentifierVerificationRecordId": "v1" })
        );
        assert_eq!(passkey.with_name("Laptop").body()["name"], "Laptop");
    }

    #[test]
    fn debug_output_hides_the_secrets_of_factors() {
        for factor in [
            NewMfaFactor::totp("s3cret".into(), "1"),
            NewMfaFactor::backup_codes(vec!["s3cret".into()]),
        ] {
            assert!(!format!("{factor:?}").contains("s3cret"));
        }
    }

    #[test]
    fn a_factor_of_an_unknown_kind_is_listed() {
        let factor: MfaFactor = serde_json::from_value(json!({
            "id": "f1", "type": "Telepathy", "createdAt": "2024-01-15T09:30:00.000Z", "x": 1,
        }))
        .unwrap();
        assert_eq!(factor.kind, MfaFactorKind::Other("Telepathy".to_owned()));
        assert_eq!(factor.created_at, Some(Timestamp::from_secs(1_705_311_000)));
    }
}
