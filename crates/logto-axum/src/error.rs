//! The errors of this crate, and their responses.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use logto::session::{SessionState, store::StoreError};
use logto::{
    AccessTokenError, CallbackError, ConfigError, Diagnose, Diagnosis, Fault, InvalidParameter, NoHttpClient,
    NoRandomness, SignInError, TokenError, UserInfoError,
};

use crate::{pages::unavailable, session::large_claims::LargeClaims};

/// An error of [`Logto::new`](crate::Logto::new).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetUpError {
    /// The configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The TLS client cannot be created.
    #[error(transparent)]
    Http(#[from] NoHttpClient),
    /// The development provider cannot start.
    #[cfg(feature = "dev-provider")]
    #[error(transparent)]
    DevProvider(#[from] logto_testing::DevProviderError),
}

/// An error of a session: the session, a token or the user's claims are unavailable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The user is not signed in.
    #[error("the user is not signed in; show a sign-in button")]
    NotSignedIn,
    /// The grant has ended: the user has to sign in again.
    #[error("the sign-in has ended at the provider; the user has to sign in again")]
    SignInNeeded,
    /// The user currently may not use the application. The session is kept, and the provider is
    /// asked again at most once a minute. A new sign-in does not help.
    #[error(
        "the user currently may not use this application; say so, offer to sign out, and restore access in the \
         Logto console: the session then continues"
    )]
    AccessDenied,
    /// The head of the response has been sent, so a cookie can no longer be set.
    #[error(
        "the response has begun, so no cookie and no redirect can be sent any more; call this in a server \
         function, an action or a handler; for a token while rendering use the `_ssr` function"
    )]
    ResponseStarted,
    /// The response was sent with `Cache-Control: public`, so its body cannot depend on the
    /// session.
    #[error(
        "the response is `public`, so its body cannot depend on the session; read the session before the head \
         is sent, or omit `public`"
    )]
    ResponsePublic,
    /// The request is a prefetch, which starts no sign-in: abandoned ones would pile up.
    #[error("a prefetch starts no sign-in; nothing needs to be done")]
    Prefetch,
    /// The request is a script's GET, which cannot show the provider's page; or a cross-site
    /// request to an open path ([`WebConfig::with_open_path`](crate::WebConfig::with_open_path)),
    /// whose response sets no cookies.
    #[error(
        "neither a script's GET nor a cross-site request starts a sign-in; show a sign-in button, or call a \
         server function by POST from a page of this site"
    )]
    NavigationNeeded,
    /// The request did not pass through the layer.
    #[error("the request did not pass through LogtoLayer; add `.layer(logto.layer())` after the routes")]
    LayerMissing,
    /// There is no request, for example while Leptos generates its list of routes.
    #[error("there is no request here, so there is no session; call this while a request is handled")]
    NoRequest,
    /// The page uses Leptos's `SsrMode::Static`: it is rendered once for all users.
    #[error(
        "a page with `SsrMode::Static` is rendered once for all users and has no session; choose another mode for it"
    )]
    StaticPage,
    /// The user's session does not fit into cookies.
    #[error(
        "the session exceeds the size limit of its cookies, because of the user's {0}; keep sessions in a \
         store, request fewer scopes, or raise the limit with `with_cookie_budget`"
    )]
    SessionTooLarge(LargeClaims),
    /// The session store is unavailable, so it is unknown whether the user is signed in.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token is unavailable.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Userinfo is unavailable.
    #[error(transparent)]
    UserInfo(#[from] UserInfoError),
    /// The sign-in could not be started.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The provider does not know this redirect URI.
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in \
         the Logto console"
    )]
    RedirectUriNotRegistered(String),
    /// The transaction could not be sealed into a cookie.
    #[error("the sign-in could not be kept in a cookie; the log has the reason")]
    TransactionNotKept,
}

impl AuthError {
    /// The error for a session in this state, which has no signed-in user.
    #[must_use]
    pub const fn without_user(state: SessionState) -> Self {
        match state {
            SessionState::SignInNeeded | SessionState::Expired => Self::SignInNeeded,
            SessionState::AccessDenied => Self::AccessDenied,
            _ => Self::NotSignedIn,
        }
    }

    /// Whether the error is a state of the session rather than a failure.
    pub(crate) const fn ends_sign_in(&self) -> bool {
        matches!(self, Self::NotSignedIn | Self::SignInNeeded | Self::AccessDenied)
    }
}

