//! The response to a user who does not meet a requirement.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, Method, request::Parts};
use logto::{Diagnose as _, Fault, SignInOptions, session::SessionState};
use url::Url;

use super::sign_in_path::is_part_of_sign_in;
use crate::{
    error::SessionError,
    guard::fetch_metadata::{Initiator, initiator_of, wants_page},
    logto::Logto,
    routes::see_other::see_other,
    session::AuthSession,
};

/// Headers of scripts that replace a part of a page. Some of them accept HTML as a browser does.
static FRAGMENTS: [HeaderName; 2] = [
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("turbo-frame"),
];
/// Scripts send the value `XMLHttpRequest`. Apps that embed a browser send their own name with each
/// page.
static REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");

/// How long a session is new, in seconds. If the provider ends a new session, another sign-in would
/// lead here again.
const NEW_SESSION: u64 = 10;

/// The user does not meet a requirement.
///
/// As a response, it sends a browser that opens a page to the provider, if a sign-in helps, and
/// then back to the same address. For other requests it is the response of its error:
///
/// | error | a page is opened | other requests |
/// |---|---|---|
/// | [`SessionError::NotSignedIn`], [`SessionError::SignInNeeded`], [`SessionError::StepUpNeeded`] | 303 to the provider | 401, or 204 for a prefetch |
/// | [`SessionError::Forbidden`], [`SessionError::AccessDenied`] | 403 and a page | 403 |
/// | a transient error | 503 and a page | 503 |
/// | an error of the configuration | 500 and a page | 500 |
#[derive(Clone)]
pub struct RequirementRejection {
    error: SessionError,
    sign_in: Option<Url>,
}

/// Without the URL, which contains `state` and `nonce`.
impl fmt::Debug for RequirementRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequirementRejection")
            .field("error", &self.error)
            .field("starts_sign_in", &self.sign_in.is_some())
            .finish()
    }
}

impl RequirementRejection {
    /// Judges the request, and starts a sign-in if it opens a page.
    pub(crate) async fn new(session: &AuthSession, error: SessionError, parts: &Parts) -> Self {
        // A guarded page for failed sign-ins would start the next sign-in, which fails again.
        if error.sign_in_options().is_none() || is_part_of_sign_in(session, parts) {
            return Self::without_sign_in(error);
        }
        match initiator_of(&parts.method, &parts.headers) {
            Initiator::Prefetch => Self::without_sign_in(SessionError::Prefetch),
            Initiator::Navigation if shows_page(parts) && !session.has_just_ended(&error).await => {
                match Box::pin(session.start_sign_in_for(&error)).await {
                    Ok(url) => Self {
                        error,
                        sign_in: Some(url),
                    },
                    Err(error) => Self::without_sign_in(error),
                }
            }
            _ => Self::without_sign_in(error),
        }
    }

    pub(crate) fn without_sign_in(error: SessionError) -> Self {
        if error == SessionError::LayerMissing {
            Logto::report_missing_layer();
        } else if error.fault() == Fault::Configuration {
            tracing::error!(code = error.code(), %error, "a requirement cannot be checked");
        }
        Self { error, sign_in: None }
    }

    /// Returns the error.
    #[must_use]
    pub fn error(&self) -> &SessionError {
        &self.error
    }
}

fn shows_page(parts: &Parts) -> bool {
    parts.method != Method::HEAD && wants_page(&parts.headers) && !wants_fragment(&parts.headers)
}

fn wants_fragment(headers: &HeaderMap) -> bool {
    FRAGMENTS.iter().any(|name| headers.contains_key(name))
        || headers
            .get(&REQUESTED_WITH)
            .is_some_and(|value| value == "XMLHttpRequest")
}

impl IntoResponse for RequirementRejection {
    fn into_response(self) -> Response {
        match self.sign_in {
            Some(url) => see_other(url.as_str()),
            None => self.error.into_response(),
        }
    }
}

impl AuthSession {
    /// Starts the sign-in that may resolve an error, and returns the URL for the browser.
    ///
    /// It works like [`AuthSession::start_sign_in`]. The user returns to the page that the request
    /// opens or comes from, even if they are signed in.
    ///
    /// # Errors
    ///
    /// `error` itself if a sign-in does not help, and the errors of
    /// [`AuthSession::start_sign_in`].
    pub async fn start_sign_in_for(&self, error: &SessionError) -> Result<Url, SessionError> {
        self.start_sign_in(self.sign_in_options_for(error)?).await
    }

    /// Starts a sign-in as [`AuthSession::start_sign_in_for`] does, and makes the layer redirect
    /// the browser, see [`AuthSession::redirect_to_sign_in`].
    ///
    /// ```
    /// # use logto_axum::{SessionError, AuthSession, User, role};
    /// # async fn example(session: AuthSession) -> Result<User, SessionError> {
    /// match session.require(role("admin")).await {
    ///     Ok(user) => Ok(user),
    ///     Err(error) => {
    ///         session.redirect_to_sign_in_for(&error).await?;
    ///         Err(error)
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::start_sign_in_for`].
    pub async fn redirect_to_sign_in_for(&self, error: &SessionError) -> Result<(), SessionError> {
        self.redirect_to_sign_in(self.sign_in_options_for(error)?).await
    }

    /// Refuses a page that a framework renders, and that its user may not see. If a sign-in helps
    /// and the request opens the page, the layer redirects the browser as [`RequirementRejection`]
    /// does; otherwise it sets the status of the error. Both have no effect once the head was sent.
    ///
    /// Returns the error to show.
    #[doc(hidden)]
    pub async fn refuse_page(&self, error: SessionError, parts: &Parts) -> SessionError {
        if self.lock().head_sent {
            return error;
        }
        match RequirementRejection::new(self, error.clone(), parts).await {
            RequirementRejection {
                error: SessionError::ResponseStarted,
                ..
            } => error,
            RequirementRejection { sign_in: Some(url), .. } => {
                // Too late for a redirect, the page itself offers the sign-in.
                let _ = self.redirect(url.as_str());
                error
            }
            RequirementRejection { error, sign_in: None } => {
                self.lock().page_error = Some(error.clone());
                error
            }
        }
    }

    fn sign_in_options_for(&self, error: &SessionError) -> Result<SignInOptions, SessionError> {
        let options = error.sign_in_options().ok_or_else(|| error.clone())?;
        Ok(match self.calling_page() {
            Some(page) => options.with_post_redirect(page.to_string()),
            None => options,
        })
    }

    /// Whether the provider has ended the grant of a new session. Without a click, the browser
    /// would be redirected again and again.
    async fn has_just_ended(&self, error: &SessionError) -> bool {
        let Ok((SessionState::SignInNeeded | SessionState::Expired, Some(session))) = self.state_and_session().await
        else {
            return false;
        };
        let age = self.logto().client().now().seconds_since(session.started());
        *error == SessionError::SignInNeeded && age < NEW_SESSION
    }
}
