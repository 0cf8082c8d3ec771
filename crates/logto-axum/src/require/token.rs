//! The layer for APIs: bearer tokens, and the extractor for their claims.

use std::{ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::{FromFn, FromFnLayer, Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use futures_util::future::BoxFuture;
use http::request::Parts;
use logto::{AccessTokenClaims, AccessTokenRules};
use tower::Layer;

use crate::{error::BearerError, extract::Bearer, logto::Logto, token_verifier::TokenVerifier};

type Api = Arc<(TokenVerifier, AccessTokenRules)>;
type Guard = fn(State<Api>, Bearer, Request, Next) -> BoxFuture<'static, Response>;
type Arguments = (State<Api>, Bearer, Request);

/// Admits only requests whose bearer token meets the rules; made by [`Logto::require_token`] or
/// [`TokenVerifier::require_token`].
#[derive(Clone)]
#[must_use = "a layer has no effect until it is added"]
pub struct RequireTokenLayer(FromFnLayer<Guard, Api, Arguments>);

impl Logto {
    /// Returns a layer for the routes of an API: it verifies the bearer token of each request.
    /// Handlers get the claims with the extractor [`TokenClaims`]. It does not need
    /// [`Logto::layer`]. An API without sessions uses a [`TokenVerifier`] instead of a [`Logto`].
    ///
    /// A missing or rejected token leads to 401 or 403 with `WWW-Authenticate` (RFC 6750 §3), and
    /// to 503 while the provider's keys are unavailable.
    ///
    /// ```
    /// # use logto_axum::Logto;
    /// use axum::{Router, routing::get};
    /// use logto_axum::{AccessTokenRules, TokenClaims};
    ///
    /// # fn api(logto: Logto) -> Router {
    /// let rules = AccessTokenRules::resource("https://api.example.com").with_scope("read:orders");
    /// Router::new()
    ///     .route("/api/orders", get(async |claims: TokenClaims| format!("orders of {}", claims.sub)))
    ///     .layer(logto.require_token(rules))
    /// # }
    /// ```
    pub fn require_token(&self, rules: AccessTokenRules) -> RequireTokenLayer {
        self.token_verifier().require_token(rules)
    }
}

impl TokenVerifier {
    /// Returns a layer for the routes of an API: it verifies the bearer token of each request, as
    /// [`Logto::require_token`] does.
    pub fn require_token(&self, rules: AccessTokenRules) -> RequireTokenLayer {
        RequireTokenLayer(from_fn_with_state(Arc::new((self.clone(), rules)), guard as Guard))
    }
}

impl<S> Layer<S> for RequireTokenLayer {
    type Service = FromFn<Guard, Api, S, Arguments>;

    fn layer(&self, inner: S) -> Self::Service {
        self.0.layer(inner)
    }
}

fn guard(State(api): State<Api>, bearer: Bearer, mut request: Request, next: Next) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        let (verifier, rules) = &*api;
        match verifier.authorize(&bearer, rules).await {
            Ok(claims) => {
                request.extensions_mut().insert(TokenClaims(Arc::new(claims)));
                next.run(request).await
            }
            Err(error) => error.into_response(),
        }
    })
}

/// The claims of the verified bearer token, below [`Logto::require_token`].
#[derive(Clone, Debug)]
pub struct TokenClaims(pub Arc<AccessTokenClaims>);

impl Deref for TokenClaims {
    type Target = AccessTokenClaims;

    fn deref(&self) -> &AccessTokenClaims {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for TokenClaims {
    type Rejection = BearerError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, BearerError> {
        let claims = parts.extensions.get::<Self>().cloned();
        claims.ok_or_else(|| {
            tracing::error!(
                code = "token_layer_missing",
                "no layer has verified the bearer token; add `.layer(logto.require_token(rules))` after the routes"
            );
            BearerError::LayerMissing
        })
    }
}