impl Diagnose for AuthError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::NotSignedIn => Diagnosis::new("not_signed_in", Fault::User),
            Self::SignInNeeded => Diagnosis::new("sign_in_needed", Fault::User),
            Self::AccessDenied => Diagnosis::new("app_access_denied", Fault::User),
            Self::Prefetch => Diagnosis::new("prefetch", Fault::User),
            Self::NavigationNeeded => Diagnosis::new("navigation_needed", Fault::User),
            Self::ResponseStarted => Diagnosis::new("response_started", Fault::Configuration),
            Self::ResponsePublic => Diagnosis::new("response_public", Fault::Configuration),
            Self::LayerMissing => Diagnosis::new("logto_layer_missing", Fault::Configuration),
            Self::NoRequest => Diagnosis::new("no_request", Fault::Configuration),
            Self::StaticPage => Diagnosis::new("static_page", Fault::Configuration),
            Self::SessionTooLarge(claims) => Diagnosis::new(claims.code(), Fault::Configuration),
            Self::Store(error) => error.diagnosis(),
            Self::Token(error) => error.diagnosis(),
            Self::UserInfo(error) => error.diagnosis(),
            Self::SignIn(error) => error.diagnosis(),
            Self::RedirectUriNotRegistered(_) => Diagnosis::new("redirect_uri_not_registered", Fault::Configuration),
            Self::TransactionNotKept => Diagnosis::new("transaction_not_kept", Fault::Configuration),
        }
    }
}

/// Responds with a status, the stable code as text and, for a transient error, `Retry-After`. If
/// the browser shows a page, the layer replaces the text with a page that says what to do.
impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let status = match &self {
            // For a 204 the browser shows nothing and keeps nothing.
            Self::Prefetch => return StatusCode::NO_CONTENT.into_response(),
            Self::NotSignedIn | Self::SignInNeeded | Self::NavigationNeeded => StatusCode::UNAUTHORIZED,
            Self::AccessDenied | Self::Token(TokenError::Refused(_)) => StatusCode::FORBIDDEN,
            other if other.is_transient() => {
                let wait = [(header::RETRY_AFTER, unavailable::retry_after(other.retry_after()))];
                return self.response(StatusCode::SERVICE_UNAVAILABLE, wait);
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        self.response(status, [])
    }
}

impl AuthError {
    fn response<const N: usize>(&self, status: StatusCode, headers: [(HeaderName, HeaderValue); N]) -> Response {
        let mut response = (status, headers, self.code()).into_response();
        response.extensions_mut().insert(BareCode(self.code()));
        response
    }
}

/// Marks a response whose body is a bare code, for the layer.
#[derive(Clone, Copy)]
pub(crate) struct BareCode(pub(crate) &'static str);

/// A bearer token is missing or was rejected (RFC 6750 §3). Responds with 401 or 403 and
/// `WWW-Authenticate`, or with 503 and `Retry-After`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BearerError {
    /// The request has no bearer token.
    #[error("the request has no bearer token; send `Authorization: Bearer …`")]
    Missing,
    /// The token was rejected.
    #[error(transparent)]
    Refused(#[from] AccessTokenError),
}

impl IntoResponse for BearerError {
    fn into_response(self) -> Response {
        let (status, challenge) = match &self {
            // Without credentials, the challenge names only the scheme (RFC 6750 §3.1).
            Self::Missing => (StatusCode::UNAUTHORIZED, "Bearer"),
            Self::Refused(error @ AccessTokenError::Keys(_)) => {
                let wait = [(header::RETRY_AFTER, unavailable::retry_after(error.retry_after()))];
                return (StatusCode::SERVICE_UNAVAILABLE, wait).into_response();
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

/// An error of a protocol route. Its code selects the advice for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RouteError {
    #[error("the request comes from another site")]
    CrossSite,
    #[error("there is no transaction for this callback")]
    TransactionMissing,
    #[error(transparent)]
    Parameter(#[from] InvalidParameter),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl RouteError {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::CrossSite => "cross_site_request",
            Self::TransactionMissing => "transaction_missing",
            Self::NoRandomness(_) => "no_randomness",
            Self::Parameter(_) => "invalid_parameter",
            Self::Auth(error) => error.code(),
            Self::Callback(error) => error.code(),
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Auth(AuthError::Store(error)) => Some(error.retry_after().unwrap_or(unavailable::RETRY_AFTER)),
            Self::Auth(error) => error.retry_after(),
            Self::Callback(error) => error.retry_after(),
            _ => None,
        }
    }
}
