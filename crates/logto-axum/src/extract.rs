//! Extractors: the session, and the bearer token.

use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use logto::SecretString;

use crate::{
    error::{BearerError, SessionError},
    logto::Logto,
    session::AuthSession,
};

impl<S: Sync> FromRequestParts<S> for AuthSession {
    type Rejection = SessionError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionError> {
        let session = parts.extensions.get::<Self>().cloned();
        session
            .ok_or(SessionError::LayerMissing)
            .inspect_err(|_| Logto::report_missing_layer())
    }
}

/// The bearer token of a request (RFC 6750 §2.1), unverified. [`Logto::authorize`] verifies it.
///
/// ```
/// use axum::extract::State;
/// use logto_axum::{AccessTokenRules, Bearer, BearerError, Logto};
///
/// async fn products(State(logto): State<Logto>, bearer: Bearer) -> Result<String, BearerError> {
///     let rules = AccessTokenRules::resource("https://api.example.com").with_scope("read:products");
///     let claims = logto.authorize(&bearer, &rules).await?;
///     Ok(format!("products for {}", claims.sub))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Bearer(SecretString);

impl Bearer {
    /// Returns the token.
    #[must_use]
    pub fn token(&self) -> &SecretString {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = BearerError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, BearerError> {
        let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
        // Servers disagree about which of two headers counts, so both are ignored.
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(BearerError::Missing);
        };
        let value = value.to_str().map_err(|_| BearerError::Missing)?;
        match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
                Ok(Self(token.trim().into()))
            }
            _ => Err(BearerError::Missing),
        }
    }
}
