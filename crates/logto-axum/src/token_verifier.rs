//! Verifies bearer tokens for an API, with or without sessions.

use logto::{AccessTokenClaims, AccessTokenRules, Environment, LogtoClient, LogtoConfig};

use crate::{
    error::{BearerError, SetUpError},
    extract::Bearer,
    logto::Logto,
};

/// The application id of an API. It occurs in no request: the provider's keys are public.
const APP_ID: &str = "api";

/// Verifies the bearer tokens of an API that has no sign-in and no sessions. Make one at start; it
/// is cheap to clone.
///
/// It needs the address of Logto only: an API is a resource at Logto, not an application, so it has
/// no credentials, no cookie secret and no base URL.
///
/// ```
/// use axum::{Router, routing::get};
/// use logto_axum::{AccessTokenRules, SetUpError, TokenClaims, TokenVerifier};
///
/// # fn api() -> Result<Router, SetUpError> {
/// let verifier = TokenVerifier::new("https://tenant.logto.app")?;
/// let rules = AccessTokenRules::resource("https://api.example.com").with_scope("read:orders");
/// Ok(Router::new()
///     .route("/orders", get(async |claims: TokenClaims| format!("orders of {}", claims.sub)))
///     .layer(verifier.require_token(rules)))
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    client: LogtoClient,
}

impl TokenVerifier {
    /// Creates a verifier for the tokens of this Logto: its address without `/oidc`, as in
    /// [`LogtoConfig::new`].
    ///
    /// It sends no request, so the API starts while the provider is down.
    ///
    /// # Errors
    ///
    /// If the address is invalid, or the TLS client cannot be created.
    pub fn new(endpoint: impl Into<String>) -> Result<Self, SetUpError> {
        Self::with_config(Self::config(endpoint))
    }

    pub(crate) fn with_config(config: LogtoConfig) -> Result<Self, SetUpError> {
        let environment = Environment::system(&config)?;
        Ok(Self::with_client(LogtoClient::new(config, environment)?))
    }

    /// Creates a verifier with a client that has further settings, such as the internal endpoint, or
    /// another clock.
    #[must_use]
    pub fn with_client(client: LogtoClient) -> Self {
        Self { client }
    }

    /// The configuration of an API.
    pub(crate) fn config(endpoint: impl Into<String>) -> LogtoConfig {
        LogtoConfig::public_client(endpoint, APP_ID)
    }

    /// Verifies the bearer token of a request. [`TokenVerifier::require_token`] does so for all
    /// requests of a router.
    ///
    /// # Errors
    ///
    /// A refusal that converts into a response with `WWW-Authenticate` (RFC 6750 §3).
    pub async fn authorize(&self, bearer: &Bearer, rules: &AccessTokenRules) -> Result<AccessTokenClaims, BearerError> {
        Ok(self.client.verify_access_token(bearer.token(), rules).await?)
    }
}

impl Logto {
    /// Returns the verifier of bearer tokens for an API of this app.
    #[must_use]
    pub fn token_verifier(&self) -> TokenVerifier {
        TokenVerifier::with_client(self.client().clone())
    }

    /// Verifies the bearer token of a request to an API of this app.
    ///
    /// # Errors
    ///
    /// The same as [`TokenVerifier::authorize`].
    pub async fn authorize(&self, bearer: &Bearer, rules: &AccessTokenRules) -> Result<AccessTokenClaims, BearerError> {
        self.token_verifier().authorize(bearer, rules).await
    }
}
