//! Verifies signatures with the provider's keys (RFC 7515 §5.2).

use crate::{
    client::LogtoClient,
    error::DiscoveryError,
    jwt::{JwtHeader, signed_parts},
    signing_algorithm::SigningAlgorithm,
    signing_key::SigningKey,
};

/// The reason why a signature could not be verified.
pub(crate) enum SignatureError {
    /// The provider's metadata or keys are unavailable.
    Keys(DiscoveryError),
    /// The algorithm is not in the provider's metadata, or this crate does not accept it.
    Algorithm,
    /// No key has this `kid`.
    UnknownKey,
    /// The signature does not match the key.
    Signature,
}

impl LogtoClient {
    /// Verifies that the provider signed `token` with an algorithm from its metadata.
    ///
    /// An unknown algorithm or key causes a new fetch of the metadata or the keys, at most once per
    /// cooldown.
    pub(crate) async fn verify_signature(&self, token: &str, header: &JwtHeader) -> Result<(), SignatureError> {
        let algorithm = SigningAlgorithm::from_name(&header.alg).ok_or(SignatureError::Algorithm)?;
        let (message, signature) = signed_parts(token).ok_or(SignatureError::Signature)?;
        if !self.signs_with(algorithm).await.map_err(SignatureError::Keys)? {
            return Err(SignatureError::Algorithm);
        }
        let verify = |key: &SigningKey| {
            let verified = key.verifies(algorithm, message, &signature);
            verified.then_some(()).ok_or(SignatureError::Signature)
        };
        let kid = header.kid.as_deref();
        let jwks = self.jwks().await.map_err(SignatureError::Keys)?;
        if let Some(known) = jwks.find(kid, algorithm) {
            return verify(known);
        }
        let newer = self.jwks_after_unknown_key(&jwks).await.map_err(SignatureError::Keys)?;
        verify(newer.find(kid, algorithm).ok_or(SignatureError::UnknownKey)?)
    }

    async fn signs_with(&self, algorithm: SigningAlgorithm) -> Result<bool, DiscoveryError> {
        let metadata = self.metadata().await?;
        if metadata.signs_with(algorithm) {
            return Ok(true);
        }
        let newer = self.metadata_after_unknown_algorithm(&metadata).await?;
        Ok(newer.signs_with(algorithm))
    }
}
