//! The provider's signing keys (RFC 7517).

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, crypto::aws_lc::DEFAULT_PROVIDER, dangerous::insecure_decode_claims, jwk::Jwk,
};
use openidconnect::core::CoreJsonWebKeySet;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    client::LogtoClient,
    error::{DiscoveryError, RequestError},
};

/// The keys in the two forms they are used in: the set for ID tokens, single keys for access and logout tokens.
pub(crate) struct Jwks {
    pub(crate) set: CoreJsonWebKeySet,
    keys: Vec<SigningKey>,
}

struct SigningKey {
    kid: Option<String>,
    key: DecodingKey,
}

/// Why nothing proves that the provider signed a token.
pub(crate) enum Unproved {
    /// Its keys cannot be had.
    Keys(DiscoveryError),
    /// None of its keys is meant.
    UnknownKey,
    /// The key that is meant did not sign this.
    Signature,
}

impl Jwks {
    fn parse(body: &[u8]) -> Result<Self, RequestError> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let invalid = |_| RequestError::InvalidResponse("the key set");
        let document: Document = serde_json::from_slice(body).map_err(invalid)?;
        // A key of a kind that is not known here is passed over (RFC 7517 §5), it does not spoil the others.
        let keys = document.keys.into_iter().filter_map(SigningKey::parse).collect();
        Ok(Self {
            set: serde_json::from_slice(body).map_err(invalid)?,
            keys,
        })
    }

    /// The key named by a JWT's header; without a name, the only key there is (OIDC Core §10.1).
    fn find(&self, kid: Option<&str>) -> Option<&SigningKey> {
        match (kid, self.keys.as_slice()) {
            (Some(kid), keys) => keys.iter().find(|key| key.kid.as_deref() == Some(kid)),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

impl SigningKey {
    fn parse(value: serde_json::Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let for_signatures = !matches!(
            jwk.common.public_key_use,
            Some(jsonwebtoken::jwk::PublicKeyUse::Encryption)
        );
        let asymmetric = !matches!(jwk.algorithm, jsonwebtoken::jwk::AlgorithmParameters::OctetKey(_));
        (for_signatures && asymmetric)
            .then(|| DecodingKey::from_jwk(&jwk).ok())?
            .map(|key| Self {
                kid: jwk.common.key_id,
                key,
            })
    }

    /// Only the signature is the library's part: it judges times by the system's clock, we by ours. The crypto provider is named: `decode`
    /// takes that of the process, and panics if there is none and another crate enables a second one.
    fn claims<T: DeserializeOwned>(&self, token: &str, algorithm: Algorithm) -> Result<T, Unproved> {
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&algorithm, &self.key).map_err(|_| Unproved::Signature)?;
        let (message, signature) = token.rsplit_once('.').ok_or(Unproved::Signature)?;
        let signature = BASE64_URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| Unproved::Signature)?;
        verifier
            .verify(message.as_bytes(), &signature)
            .map_err(|_| Unproved::Signature)?;
        insecure_decode_claims(token).map_err(|_| Unproved::Signature)
    }
}

impl LogtoClient {
    /// What a JWT with this `kid` and `alg` in its header says, if the provider signed it. When it names a key that is not known, the
    /// keys are fetched again first.
    pub(crate) async fn signed_claims<T: DeserializeOwned>(
        &self,
        token: &str,
        kid: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<T, Unproved> {
        let jwks = self.jwks().await.map_err(Unproved::Keys)?;
        if let Some(known) = jwks.find(kid) {
            return known.claims(token, algorithm);
        }
        let newer = self.jwks_after_unknown_key(&jwks).await.map_err(Unproved::Keys)?;
        newer.find(kid).ok_or(Unproved::UnknownKey)?.claims(token, algorithm)
    }

    /// The keys, cached as [`LogtoClient::metadata`] is.
    pub(crate) async fn jwks(&self) -> Result<Arc<Jwks>, DiscoveryError> {
        let client = self.clone();
        self.shared
            .jwks
            .get(self.now(), self.config().metadata_lifetime(), || async move {
                client.fetch_jwks().await
            })
            .await
    }

    /// The keys after a token named one that is not in `known`: fetched again, at most once in a cool-down.
    pub(crate) async fn jwks_after_unknown_key(&self, known: &Arc<Jwks>) -> Result<Arc<Jwks>, DiscoveryError> {
        let client = self.clone();
        self.shared
            .jwks
            .newer_than(known, self.now(), || async move { client.fetch_jwks().await })
            .await
    }

    async fn fetch_jwks(&self) -> Result<Jwks, DiscoveryError> {
        let metadata = self.metadata().await?;
        Ok(Jwks::parse(&self.fetch(metadata.jwks_uri.as_str()).await?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_an_unknown_kind_does_not_spoil_the_set() {
        let jwks = Jwks::parse(
            br#"{"keys":[{"kty":"AKP","alg":"ML-DSA-44","pub":"AA","kid":"new"},
            {"kty":"oct","k":"c2VjcmV0","kid":"shared"},
            {"kty":"RSA","n":"sXchAw","e":"AQAB","kid":"rsa"}]}"#,
        )
        .unwrap();
        assert!(jwks.find(Some("rsa")).is_some());
        assert!(jwks.find(Some("new")).is_none());
        assert!(
            jwks.find(Some("shared")).is_none(),
            "a shared secret is no signing key of a provider"
        );
        assert!(jwks.find(None).is_some(), "without a name the only key is taken");
    }

    #[test]
    fn rejects_what_is_no_key_set() {
        assert!(Jwks::parse(b"{}").is_err());
        assert!(Jwks::parse(b"<html>").is_err());
    }
}
