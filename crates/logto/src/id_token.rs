//! Verifies ID tokens (OIDC Core §3.1.3.7).

use std::{
    str::FromStr as _,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use logto_requirements::Acr;
use openidconnect::{
    ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl, Nonce, SignatureVerificationError, core::CoreIdToken,
};
use serde_json::{Map, Value};

use crate::{
    claims::IdTokenClaims,
    client::LogtoClient,
    clock::Timestamp,
    error::{DiscoveryError, IdTokenError, RequestError},
    jwks::Jwks,
    jwt::{TimeCheck, unverified_claims},
    metadata::ProviderMetadata,
    secret::{ExposeSecret as _, SecretString, same_secret},
    signing_algorithm::SigningAlgorithm,
    signing_key::SigningKey,
};

/// An ID token whose signature and claims were verified. A session is created from it.
///
/// It comes from a callback, a refresh, or a session that this crate sealed, and cannot be
/// deserialized.
#[derive(Clone, Debug)]
pub struct VerifiedIdToken {
    raw: Arc<SecretString>,
    claims: Arc<IdTokenClaims>,
    /// Decoded on first use, because most requests do not need it.
    map: Arc<OnceLock<Arc<Map<String, Value>>>>,
}

impl VerifiedIdToken {
    fn new(raw: SecretString, claims: IdTokenClaims) -> Self {
        Self {
            raw: Arc::new(raw),
            claims: Arc::new(claims),
            map: Arc::default(),
        }
    }

    /// The claims.
    #[doc(alias = "getIdTokenClaims")]
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        &self.claims
    }

    /// The claims, as a shared pointer.
    #[must_use]
    pub fn shared_claims(&self) -> Arc<IdTokenClaims> {
        Arc::clone(&self.claims)
    }

    /// The encoded token, for `id_token_hint`. It contains personal data: keep it out of logs and
    /// pages.
    #[doc(alias = "getIdToken")]
    #[must_use]
    pub fn raw(&self) -> &SecretString {
        &self.raw
    }

    /// All claims of the token, including unknown ones and those with the value `null`.
    #[must_use]
    pub fn claim_map(&self) -> Arc<Map<String, Value>> {
        let read = || Arc::new(unverified_claims(self.raw.expose_secret()).unwrap_or_default());
        Arc::clone(self.map.get_or_init(read))
    }

    /// Restores a token that was verified before it was sealed. The token may have expired: the
    /// lifetime of the session is checked elsewhere.
    pub(crate) fn unsealed(raw: SecretString) -> Option<Self> {
        let claims = unverified_claims(raw.expose_secret())?;
        Some(Self::new(raw, claims))
    }
}

/// The values that an ID token must match, in addition to the configuration.
pub(crate) enum Expected<'a> {
    /// After a sign-in.
    SignIn {
        nonce: &'a SecretString,
        /// In seconds.
        max_age: Option<u64>,
        /// The classes that the authentication may reach. Empty if the sign-in demands none.
        acr_values: &'a [Acr],
        /// When the sign-in started, for `prompt=login`.
        authenticated_after: Option<Timestamp>,
    },
    /// After a refresh. A nonce is optional; if present, it must equal that of the earlier token
    /// (OIDC Core §12.2).
    Refresh { nonce: Option<&'a str> },
    /// From a session of Logto's Next.js SDK: the parameters of the sign-in are unknown, and the
    /// token may have expired.
    Import,
}

impl LogtoClient {
    /// Verifies `token`. An unknown algorithm or key causes one retry with newer metadata or keys,
    /// because the provider may have changed them.
    pub(crate) async fn verify_id_token(
        &self,
        token: &str,
        expected: &Expected<'_>,
    ) -> Result<VerifiedIdToken, IdTokenError> {
        let mut metadata = self.metadata().await?;
        let jwks = self.jwks().await?;
        let checks = Checks {
            issuer: self.config().issuer(),
            app_id: self.config().app_id(),
            tolerance: self.config().clock_tolerance(),
            times: TimeCheck::new(self.now(), self.config().clock_tolerance()),
        };
        let mut verdict = checks.verify(token, &metadata, &jwks, expected);
        if let Err(IdTokenError::Algorithm) = verdict {
            metadata = self.metadata_after_unknown_algorithm(&metadata).await?;
            verdict = checks.verify(token, &metadata, &jwks, expected);
        }
        if let Err(IdTokenError::UnknownKey) = verdict {
            let newer = self.jwks_after_unknown_key(&jwks).await?;
            verdict = checks.verify(token, &metadata, &newer, expected);
        }
        verdict
    }
}

struct Checks<'a> {
    issuer: &'a str,
    app_id: &'a str,
    /// In seconds.
    tolerance: u64,
    times: TimeCheck,
}

