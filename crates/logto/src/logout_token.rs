//! Logout tokens: the provider tells the app that somebody has signed out there (OIDC Back-Channel
//! Logout 1.0 §2.4, §2.6).

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

/// A logout token as it came: well formed, and **not to be believed** before
/// [`LogtoClient::verify_logout_token`] has.
#[derive(Clone, Debug)]
pub struct LogoutToken {
    header: JwtHeader,
    claims: Claims,
    target: LogoutTarget,
    jti: String,
}

/// Whose sessions end.
///
/// The specification knows no other targets (§2.4), so a `match` may be exhaustive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutTarget {
    /// Those of one session at the provider: one browser.
    Session {
        /// The session.
        sid: String,
        /// Its user, if the token says so: theirs that began without a `sid` may be of that
        /// session, and end too.
        sub: Option<String>,
    },
    /// All of a user, by `sub`.
    User(String),
}

/// A logout token whose signature and claims were verified: the proof that sessions have to end.
#[derive(Clone, Debug)]
pub struct VerifiedLogoutToken(LogoutToken);

impl VerifiedLogoutToken {
    /// Whose sessions end: those of `sid` if the token has one, and of `sub` what has no `sid`;
    /// else all of `sub` (§2.7).
    #[must_use]
    pub fn target(&self) -> &LogoutTarget {
        &self.0.target
    }

    /// The token's id. It is to be used once.
    #[must_use]
    pub fn jti(&self) -> &str {
        &self.0.jti
    }

    /// When it was issued, in seconds by the provider's clock.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        self.0.claims.iat
    }

    /// When it ends, in seconds by the provider's clock.
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
    /// Whether there is one, be it `null`.
    #[serde(default, deserialize_with = "is_present")]
    nonce: bool,
}

fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl LogoutToken {
    /// Reads a token and judges what needs neither keys nor configuration: `typ`, `alg`, `events`,
    /// `sub` or `sid`, `jti`, and that there is no `nonce`.
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
        // An ID token or an access token of the same provider must not pass (§2.4, §4).
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
    /// Verifies a logout token: type, algorithm, issuer, audience, times, event, subject, and the
    /// signature with the provider's keys. Whether its `jti` was used before is the caller's to
    /// know.
    ///
    /// The signature comes last: whatever is sent to a public address must not make us ask the
    /// provider for new keys.
    ///
    /// # Errors
    ///
    /// The first check that failed; [`LogoutTokenError::Keys`] when the provider's keys cannot be
    /// had.
    ///
    /// ```no_run
    /// # async fn example(client: logto::LogtoClient, logout_token: &str) -> Result<(), logto::LogoutTokenError> {
    /// let token = client.verify_logout_token(logout_token).await?;
    /// println!("the sessions of {:?} end", token.target());
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

    /// As for ID tokens (OIDC Core §3.1.3.7): `aud` names this app and nobody else.
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
