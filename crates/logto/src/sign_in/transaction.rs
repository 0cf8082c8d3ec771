//! The state of a sign-in between the authorization request and its callback.

use logto_requirements::Acr;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    secret::{ExposeSecret as _, SecretString},
};

/// A sign-in in progress: the secrets and constraints of the authorization request, which the
/// callback checks.
///
/// Keep it sealed, use it once, and delete it with the callback.
#[derive(Clone, Debug)]
pub struct SignInTransaction {
    pub(crate) issuer: String,
    pub(crate) app_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: SecretString,
    pub(crate) nonce: SecretString,
    pub(crate) verifier: SecretString,
    pub(crate) max_age: Option<u64>,
    /// The classes that the authentication may reach. Empty if the sign-in demands none.
    pub(crate) acr_values: Vec<Acr>,
    /// Whether the user has to enter credentials: `prompt=login`.
    pub(crate) reauthenticate: bool,
    /// Whether the user never asked for this sign-in, so that a failure must not disturb them.
    pub(crate) silent: bool,
    pub(crate) post_redirect: Option<String>,
    /// The email address of a magic link.
    pub(crate) link_email: Option<String>,
    pub(crate) started: Timestamp,
    pub(crate) expires: Timestamp,
}

impl SignInTransaction {
    /// The `state`, which identifies the callback of this transaction.
    #[must_use]
    pub fn state(&self) -> &SecretString {
        &self.state
    }

    /// The page to open after the callback. Parse it as a same-origin path before use.
    #[must_use]
    pub fn post_redirect(&self) -> Option<&str> {
        self.post_redirect.as_deref()
    }

    /// Whether the sign-in was silent ([`SignInOptions::silent`](super::SignInOptions::silent)).
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.silent
    }

    /// The email address of the user whom a magic link is for: the `login_hint` beside a one-time
    /// token. Logto may return another user, who is signed in there.
    #[must_use]
    pub fn link_email(&self) -> Option<&str> {
        self.link_email.as_deref()
    }

    /// When the sign-in was started.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// When the transaction expires.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Serializes the transaction. The bytes contain its secrets: seal them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let dto: TransactionDto<&str> = TransactionDto {
            issuer: &self.issuer,
            app_id: &self.app_id,
            redirect_uri: &self.redirect_uri,
            state: self.state.expose_secret(),
            nonce: self.nonce.expose_secret(),
            verifier: self.verifier.expose_secret(),
            max_age: self.max_age,
            acr_values: self.acr_values.clone(),
            reauthenticate: self.reauthenticate,
            silent: self.silent,
            post_redirect: self.post_redirect.as_deref(),
            link_email: self.link_email.as_deref(),
            started: self.started,
            expires: self.expires,
        };
        serde_json::to_vec(&dto).unwrap_or_default()
    }

    /// Deserializes the bytes of [`SignInTransaction::to_bytes`]. `None` if they are invalid.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let dto: TransactionDto<std::borrow::Cow<'_, str>> = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            issuer: dto.issuer.into_owned(),
            app_id: dto.app_id.into_owned(),
            redirect_uri: dto.redirect_uri.into_owned(),
            state: dto.state.into_owned().into(),
            nonce: dto.nonce.into_owned().into(),
            verifier: dto.verifier.into_owned().into(),
            max_age: dto.max_age,
            acr_values: dto.acr_values,
            reauthenticate: dto.reauthenticate,
            silent: dto.silent,
            post_redirect: dto.post_redirect.map(std::borrow::Cow::into_owned),
            link_email: dto.link_email.map(std::borrow::Cow::into_owned),
            started: dto.started,
            expires: dto.expires,
        })
    }
}

/// The serialized form. It is private, so that only the sealed cookie contains these secrets.
#[derive(Serialize, Deserialize)]
struct TransactionDto<T> {
    issuer: T,
    app_id: T,
    redirect_uri: T,
    state: T,
    nonce: T,
    verifier: T,
    max_age: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    acr_values: Vec<Acr>,
    reauthenticate: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    silent: bool,
    post_redirect: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link_email: Option<T>,
    started: Timestamp,
    expires: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_survives_serialization_and_debug_output_hides_its_secrets() {
        let transaction = SignInTransaction {
            issuer: "https://a/oidc".into(),
            app_id: "app".into(),
            redirect_uri: "https://b/callback".into(),
            state: "st4te".into(),
            nonce: "n0nce".into(),
            verifier: "v3rifier".into(),
            max_age: Some(5),
            acr_values: vec![Acr::Mfa],
            reauthenticate: true,
            silent: true,
            link_email: Some("ada@example.com".into()),
            post_redirect: Some("/päge \"quoted\"".into()),
            started: Timestamp::from_secs(9),
            expires: Timestamp::from_secs(609),
        };
        let read = SignInTransaction::from_bytes(&transaction.to_bytes()).unwrap();
        assert_eq!(read.state().expose_secret(), "st4te");
        assert_eq!(read.verifier.expose_secret(), "v3rifier");
        assert_eq!((read.max_age, read.reauthenticate), (Some(5), true));
        assert!(read.is_silent());
        assert_eq!(read.acr_values, [Acr::Mfa]);
        assert_eq!(read.post_redirect(), Some("/päge \"quoted\""));
        assert_eq!(read.started(), Timestamp::from_secs(9));
        assert_eq!(read.expires(), Timestamp::from_secs(609));
        let debug = format!("{read:?}");
        assert!(
            ["st4te", "n0nce", "v3rifier"]
                .iter()
                .all(|secret| !debug.contains(secret)),
            "{debug}"
        );
        assert!(SignInTransaction::from_bytes(b"{}").is_none());
    }
}