impl Checks<'_> {
    fn verify(
        &self,
        token: &str,
        metadata: &ProviderMetadata,
        jwks: &Jwks,
        expected: &Expected<'_>,
    ) -> Result<VerifiedIdToken, IdTokenError> {
        let parsed = CoreIdToken::from_str(token).map_err(|_| IdTokenError::Malformed)?;
        let verifier = self.verifier(metadata, jwks, expected)?;
        parsed
            .claims(&verifier, |nonce: Option<&Nonce>| check_nonce(nonce, expected))
            .map_err(|error| id_token_error(&error))?;
        let claims: IdTokenClaims = unverified_claims(token).ok_or(IdTokenError::Malformed)?;
        self.check_further_claims(&claims, expected)?;
        Ok(VerifiedIdToken::new(token.into(), claims))
    }

    /// openidconnect checks the algorithm, `kid`, `iss`, `aud`, `exp` and `nonce`. [`SigningKey`]
    /// verifies the signature.
    fn verifier<'a>(
        &self,
        metadata: &ProviderMetadata,
        jwks: &Jwks,
        expected: &Expected<'_>,
    ) -> Result<IdTokenVerifier<'a, SigningKey>, IdTokenError> {
        let issuer = IssuerUrl::new(self.issuer.to_owned())
            .map_err(|_| DiscoveryError::Request(RequestError::InvalidResponse("the issuer")))?;
        let algorithms = metadata.accepted_algorithms().map(SigningAlgorithm::for_id_tokens);
        let compared_with = match expected {
            Expected::Import => DateTime::UNIX_EPOCH,
            _ => instant(self.times.earliest()),
        };
        Ok(
            IdTokenVerifier::new_public_client(ClientId::new(self.app_id.to_owned()), issuer, jwks.set.clone())
                .set_allowed_algs(algorithms)
                .set_time_fn(move || compared_with),
        )
    }

    /// Checks `sub`, `azp`, `iat`, `nbf`, `auth_time` and `acr`, which openidconnect does not check.
    fn check_further_claims(&self, claims: &IdTokenClaims, expected: &Expected<'_>) -> Result<(), IdTokenError> {
        if claims.sub.is_empty() {
            return Err(IdTokenError::Malformed);
        }
        if claims.azp.as_deref().is_some_and(|party| party != self.app_id) {
            return Err(IdTokenError::AuthorizedParty);
        }
        if self.times.is_future(claims.iat, claims.nbf) {
            return Err(IdTokenError::NotYetValid);
        }
        match expected {
            Expected::SignIn {
                max_age,
                acr_values,
                authenticated_after,
                ..
            } => {
                self.check_authentication(claims.auth_time, *max_age, *authenticated_after)?;
                check_class(claims.acr.as_ref(), acr_values)
            }
            _ => Ok(()),
        }
    }

    /// Logto sends `auth_time` only if `max_age` was requested.
    fn check_authentication(
        &self,
        auth_time: Option<Timestamp>,
        max_age: Option<u64>,
        authenticated_after: Option<Timestamp>,
    ) -> Result<(), IdTokenError> {
        let oldest_by_age = max_age.map(|seconds| self.times.earliest().minus(seconds));
        let oldest_by_prompt = authenticated_after.map(|started| started.minus(self.tolerance));
        match auth_time {
            None if max_age.is_some() || authenticated_after.is_some() => Err(IdTokenError::AuthenticationTooOld),
            Some(authenticated)
                if oldest_by_age
                    .max(oldest_by_prompt)
                    .is_some_and(|oldest| authenticated < oldest) =>
            {
                Err(IdTokenError::AuthenticationTooOld)
            }
            _ => Ok(()),
        }
    }
}

/// A server before Logto 1.46 ignores `acr_values`, and sends no `acr`.
fn check_class(reached: Option<&Acr>, demanded: &[Acr]) -> Result<(), IdTokenError> {
    let is_strong_enough = |reached: &Acr| demanded.iter().any(|demanded| reached.satisfies(demanded));
    if demanded.is_empty() || reached.is_some_and(is_strong_enough) {
        Ok(())
    } else {
        Err(IdTokenError::AuthenticationTooWeak)
    }
}

fn check_nonce(nonce: Option<&Nonce>, expected: &Expected<'_>) -> Result<(), String> {
    let agrees = match (expected, nonce) {
        (Expected::SignIn { nonce: sent, .. }, Some(nonce)) => same_secret(nonce.secret(), sent.expose_secret()),
        (Expected::SignIn { .. }, None) => false,
        (Expected::Refresh { nonce: Some(before) }, Some(nonce)) => same_secret(nonce.secret(), before),
        (Expected::Refresh { .. } | Expected::Import, _) => true,
    };
    if agrees { Ok(()) } else { Err(String::from("nonce")) }
}

/// Drops the text of openidconnect's errors, which contains claims of the token.
fn id_token_error(error: &ClaimsVerificationError) -> IdTokenError {
    match error {
        ClaimsVerificationError::Expired(_) => IdTokenError::Expired,
        ClaimsVerificationError::InvalidAudience(_) => IdTokenError::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => IdTokenError::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => IdTokenError::Nonce,
        ClaimsVerificationError::SignatureVerification(signature) => match signature {
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::AmbiguousKeyId(_) => {
                IdTokenError::UnknownKey
            }
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::NoSignature
            | SignatureVerificationError::UnsupportedAlg(_) => IdTokenError::Algorithm,
            _ => IdTokenError::Signature,
        },
        _ => IdTokenError::Malformed,
    }
}

fn instant(time: Timestamp) -> DateTime<Utc> {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
