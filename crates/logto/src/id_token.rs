//! The ID token, verified step by step (OIDC Core §3.1.3.7).

use std::{
    str::FromStr as _,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
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

/// An ID token whose signature and claims were verified: the proof that a session is made from.
///
/// There is no way to make one from decoded JSON; only the callback, a refresh, and a session that
/// was sealed by this crate yield one.
#[derive(Clone, Debug)]
pub struct VerifiedIdToken {
    raw: Arc<SecretString>,
    claims: Arc<IdTokenClaims>,
    /// Read when it is first asked for: most requests never do.
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

    /// What it says.
    #[doc(alias = "getIdTokenClaims")]
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        &self.claims
    }

    /// The same, to be kept.
    #[must_use]
    pub fn shared_claims(&self) -> Arc<IdTokenClaims> {
        Arc::clone(&self.claims)
    }

    /// The token itself, for `id_token_hint`. It names the user: keep it out of logs and pages.
    #[must_use]
    pub fn raw(&self) -> &SecretString {
        &self.raw
    }

    /// Every claim as it stands in the token, `null`s and unknown ones included.
    #[must_use]
    pub fn claim_map(&self) -> Arc<Map<String, Value>> {
        let read = || Arc::new(unverified_claims(self.raw.expose_secret()).unwrap_or_default());
        Arc::clone(self.map.get_or_init(read))
    }

    /// Takes back a token that was verified before it was sealed. The seal vouches for it; its
    /// expiry is the session's concern.
    pub(crate) fn unsealed(raw: SecretString) -> Option<Self> {
        let claims = unverified_claims(raw.expose_secret())?;
        Some(Self::new(raw, claims))
    }
}

/// What an ID token must agree with beyond the configuration.
pub(crate) enum Expected<'a> {
    /// After a sign-in: the nonce sent, the age of the authentication asked for, in seconds, and,
    /// with `prompt=login`, when the sign-in started.
    SignIn {
        nonce: &'a SecretString,
        max_age: Option<u64>,
        authenticated_after: Option<Timestamp>,
    },
    /// After a refresh: if it has a nonce, that of the token before it (OIDC Core §12.2).
    Refresh { nonce: Option<&'a str> },
    /// From a session of Logto's Next.js SDK: what was sent at the sign-in is not known here, and
    /// the token may have expired.
    Import,
}

impl LogtoClient {
    /// Verifies `token`. When its algorithm or its key is not known, once more with newer metadata
    /// or keys: the provider may have changed both since they were fetched.
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
            .map_err(|error| step_of(&error))?;
        let claims: IdTokenClaims = unverified_claims(token).ok_or(IdTokenError::Malformed)?;
        self.check_further_claims(&claims, expected)?;
        Ok(VerifiedIdToken::new(token.into(), claims))
    }

    /// Algorithm, `kid`, `iss`, `aud`, `exp` and `nonce` are the library's part, the signature is
    /// the key's.
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

    /// `sub`, `azp`, `iat`, `nbf` and `auth_time`, which the library leaves to its user.
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
                authenticated_after,
                ..
            } => self.check_authentication(claims.auth_time, *max_age, *authenticated_after),
            _ => Ok(()),
        }
    }

    /// Logto tells `auth_time` when `max_age` was sent, and only then.
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

fn check_nonce(nonce: Option<&Nonce>, expected: &Expected<'_>) -> Result<(), String> {
    let agrees = match (expected, nonce) {
        (Expected::SignIn { nonce: sent, .. }, Some(nonce)) => same_secret(nonce.secret(), sent.expose_secret()),
        (Expected::SignIn { .. }, None) => false,
        (Expected::Refresh { nonce: Some(before) }, Some(nonce)) => same_secret(nonce.secret(), before),
        (Expected::Refresh { .. } | Expected::Import, _) => true,
    };
    if agrees { Ok(()) } else { Err(String::from("nonce")) }
}

/// The library's errors hold claims of the token; only the step that refused it is kept.
fn step_of(error: &ClaimsVerificationError) -> IdTokenError {
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
