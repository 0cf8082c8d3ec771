//! The provider's signing keys (RFC 7517).

use openidconnect::JsonWebKeySet;

use crate::{error::RequestError, signing_algorithm::SigningAlgorithm, signing_key::SigningKey};

/// The key set. Keys of an unknown type are ignored (RFC 7517 §5).
pub(crate) struct Jwks {
    pub(crate) set: JsonWebKeySet<SigningKey>,
}

impl Jwks {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, RequestError> {
        let set = serde_json::from_slice(body).map_err(|_| RequestError::InvalidResponse("the key set"))?;
        Ok(Self { set })
    }

    /// Finds the key for a `kid`. Without a `kid` there has to be exactly one key (OIDC Core
    /// §10.1).
    ///
    /// Keys of different types may share a `kid` (RFC 7517 §4.5), so the algorithm has to match as
    /// well.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: SigningAlgorithm) -> Option<&SigningKey> {
        match (kid, self.set.keys().as_slice()) {
            (Some(kid), keys) => keys.iter().find(|key| key.kid() == Some(kid) && key.is_for(algorithm)),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_an_unknown_type_are_ignored() {
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
            "a shared secret is not a signing key"
        );
        assert!(
            jwks.find(None, SigningAlgorithm::Es256).is_some(),
            "without a `kid` the only key is used"
        );
    }

    #[test]
    fn the_algorithm_selects_one_of_several_keys_with_the_same_kid() {
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
    fn rejects_a_response_that_is_not_a_key_set() {
        assert!(Jwks::parse(b"{}").is_err());
        assert!(Jwks::parse(b"<html>").is_err());
    }
}
