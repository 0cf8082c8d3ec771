//! A public key of the provider (RFC 7517 §4). All signatures are verified here.
//!
//! Neither `openidconnect` nor `jsonwebtoken` verifies signatures on P-521 (ES512), so this crate
//! has its own key type. `openidconnect` checks the claims of ID tokens and uses the key through
//! [`JsonWebKey`].

use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, VerificationAlgorithm,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, SignatureVerificationError,
    core::{CoreJsonWebKeyType, CoreJsonWebKeyUse, CoreJwsSigningAlgorithm},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::signing_algorithm::SigningAlgorithm;

/// Minimum size of an RSA modulus in bytes: 2048 bits (RFC 7518 §3.3).
const MIN_RSA_MODULUS: usize = 256;

/// A key that verifies signatures of exactly one algorithm, which its type and curve determine. If
/// the key has an `alg`, it must be the same. A token with another algorithm in its header is
/// rejected.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "Jwk", into = "Jwk")]
pub(crate) struct SigningKey {
    jwk: Jwk,
    kid: Option<JsonWebKeyId>,
    algorithm: CoreJwsSigningAlgorithm,
    key_type: CoreJsonWebKeyType,
    /// `None` for a shared secret, which this crate does not accept.
    public: Option<Arc<ParsedPublicKey>>,
}

/// The members of a JWK that this crate uses.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    key_use: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Debug, thiserror::Error)]
#[error("the key is not for signatures, or its type is not supported")]
struct NoSigningKey;

impl SigningKey {
    pub(crate) fn kid(&self) -> Option<&str> {
        self.jwk.kid.as_deref()
    }

    /// Whether the key is for signatures of this algorithm.
    pub(crate) fn is_for(&self, algorithm: SigningAlgorithm) -> bool {
        self.algorithm == algorithm.for_id_tokens()
    }

    /// Whether `signature` is a valid signature over `message` with this algorithm.
    pub(crate) fn verifies(&self, algorithm: SigningAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        self.is_for(algorithm) && self.has_signed(message, signature)
    }

    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = self.public.as_ref();
        public.is_some_and(|public| public.verify_sig(message, signature).is_ok())
    }
}

impl TryFrom<Jwk> for SigningKey {
    type Error = NoSigningKey;

    fn try_from(jwk: Jwk) -> Result<Self, NoSigningKey> {
        let (algorithm, public) = jwk.public_key().ok_or(NoSigningKey)?;
        let other_use = jwk.key_use.as_deref().is_some_and(|key_use| key_use != "sig");
        let other_algorithm = jwk.alg.as_deref().is_some_and(|alg| alg != algorithm.name());
        if other_use || other_algorithm {
            return Err(NoSigningKey);
        }
        Ok(Self {
            kid: jwk.kid.clone().map(JsonWebKeyId::new),
            algorithm: algorithm.for_id_tokens(),
            key_type: match algorithm {
                SigningAlgorithm::Rs256 => CoreJsonWebKeyType::RSA,
                _ => CoreJsonWebKeyType::EllipticCurve,
            },
            public: Some(Arc::new(public)),
            jwk,
        })
    }
}

impl From<SigningKey> for Jwk {
    fn from(key: SigningKey) -> Self {
        key.jwk
    }
}

impl Jwk {
    fn public_key(&self) -> Option<(SigningAlgorithm, ParsedPublicKey)> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", None) => Some((SigningAlgorithm::Rs256, self.rsa()?)),
            ("EC", Some("P-256")) => Some((SigningAlgorithm::Es256, self.point(&ECDSA_P256_SHA256_FIXED, 32)?)),
            ("EC", Some("P-384")) => Some((SigningAlgorithm::Es384, self.point(&ECDSA_P384_SHA384_FIXED, 48)?)),
            ("EC", Some("P-521")) => Some((SigningAlgorithm::Es512, self.point(&ECDSA_P521_SHA512_FIXED, 66)?)),
            _ => None,
        }
    }

    /// An uncompressed point: the byte 4, then both coordinates in full length (RFC 7518 §6.2.1.2).
    fn point(&self, algorithm: &'static dyn VerificationAlgorithm, length: usize) -> Option<ParsedPublicKey> {
        let mut point = vec![4];
        for coordinate in [&self.x, &self.y] {
            point.extend(decode(coordinate.as_deref()).filter(|bytes| bytes.len() == length)?);
        }
        ParsedPublicKey::new(algorithm, point).ok()
    }

    fn rsa(&self) -> Option<ParsedPublicKey> {
        let number = |text: &Option<String>| {
            let bytes = decode(text.as_deref())?;
            // Some providers add a leading zero byte, which RFC 7518 §6.3.1.1 forbids.
            let first = bytes.iter().position(|byte| *byte != 0)?;
            Some(bytes[first..].to_vec())
        };
        let components = RsaPublicKeyComponents {
            n: number(&self.n)?,
            e: number(&self.e)?,
        };
        if components.n.len() < MIN_RSA_MODULUS {
            return None;
        }
        components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
    }
}

fn decode(text: Option<&str>) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text?).ok()
}

impl JsonWebKey for SigningKey {
    type KeyUse = CoreJsonWebKeyUse;
    type SigningAlgorithm = CoreJwsSigningAlgorithm;

    fn key_id(&self) -> Option<&JsonWebKeyId> {
        self.kid.as_ref()
    }

    fn key_type(&self) -> &CoreJsonWebKeyType {
        &self.key_type
    }

    fn key_use(&self) -> Option<&CoreJsonWebKeyUse> {
        Some(&CoreJsonWebKeyUse::Signature)
    }

    fn signing_alg(&self) -> JsonWebKeyAlgorithm<&CoreJwsSigningAlgorithm> {
        JsonWebKeyAlgorithm::Algorithm(&self.algorithm)
    }

    fn new_symmetric(_: Vec<u8>) -> Self {
        Self {
            jwk: Jwk::default(),
            kid: None,
            algorithm: CoreJwsSigningAlgorithm::None,
            key_type: CoreJsonWebKeyType::Symmetric,
            public: None,
        }
    }

    fn verify_signature(
        &self,
        algorithm: &CoreJwsSigningAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureVerificationError> {
        let verified = self.algorithm == *algorithm && self.has_signed(message, signature);
        verified
            .then_some(())
            .ok_or_else(|| SignatureVerificationError::CryptoError("bad signature".to_owned()))
    }

    fn hash_bytes(&self, bytes: &[u8], algorithm: &CoreJwsSigningAlgorithm) -> Result<Vec<u8>, String> {
        match algorithm {
            CoreJwsSigningAlgorithm::EcdsaP256Sha256 | CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256 => {
                Ok(Sha256::digest(bytes).to_vec())
            }
            CoreJwsSigningAlgorithm::EcdsaP384Sha384 => Ok(Sha384::digest(bytes).to_vec()),
            CoreJwsSigningAlgorithm::EcdsaP521Sha512 => Ok(Sha512::digest(bytes).to_vec()),
            _ => Err("the algorithm is not accepted".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
