//! The errors of this crate, and their responses.

mod status;

use std::{fmt, time::Duration};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use logto::session::{AppDataError, SessionState, store::StoreError};
use logto::{
    AccessTokenError, AccountError, CallbackError, ConfigError, Diagnose, Diagnosis, Fault, GrantError,
    InvalidParameter, ManagementError, NoHttpClient, NoRandomness, SignInError, SignInOptions, TokenError,
    UserInfoError,
};

use logto_requirements::StepUp;

use crate::{
    hooks::refusal::RefusedByApp,
    pages::unavailable,
    session::large_claims::LargeClaims,
    step_up::{challenge_for, options_for},
};

/// An error of [`Logto::new`](crate::Logto::new) and [`Logto::from_env`](crate::Logto::from_env).
///
/// `Debug` prints the same lines as `Display`, because `unwrap` and a `main` that returns the error
/// print it.
#[derive(thiserror::Error)]
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

impl fmt::Debug for SetUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An error of a session: the session, a token or the user's claims are unavailable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
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
    /// The user has to authenticate again: the last time is too long ago for a requirement with
    /// [`within`](crate::Requirement::within), or too weak for one with
    /// [`acr`](crate::Requirement::acr).
    #[error("the user's authentication is too old or too weak for this; let them sign in again, see `sign_in_options`")]
    StepUpNeeded(StepUp),
    /// The user does not meet a requirement. A new sign-in does not help.
    #[error("the user does not meet the requirement; grant the role or permission in the Logto console")]
    Forbidden,
    /// A requirement cannot be checked with this configuration.
    #[error("the requirement cannot be checked: {0}")]
    RequirementNotConfigured(#[from] RequirementProblem),
    /// The claims do not fit the type of the app, which is named here.
    #[error("the claims of the user do not fit the type `{0}`; make its fields optional")]
    UnexpectedClaims(&'static str),
    /// The app data in the session does not fit the type of the app, which is named here.
    #[error("the app data in the session does not fit the type `{0}`; make new fields optional")]
    UnexpectedData(&'static str),
    /// App data was rejected.
    #[error(transparent)]
    AppData(#[from] AppDataError),
    /// The user is not a member of the organization.
    #[error("the user is not a member of this organization; offer only those of `AuthSession::organizations`")]
    NotInOrganization,
    /// A token for the active organization was requested, and none is active.
    #[error("no organization is active; let the user choose one, and call `set_active_organization`")]
    NoActiveOrganization,
    /// A token of another user was requested, but the user is not acting as that user.
    ///
    /// Acting has ended, or another tab has chosen another user since the page was shown.
    #[error("the user is not acting as this user; check the permission and call `act_as`")]
    NotActing,
    /// The user asked to act as themselves.
    #[error("a user cannot act as themselves; do not offer the user of the session as a choice")]
    ActingAsSelf,
    /// The subject token belongs to another user. The exchanged token was revoked, and nothing was
    /// saved.
    #[error("the subject token belongs to another user than the one to act as; create one for this user's id")]
    SubjectTokenMismatch,
    /// No token of another user could be obtained.
    #[error(transparent)]
    Exchange(#[from] GrantError),
    /// No machine-to-machine app for the Management API is configured.
    #[error(
        "no app for the Management API is configured; set LOGTO_MANAGEMENT_APP_ID and LOGTO_MANAGEMENT_APP_SECRET, \
         or call `with_management_app`"
    )]
    NoManagementApp,
    /// A call of the Management API failed.
    #[error(transparent)]
    Management(#[from] ManagementError),
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
    #[error(
        "the request did not pass through LogtoLayer; add `.with_logto(&logto)` to the router (without Leptos \
         `.layer(logto.layer())`) after all routes and the fallback, because a layer applies only to routes \
         that were added before it"
    )]
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
    /// A call of Logto's Account API failed.
    #[error(transparent)]
    Account(AccountError),
    /// A parameter of a page of Logto has an invalid value.
    #[error(transparent)]
    InvalidParameter(#[from] InvalidParameter),
    /// The sign-in could not be started.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The provider does not know this redirect URI.
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in \
         the Logto console"
    )]
    RedirectUriNotRegistered(String),
    /// The transaction could not be sealed into a cookie, or it is silent and the browser has too
    /// many other sign-ins in progress.
    #[error("the sign-in could not be kept in a cookie; the log has the reason")]
    TransactionNotKept,
}

