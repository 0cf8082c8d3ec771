//! Logout tokens, by which the provider reports a sign-out (OIDC Back-Channel Logout 1.0 §2.4,
//! §2.6).

use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::Value;

use crate::{
    claims::Audience,
    client::LogtoClient,
    clock::Timestamp,
    error::{Diagnose as _, LogoutTokenError},
    jwt::{JwtHeader, TimeCheck, unverified_claims},
    session::retry,
    signature::SignatureError,
    signing_algorithm::SigningAlgorithm,
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A well-formed logout token that is **not verified**.
///
/// [`LogtoClient::verify_logout_token`] verifies one.
#[derive(Clone, Debug)]
pub struct LogoutToken {
    header: JwtHeader,
    claims: Claims,
    target: LogoutTarget,
    jti: String,
}

/// The sessions that a logout token ends.
///
/// The specification knows no other targets (§2.4), so a `match` may be exhaustive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutTarget {
    /// The sessions that belong to one session at the provider, which is one browser.
    Session {
        /// The id of the provider's session.
        sid: String,
        /// The user, if the token names one. Their sessions without a `sid` end as well, because
        /// they may belong to this session of the provider.
        sub: Option<String>,
    },
    /// All sessions of a user, by `sub`.
    User(String),
}

/// A logout token whose signature and claims were verified.
#[derive(Clone, Debug)]
pub struct VerifiedLogoutToken(LogoutToken);

impl VerifiedLogoutToken {
    /// The sessions to end (§2.7).
    #[must_use]
    pub fn target(&self) -> &LogoutTarget {
        &self.0.target
    }

    /// The token's id, which may be used once.
    #[must_use]
    pub fn jti(&self) -> &str {
        &self.0.jti
    }

    /// When the token was issued, by the provider's clock.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        self.0.claims.iat
    }

    /// When the token expires, by the provider's clock.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.0.claims.exp
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: Timestamp,
    exp: Timestamp,
    nbf: Option<Timestamp>,
    sub: Option<String>,
    sid: Option<String>,
    jti: Option<String>,
    #[serde(default)]
    events: Value,
    /// Whether the claim is present, even as `null`.
    #[serde(default, deserialize_with = "is_present")]
    nonce: bool,
}

fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl LogoutToken {
    /// Parses a token and checks `typ`, `alg`, `events`, `sub` or `sid`, `jti`, and that there is
    /// no `nonce`. These checks need neither keys nor the configuration.
    ///
    /// # Errors
    ///
    /// The first check that failed.
    ///
    /// ```
    /// use logto::{LogoutToken, LogoutTokenError};
    ///
    /// assert_eq!(LogoutToken::parse("no token").unwrap_err(), LogoutTokenError::Malformed);
    /// ```
    pub fn parse(token: &str) -> Result<Self, LogoutTokenError> {
        let header = JwtHeader::parse(token).ok_or(LogoutTokenError::Malformed)?;
        if header.is_critical() {
            return Err(LogoutTokenError::Malformed);
        }
        // Rejects ID tokens and access tokens of the same provider (§2.4, §4).
        if !header.is_type("logout+jwt") {
            return Err(LogoutTokenError::Type);
        }
        if SigningAlgorithm::from_name(&header.alg).is_none() {
            return Err(LogoutTokenError::Algorithm);
        }
        let claims: Claims = unverified_claims(token).ok_or(LogoutTokenError::Malformed)?;
        if !claims.events.get(EVENT).is_some_and(Value::is_object) {
            return Err(LogoutTokenError::Event);
        }
        if claims.nonce {
            return Err(LogoutTokenError::Nonce);
        }
        let given = |claim: &Option<String>| claim.clone().filter(|text| !text.is_empty());
        let target = match (given(&claims.sid), given(&claims.sub)) {
            (Some(sid), sub) => LogoutTarget::Session { sid, sub },
            (None, Some(sub)) => LogoutTarget::User(sub),
            (None, None) => return Err(LogoutTokenError::NoSubject),
        };
        let jti = given(&claims.jti).ok_or(LogoutTokenError::TokenId)?;
        Ok(Self {
            header,
            claims,
            target,
            jti,
        })
    }
}

impl LogtoClient {
    /// Verifies a logout token: its type, algorithm, issuer, audience, times, event, subject and
    /// signature. The caller has to check that its `jti` was not used before.
    ///
    /// The signature is verified last, because anyone may send requests to the back-channel
    /// endpoint, and an unknown key causes a request to the provider.
    ///
    /// # Errors
    ///
    /// The first check that failed, or [`LogoutTokenError::Keys`] if the provider's keys are
    /// unavailable.
    ///
    /// ```no_run
    /// # async fn example(client: logto::LogtoClient, logout_token: &str) -> Result<(), logto::LogoutTokenError> {
    /// let token = client.verify_logout_token(logout_token).await?;
    /// println!("sessions to end: {:?}", token.target());
    /// # Ok(()) }
    /// ```
    pub async fn verify_logout_token(&self, token: &str) -> Result<VerifiedLogoutToken, LogoutTokenError> {
        let read = LogoutToken::parse(token)?;
        self.check_claims_of_logout_token(&read.claims)?;
        let signature = self.verify_signature(token, &read.header).await;
        signature.map_err(|error| match error {
            SignatureError::Keys(error) => LogoutTokenError::Keys(error),
            SignatureError::Algorithm => LogoutTokenError::Algorithm,
            SignatureError::UnknownKey => LogoutTokenError::UnknownKey,
            SignatureError::Signature => LogoutTokenError::Signature,
        })?;
        Ok(VerifiedLogoutToken(read))
    }

    /// Verifies a logout token that [`LogtoClient::verify_logout_token`] could not, because the
    /// provider's keys were unavailable.
    ///
    /// It retries after pauses that double from 1 to 30 seconds, until the keys are available or
    /// the token has expired, for a day at most.
    ///
    /// # Errors
    ///
    /// The first error that is not transient; after a day, the last error.
    ///
    /// ```no_run
    /// use logto::{Diagnose, LogtoClient, LogoutTokenError, VerifiedLogoutToken};
    ///
    /// async fn verify(client: LogtoClient, logout_token: &str) -> Result<VerifiedLogoutToken, LogoutTokenError> {
    ///     match client.verify_logout_token(logout_token).await {
    ///         Err(error) if error.is_transient() => client.verify_logout_token_later(logout_token).await,
    ///         verified => verified,
    ///     }
    /// }
    /// ```
    pub async fn verify_logout_token_later(&self, token: &str) -> Result<VerifiedLogoutToken, LogoutTokenError> {
        for delay in retry::delays() {
            self.clock().sleep(delay).await;
            match self.verify_logout_token(token).await {
                Err(error) if error.is_transient() => {}
                verified => return verified,
            }
        }
        self.verify_logout_token(token).await
    }

    /// As for ID tokens (OIDC Core §3.1.3.7), `aud` must name this app and no other.
    fn check_claims_of_logout_token(&self, claims: &Claims) -> Result<(), LogoutTokenError> {
        if claims.iss != self.config().issuer() {
            return Err(LogoutTokenError::Issuer);
        }
        let audiences = claims.aud.as_slice();
        if audiences.is_empty() || audiences.iter().any(|audience| audience != self.config().app_id()) {
            return Err(LogoutTokenError::Audience);
        }
        let times = TimeCheck::new(self.now(), self.config().clock_tolerance());
        if times.is_past(claims.exp) {
            return Err(LogoutTokenError::Expired);
        }
        if times.is_future(claims.iat, claims.nbf) {
            return Err(LogoutTokenError::NotYetValid);
        }
        Ok(())
    }
}
