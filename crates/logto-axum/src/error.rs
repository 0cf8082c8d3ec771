//! What can go wrong on the web side, and what to tell people about it.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use logto::session::store::StoreError;
use logto::{
    AccessTokenError, CallbackError, ConfigError, Diagnose, Fault, InvalidParameter, NoHttpClient, NoRandomness,
    SignInError, TokenError, UserInfoError,
};

/// The set-up failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetUpError {
    /// The configuration is not valid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No TLS client can be made.
    #[error(transparent)]
    Http(#[from] NoHttpClient),
}

/// A session, a token or the user's claims could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// Nobody is signed in.
    #[error("nobody is signed in; show a sign-in button")]
    NotSignedIn,
    /// The grant has ended.
    #[error("the sign-in has ended at the provider; the user has to sign in again")]
    SignInNeeded,
    /// The head of the response has gone out, so a cookie can no longer be set.
    #[error(
        "the response has begun, so a refreshed token could not be saved; call this in a server function, an action or a handler, \
         or use the `_ssr` function while rendering"
    )]
    ResponseStarted,
    /// The browser only looks ahead: no sign-in is started, or abandoned ones would pile up.
    #[error("a prefetch starts no sign-in; nothing needs to be done")]
    Prefetch,
    /// A script looks something up by GET, and cannot show the provider's page.
    #[error("a script's GET starts no sign-in; show a sign-in button, or call a server function by POST")]
    NavigationNeeded,
    /// The request did not pass through the layer.
    #[error("the request did not pass through LogtoLayer; add `.layer(logto.layer())` after the routes")]
    LayerMissing,
    /// The user's session does not fit into cookies.
    #[error(
        "the session does not fit into the cookies it may take; keep sessions in a store, ask for fewer scopes, or raise `cookie_budget`"
    )]
    SessionTooLarge,
    /// The session store did not answer: nobody knows whether the user is signed in.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No userinfo.
    #[error(transparent)]
    UserInfo(#[from] UserInfoError),
    /// The sign-in could not be started.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The provider does not know the redirect URI, which is given.
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in the Logto console"
    )]
    RedirectUriNotRegistered(String),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Diagnose for AuthError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::SignInNeeded => "sign_in_needed",
            Self::ResponseStarted => "response_started",
            Self::Prefetch => "prefetch",
            Self::NavigationNeeded => "navigation_needed",
            Self::LayerMissing => "logto_layer_missing",
            Self::SessionTooLarge => "session_too_large",
            Self::Store(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::UserInfo(error) => error.code(),
            Self::SignIn(error) => error.code(),
            Self::RedirectUriNotRegistered(_) => "redirect_uri_not_registered",
            Self::NoRandomness(_) => "no_randomness",
        }
    }

    fn fault(&self) -> Fault {
        match self {
            Self::NotSignedIn | Self::SignInNeeded | Self::Prefetch | Self::NavigationNeeded => Fault::User,
            Self::ResponseStarted
            | Self::LayerMissing
            | Self::SessionTooLarge
            | Self::RedirectUriNotRegistered(_)
            | Self::NoRandomness(_) => Fault::Configuration,
            Self::Store(error) => error.fault(),
            Self::Token(error) => error.fault(),
            Self::UserInfo(error) => error.fault(),
            Self::SignIn(error) => error.fault(),
        }
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Token(error) => error.is_transient(),
            Self::UserInfo(error) => error.is_transient(),
            Self::SignIn(error) => error.is_transient(),
            _ => false,
        }
    }
}

/// The status, and the code as text for a program. Where a browser opens a page, the layer shows what happened and what to do.
impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let status = match &self {
            // Nothing to show, and nothing to keep for later.
            Self::Prefetch => return StatusCode::NO_CONTENT.into_response(),
            Self::NotSignedIn | Self::SignInNeeded | Self::NavigationNeeded => StatusCode::UNAUTHORIZED,
            Self::Token(TokenError::Refused(_)) => StatusCode::FORBIDDEN,
            other if other.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = (status, self.code()).into_response();
        response.extensions_mut().insert(AnsweredWith(self.code()));
        response
    }
}

/// Marks an answer whose text is a bare code, for the layer.
#[derive(Clone, Copy)]
pub(crate) struct AnsweredWith(pub(crate) &'static str);

/// A bearer token was refused (RFC 6750 §3). Answers 401, 403 or 503 with `WWW-Authenticate`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BearerError {
    /// There is no bearer token.
    #[error("the request has no bearer token; send `Authorization: Bearer …`")]
    Missing,
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] AccessTokenError),
}

impl IntoResponse for BearerError {
    fn into_response(self) -> Response {
        let (status, challenge) = match &self {
            // A request without credentials is told the scheme alone (RFC 6750 §3.1).
            Self::Missing => (StatusCode::UNAUTHORIZED, "Bearer"),
            Self::Refused(AccessTokenError::Keys(_)) => {
                return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response();
            }
            Self::Refused(AccessTokenError::InsufficientScope(_)) => {
                (StatusCode::FORBIDDEN, r#"Bearer error="insufficient_scope""#)
            }
            Self::Refused(_) => (StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#),
        };
        (
            status,
            [(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))],
        )
            .into_response()
    }
}

/// A route failed; what the user is told is found by its code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RouteError {
    #[error("the request comes from another site")]
    CrossSite,
    #[error("there is no transaction for this callback")]
    TransactionMissing,
    #[error("the session does not fit into the cookies it may take")]
    SessionTooLarge,
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in the Logto console"
    )]
    RedirectUriNotRegistered(String),
    #[error("a transaction could not be kept")]
    TransactionNotKept,
    #[error(transparent)]
    Parameter(#[from] InvalidParameter),
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    #[error(transparent)]
    Store(StoreError),
}

impl RouteError {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::CrossSite => "cross_site_request",
            Self::TransactionMissing => "transaction_missing",
            Self::SessionTooLarge => "session_too_large",
            Self::RedirectUriNotRegistered(_) => "redirect_uri_not_registered",
            Self::TransactionNotKept | Self::NoRandomness(_) => "no_randomness",
            Self::Parameter(_) => "invalid_parameter",
            Self::SignIn(error) => error.code(),
            Self::Callback(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}