/// The reason why a requirement cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequirementProblem {
    /// The configuration does not request a scope that the requirement or its claim needs.
    #[error("it needs the scope `{0}`; add it to `LOGTO_SCOPES` or with `LogtoConfig::with_scopes`, and sign in again")]
    ScopeMissing(String),
    /// `scope` names no resource, and the configuration does not have exactly one.
    #[error(
        "`scope` needs a resource; name it with `.on(…)`, unless `LOGTO_RESOURCES` or `LogtoConfig::with_resources` \
         names only one"
    )]
    ResourceUnnamed,
    /// The configuration does not have this resource.
    #[error(
        "the resource `{0}` is not configured; add it to `LOGTO_RESOURCES` or with `LogtoConfig::with_resources`, \
         and sign in again"
    )]
    ResourceUnknown(String),
}

/// The demand of an API, see [`step_up_challenge`](crate::step_up_challenge).
impl From<StepUp> for SessionError {
    fn from(proof: StepUp) -> Self {
        Self::StepUpNeeded(proof)
    }
}

impl SessionError {
    /// The error for a session in this state, which has no signed-in user.
    #[must_use]
    pub const fn without_user(state: SessionState) -> Self {
        match state {
            SessionState::SignInNeeded | SessionState::Expired => Self::SignInNeeded,
            SessionState::AccessDenied => Self::AccessDenied,
            _ => Self::NotSignedIn,
        }
    }

    /// Returns the options of the sign-in after which the call may succeed, or `None` if a sign-in
    /// does not help.
    #[must_use]
    pub fn sign_in_options(&self) -> Option<SignInOptions> {
        match self {
            Self::NotSignedIn | Self::SignInNeeded => Some(SignInOptions::new()),
            Self::StepUpNeeded(proof) => Some(options_for(proof)),
            _ => None,
        }
    }

    /// Whether the error is a state of the session rather than a failure.
    pub(crate) const fn ends_sign_in(&self) -> bool {
        matches!(self, Self::NotSignedIn | Self::SignInNeeded | Self::AccessDenied)
    }
}

impl Diagnose for SessionError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::NotSignedIn => Diagnosis::new("not_signed_in", Fault::User),
            Self::SignInNeeded => Diagnosis::new("sign_in_needed", Fault::User),
            Self::AccessDenied => Diagnosis::new("app_access_denied", Fault::User),
            Self::StepUpNeeded(_) => Diagnosis::new("step_up_needed", Fault::User),
            Self::Forbidden => Diagnosis::new("forbidden", Fault::User),
            Self::RequirementNotConfigured(_) => Diagnosis::new("requirement_not_configured", Fault::Configuration),
            Self::UnexpectedClaims(_) => Diagnosis::new("unexpected_claims", Fault::Configuration),
            Self::UnexpectedData(_) => Diagnosis::new("unexpected_app_data", Fault::Configuration),
            Self::AppData(_) => Diagnosis::new("app_data_invalid", Fault::Configuration),
            Self::NotInOrganization => Diagnosis::new("not_in_organization", Fault::User),
            Self::NoActiveOrganization => Diagnosis::new("no_active_organization", Fault::User),
            Self::NotActing => Diagnosis::new("not_acting", Fault::User),
            Self::ActingAsSelf => Diagnosis::new("acting_as_self", Fault::User),
            Self::SubjectTokenMismatch => Diagnosis::new("subject_token_mismatch", Fault::Mismatch),
            Self::Exchange(error) => error.diagnosis(),
            Self::NoManagementApp => Diagnosis::new("management_app_missing", Fault::Configuration),
            Self::Management(error) => error.diagnosis(),
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
            Self::Account(error) => error.diagnosis(),
            Self::InvalidParameter(_) => Diagnosis::new("invalid_parameter", Fault::Configuration),
            Self::SignIn(error) => error.diagnosis(),
            Self::RedirectUriNotRegistered(_) => Diagnosis::new("redirect_uri_not_registered", Fault::Configuration),
            Self::TransactionNotKept => Diagnosis::new("transaction_not_kept", Fault::Configuration),
        }
    }
}

/// Responds with a status, the stable code as text and, for a transient error, `Retry-After`. If
/// the browser shows a page, the layer replaces the text with a page that says what to do.
impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        let status = self.status();
        // For a 204 the browser shows nothing and keeps nothing.
        if status == StatusCode::NO_CONTENT {
            return status.into_response();
        }
        let code = self.code();
        let mut response = (status, code).into_response();
        if let Some(wait) = self.wait() {
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        let proof = match self {
            Self::StepUpNeeded(proof) => proof,
            _ => StepUp::new(),
        };
        response.extensions_mut().insert(BareCode { code, proof });
        response
    }
}

/// Marks a response whose body is a bare code, for the layer.
#[derive(Clone)]
pub(crate) struct BareCode {
    pub(crate) code: &'static str,
    /// For a step-up: the demanded proof.
    pub(crate) proof: StepUp,
}

