//! The provider's signing keys (RFC 7517).

use std::sync::Arc;

use openidconnect::JsonWebKeySet;

use crate::{
    client::LogtoClient,
    error::{DiscoveryError, RequestError},
    jws::{JwsHeader, signed_parts},
    signing_algorithm::SigningAlgorithm,
    signing_key::SigningKey,
};

/// The key set, for tokens of every kind. A key of an unknown kind is passed over (RFC 7517 §5), it
/// does not spoil the others.
pub(crate) struct Jwks {
    pub(crate) set: JsonWebKeySet<SigningKey>,
}

/// Why nothing proves that the provider signed a token.
pub(crate) enum Unproved {
    /// The provider's metadata or keys are unavailable.
    Keys(DiscoveryError),
    /// The algorithm is not in the provider's metadata, or not accepted here.
    Algorithm,
    /// No key has the `kid`.
    UnknownKey,
    /// The key that `kid` names did not make the signature.
    Signature,
}

impl Jwks {
    fn parse(body: &[u8]) -> Result<Self, RequestError> {
        let set = serde_json::from_slice(body).map_err(|_| RequestError::InvalidResponse("the key set"))?;
        Ok(Self { set })
    }

    /// The key named by a JWT's header; without a name, the only key there is (OIDC Core §10.1).
    /// Keys of different types may share a name (RFC 7517 §4.5), so the algorithm has to fit too.
    fn find(&self, kid: Option<&str>, algorithm: SigningAlgorithm) -> Option<&SigningKey> {
        match (kid, self.set.keys().as_slice()) {
            (Some(kid), keys) => keys.iter().find(|key| key.kid() == Some(kid) && key.is_for(algorithm)),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

impl LogtoClient {
    /// Verifies that the provider signed `token`, with an algorithm that its metadata name. An
    /// algorithm or a key that is not known makes this client fetch metadata or keys again, at most
    /// once in a cool-down.
    pub(crate) async fn verify_signature(&self, token: &str, header: &JwsHeader) -> Result<(), Unproved> {
        let algorithm = SigningAlgorithm::from_name(&header.alg).ok_or(Unproved::Algorithm)?;
        let (message, signature) = signed_parts(token).ok_or(Unproved::Signature)?;
        if !self.signs_with(algorithm).await.map_err(Unproved::Keys)? {
            return Err(Unproved::Algorithm);
        }
        let verify = |key: &SigningKey| {
            let verified = key.verifies(algorithm, message, &signature);
            verified.then_some(()).ok_or(Unproved::Signature)
        };
        let kid = header.kid.as_deref();
        let jwks = self.jwks().await.map_err(Unproved::Keys)?;
        if let Some(known) = jwks.find(kid, algorithm) {
            return verify(known);
        }
        let newer = self.jwks_after_unknown_key(&jwks).await.map_err(Unproved::Keys)?;
        verify(newer.find(kid, algorithm).ok_or(Unproved::UnknownKey)?)
    }

    async fn signs_with(&self, algorithm: SigningAlgorithm) -> Result<bool, DiscoveryError> {
        let metadata = self.metadata().await?;
        if metadata.signs_with(algorithm) {
            return Ok(true);
        }
        let newer = self.metadata_after_unknown_algorithm(&metadata).await?;
        Ok(newer.signs_with(algorithm))
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

    /// The keys after a token named one that is not in `known`: fetched again, at most once in a
    /// cool-down.
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
            {"kty":"EC","crv":"secp256k1","x":"AA","y":"AA","kid":"bitcoin"},
            {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
             "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"good"}]}"#,
        )
        .unwrap();
        assert!(jwks.find(Some("good"), SigningAlgorithm::Es256).is_some());
        assert!(jwks.find(Some("bitcoin"), SigningAlgorithm::Es256).is_none());
        assert!(jwks.find(Some("new"), SigningAlgorithm::Es256).is_none());
        assert!(
            jwks.find(Some("shared"), SigningAlgorithm::Es256).is_none(),
            "a shared secret is no signing key of a provider"
        );
        assert!(
            jwks.find(None, SigningAlgorithm::Es256).is_some(),
            "without a name the only key is taken"
        );
    }

    #[test]
    fn of_keys_with_one_name_the_one_that_fits_the_algorithm_is_taken() {
        let signed: Vec<serde_json::Value> = serde_json::from_str(include_str!("signing_key/openssl.json")).unwrap();
        let mut keys: Vec<_> = signed.iter().map(|row| row["jwk"].clone()).collect();
        for key in &mut keys {
            key["kid"] = "one".into();
        }
        let jwks = Jwks::parse(serde_json::json!({ "keys": keys }).to_string().as_bytes()).unwrap();
        for algorithm in SigningAlgorithm::ALL {
            assert!(
                jwks.find(Some("one"), algorithm)
                    .is_some_and(|key| key.is_for(algorithm))
            );
            assert!(jwks.find(Some("other"), algorithm).is_none());
        }
    }

    #[test]
    fn rejects_what_is_no_key_set() {
        assert!(Jwks::parse(b"{}").is_err());
        assert!(Jwks::parse(b"<html>").is_err());
    }
}
