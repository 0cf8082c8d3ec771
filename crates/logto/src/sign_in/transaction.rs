//! What has to be remembered between the authorization request and its callback.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    secret::{ExposeSecret as _, SecretString},
};

/// One sign-in under way: every secret and every constraint of the authorization request, to be
/// checked on return. It is kept sealed, used once, and dies with the callback.
#[derive(Clone, Debug)]
pub struct SignInTransaction {
    pub(crate) issuer: String,
    pub(crate) app_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: SecretString,
    pub(crate) nonce: SecretString,
    pub(crate) verifier: SecretString,
    pub(crate) max_age: Option<u64>,
    /// Credentials were to be typed anew: `prompt=login`.
    pub(crate) reauthenticate: bool,
    pub(crate) post_redirect: Option<String>,
    pub(crate) started: Timestamp,
    pub(crate) expires: Timestamp,
}

impl SignInTransaction {
    /// The `state` that was sent; the callback that brings it back belongs to this transaction.
    #[must_use]
    pub fn state(&self) -> &SecretString {
        &self.state
    }

    /// Where the user wanted to go. Text from a sealed cookie: parse it as a same-origin path
    /// before use.
    #[must_use]
    pub fn post_redirect(&self) -> Option<&str> {
        self.post_redirect.as_deref()
    }

    /// When the sign-in is no longer accepted.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// The transaction as bytes, to be sealed: they hold its secrets.
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
            reauthenticate: self.reauthenticate,
            post_redirect: self.post_redirect.as_deref(),
            started: self.started,
            expires: self.expires,
        };
        serde_json::to_vec(&dto).unwrap_or_default()
    }

    /// Reads what [`SignInTransaction::to_bytes`] wrote, after it was unsealed. `None` for anything
    /// else.
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
            reauthenticate: dto.reauthenticate,
            post_redirect: dto.post_redirect.map(std::borrow::Cow::into_owned),
            started: dto.started,
            expires: dto.expires,
        })
    }
}

/// The form in the sealed cookie. Private: nothing else may serialize these secrets.
#[derive(Serialize, Deserialize)]
struct TransactionDto<T> {
    issuer: T,
    app_id: T,
    redirect_uri: T,
    state: T,
    nonce: T,
    verifier: T,
    max_age: Option<u64>,
    reauthenticate: bool,
    post_redirect: Option<T>,
    started: Timestamp,
    expires: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_reads_back_and_its_secrets_are_not_in_its_debug_output() {
        let transaction = SignInTransaction {
            issuer: "https://a/oidc".into(),
            app_id: "app".into(),
            redirect_uri: "https://b/callback".into(),
            state: "st4te".into(),
            nonce: "n0nce".into(),
            verifier: "v3rifier".into(),
            max_age: Some(5),
            reauthenticate: true,
            post_redirect: Some("/päge \"quoted\"".into()),
            started: Timestamp::from_secs(9),
            expires: Timestamp::from_secs(609),
        };
        let read = SignInTransaction::from_bytes(&transaction.to_bytes()).unwrap();
        assert_eq!(read.state().expose_secret(), "st4te");
        assert_eq!(read.verifier.expose_secret(), "v3rifier");
        assert_eq!((read.max_age, read.reauthenticate), (Some(5), true));
        assert_eq!(read.post_redirect(), Some("/päge \"quoted\""));
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