/// A bearer token is missing or was rejected (RFC 6750 §3). Responds with 401 or 403 and
/// `WWW-Authenticate`, with 503 and `Retry-After`, or with 500 if the layer is missing or the API
/// cannot exchange personal access tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BearerError {
    /// The request has no bearer token.
    #[error("the request has no bearer token; send `Authorization: Bearer …`")]
    Missing,
    /// The request did not pass through the layer that verifies tokens.
    #[error("no layer has verified the bearer token; add `.layer(logto.require_token(rules))` after the routes")]
    LayerMissing,
    /// The token was rejected.
    #[error(transparent)]
    Refused(#[from] AccessTokenError),
}

impl IntoResponse for BearerError {
    fn into_response(self) -> Response {
        let (status, challenge) = match &self {
            // Without credentials, the challenge names only the scheme (RFC 6750 §3.1).
            Self::Missing => (StatusCode::UNAUTHORIZED, "Bearer"),
            Self::LayerMissing => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            Self::Refused(AccessTokenError::Exchange(error)) if !error.is_transient() => {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            Self::Refused(
                error @ (AccessTokenError::Keys(_)
                | AccessTokenError::Exchange(_)
                | AccessTokenError::TooManyExchanges { .. }),
            ) => {
                let wait = [(header::RETRY_AFTER, unavailable::retry_after(error.retry_after()))];
                return (StatusCode::SERVICE_UNAVAILABLE, wait).into_response();
            }
            Self::Refused(AccessTokenError::InsufficientScope(_)) => {
                (StatusCode::FORBIDDEN, r#"Bearer error="insufficient_scope""#)
            }
            Self::Refused(AccessTokenError::InsufficientAuthentication(proof)) => {
                let challenge = [(header::WWW_AUTHENTICATE, challenge_for(proof))];
                return (StatusCode::UNAUTHORIZED, challenge).into_response();
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

/// The code of a sign-in by a magic link for another user.
pub(crate) const ANOTHER_USER: &str = "link_for_another_user";

/// A refusal of the hook `on_sign_in`, in spans and metrics: its own code could be any text.
const REFUSED_BY_APP: &str = "refused_by_app";

/// An error of a protocol route. Its code selects the advice for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RouteError {
    #[error("the request comes from another site")]
    CrossSite,
    #[error("there is no transaction for this callback")]
    TransactionMissing,
    #[error(
        "the provider sent a code that no sign-in of this browser has asked for; for single sign-on that begins at \
         the identity provider, let Logto redirect to the client URL of `WebConfig::with_sso_entry` instead of \
         sending a code"
    )]
    Unsolicited,
    #[error("the user who signed in is not the one of the magic link")]
    AnotherUser {
        /// The name of the user who signed in.
        user: String,
        /// Text of the link.
        link_email: String,
    },
    #[error("the hook `on_sign_in` refused the sign-in")]
    Refused(RefusedByApp),
    #[error("the hook `on_sign_in` failed")]
    HookFailed,
    #[error("the hook `on_sign_in` took too long")]
    HookTimedOut,
    #[error(transparent)]
    Parameter(#[from] InvalidParameter),
    #[error(transparent)]
    Auth(#[from] SessionError),
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl RouteError {
    /// The code for the page of failed sign-ins, which may be one of the app.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Refused(refused) => &refused.code,
            other => other.stable_code(),
        }
    }

    /// The code for spans and metrics: one of a closed set.
    pub(crate) fn stable_code(&self) -> &'static str {
        match self {
            Self::CrossSite => "cross_site_request",
            Self::TransactionMissing => "transaction_missing",
            Self::Unsolicited => "unsolicited_sign_in",
            Self::AnotherUser { .. } => ANOTHER_USER,
            Self::Refused(_) => REFUSED_BY_APP,
            Self::HookFailed => "sign_in_hook_failed",
            Self::HookTimedOut => "sign_in_hook_timed_out",
            Self::NoRandomness(_) => "no_randomness",
            Self::Parameter(_) => "invalid_parameter",
            Self::Auth(error) => error.code(),
            Self::Callback(error) => error.code(),
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Auth(SessionError::Store(error)) => Some(error.retry_after().unwrap_or(unavailable::RETRY_AFTER)),
            Self::HookTimedOut => Some(unavailable::RETRY_AFTER),
            Self::Auth(error) => error.retry_after(),
            Self::Callback(error) => error.retry_after(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_that_cannot_be_checked_names_the_variable() {
        for (problem, variable) in [
            (RequirementProblem::ScopeMissing("roles".to_owned()), "LOGTO_SCOPES"),
            (RequirementProblem::ResourceUnnamed, "LOGTO_RESOURCES"),
            (RequirementProblem::ResourceUnknown("x".into()), "LOGTO_RESOURCES"),
        ] {
            let text = SessionError::from(problem).to_string();
            assert!(text.contains(variable), "{text}");
        }
    }
}
