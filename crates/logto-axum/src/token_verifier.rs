//! Verifies bearer tokens for an API, with or without sessions.

use logto::{
    AccessTokenClaims, AccessTokenRules, Environment, ExchangedTokens, LogtoClient, LogtoConfig, PersonalAccessTokens,
};

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
    /// `None` unless the API accepts personal access tokens.
    personal: Option<ExchangedTokens>,
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
        Self { client, personal: None }
    }

    /// Accepts personal access tokens (`pat_…`) besides JWTs: exchanges one for a JWT of the API, and
    /// verifies this JWT by the rules of the route.
    ///
    /// The JWT is cached by the SHA-256 of the token until it expires, so a deleted token works for up
    /// to an hour, or for [`PersonalAccessTokens::with_max_age`]. A rejected token is not sent to Logto
    /// again for a minute. Use clones of one verifier for all routes: they share the cache.
    ///
    /// ```
    /// use logto_axum::{PersonalAccessTokens, SetUpError, TokenTarget, TokenVerifier};
    ///
    /// # fn api() -> Result<(), SetUpError> {
    /// let orders = TokenTarget::resource("https://api.example.com");
    /// let personal = PersonalAccessTokens::new("app-id", "app-secret", orders).with_scopes(["read:orders"]);
    /// let verifier = TokenVerifier::new("https://tenant.logto.app")?.with_personal_access_tokens(personal);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_personal_access_tokens(mut self, options: PersonalAccessTokens) -> Self {
        self.personal = Some(self.client.personal_access_tokens(options));
        self
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
        let bearer = bearer.token();
        let claims = match &self.personal {
            Some(personal) if ExchangedTokens::is_personal(bearer) => {
                let exchanged = personal.exchange(bearer).await?;
                self.client.verify_access_token(&exchanged.secret, rules).await?
            }
            _ => self.client.verify_access_token(bearer, rules).await?,
        };
        Ok(claims)
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
