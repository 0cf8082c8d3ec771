//! The hook that decides whether a sign-in becomes a session.

use std::{fmt, sync::Arc};

use logto::{
    IdTokenClaims, Timestamp, TokenTarget, UserInfo, UserInfoError,
    session::{AppData, Session, SessionId},
};

use super::{HookError, NoResult};
use crate::{error::RouteError, logto::Logto};

/// The maximum length of the text of a refusal, in characters, because it is part of an address.
const MAX_TEXT: usize = 300;

/// The maximum length of the code of a refusal, in bytes.
const MAX_CODE: usize = 64;

/// The code of a refusal whose own code is invalid.
const REFUSED: &str = "sign_in_refused";

/// A sign-in that the provider has confirmed, before its session begins. The `Debug` output has no
/// tokens and no claims.
#[derive(Clone)]
pub struct SignInEvent {
    logto: Logto,
    session: Arc<Session>,
    sign_in_started: Timestamp,
}

impl SignInEvent {
    /// Returns the id of the user: the claim `sub`.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.claims().sub
    }

    /// Returns the claims of the verified ID token.
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        self.session.id_token().claims()
    }

    /// Whether Logto created the account during this sign-in. `None` if the ID token lacks the
    /// claim `created_at`.
    ///
    /// It says nothing about this app: a user may have an account at Logto for another one. Whether
    /// the user is new here depends on the app's own database; look up [`SignInEvent::user_id`].
    #[must_use]
    pub fn is_new_account(&self) -> Option<bool> {
        let created = self.claims().profile.created_at?.timestamp();
        let tolerance = self.logto.client().config().clock_tolerance();
        Some(created >= self.sign_in_started.minus(tolerance))
    }

    /// Requests userinfo from the provider: custom data, identities, and all claims that the scopes
    /// allow.
    ///
    /// # Errors
    ///
    /// If the provider is unavailable, or refuses.
    pub async fn user_info(&self) -> Result<UserInfo, UserInfoError> {
        let client = self.logto.client();
        let token = self.session.valid_token(&TokenTarget::USER_INFO, client.now());
        let token = token.ok_or(UserInfoError::InvalidToken)?;
        client.user_info(token, self.user_id()).await
    }

    /// Returns the session that begins if the hook allows it, with the tokens of the sign-in: the
    /// ID token, the refresh token, and an access token for userinfo.
    ///
    /// Do not use the refresh token here: the session would begin with one that is used up.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the id of the session, for [`Logto::end_session`].
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.session.id()
    }

    /// Returns the [`Logto`] that the sign-in belongs to.
    #[must_use]
    pub fn logto(&self) -> &Logto {
        &self.logto
    }
}

impl fmt::Debug for SignInEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInEvent")
            .field("user_id", &self.user_id())
            .finish_non_exhaustive()
    }
}

/// The decision that a sign-in becomes a session. `()` and [`AppData`] convert into it.
#[derive(Clone, Debug, Default)]
pub struct SignInApproval {
    data: Option<AppData>,
}

impl SignInApproval {
    /// Approves the sign-in, without app data.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the data that the session begins with.
    #[must_use]
    pub fn with_data(mut self, data: AppData) -> Self {
        self.data = Some(data);
        self
    }
}

impl From<()> for SignInApproval {
    fn from((): ()) -> Self {
        Self::new()
    }
}

impl From<AppData> for SignInApproval {
    fn from(data: AppData) -> Self {
        Self::new().with_data(data)
    }
}

/// The decision that a sign-in does not become a session: with the code and the text of the app, or
/// because of an error. Every error converts into it, so `?` works in a hook.
///
/// The visitor sees the text of [`SignInRefusal::new`], but not that of an error.
#[derive(Debug)]
pub struct SignInRefusal(Reason);

#[derive(Debug)]
enum Reason {
    Refused { code: String, text: String },
    Failed(HookError),
}

impl SignInRefusal {
    /// Refuses the sign-in.
    ///
    /// `code` is a stable name for programs: lowercase letters, digits and `_`, at most 64. The
    /// page for failed sign-ins ([`Paths::with_error`](crate::Paths::with_error)) gets it as
    /// `?code=`.
    ///
    /// The plain page of this crate shows `text`, at most 300 characters of it, to the visitor. A
    /// page of the app gets it sealed, as `&refusal=`, and opens it with
    /// [`AuthSession::refusal_text`](crate::AuthSession::refusal_text).
    #[must_use]
    pub fn new(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Reason::Refused {
            code: code.into(),
            text: text.into(),
        })
    }

    fn into_error(self) -> RouteError {
        match self.0 {
            Reason::Refused { code, text } => RouteError::Refused(RefusedByApp::new(code, &text)),
            Reason::Failed(error) => {
                tracing::error!(
                    code = "sign_in_hook_failed",
                    %error,
                    "the hook `on_sign_in` failed, so the user is not signed in"
                );
                RouteError::HookFailed
            }
        }
    }
}

impl<E: Into<HookError>> From<E> for SignInRefusal {
    fn from(error: E) -> Self {
        Self(Reason::Failed(error.into()))
    }
}

/// A refusal with a code and a text of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefusedByApp {
    pub(crate) code: String,
    pub(crate) text: String,
}

impl RefusedByApp {
    fn new(code: String, text: &str) -> Self {
        let is_valid = (1..=MAX_CODE).contains(&code.len())
            && code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let code = if is_valid {
            code
        } else {
            tracing::error!(
                code = REFUSED,
                "the hook `on_sign_in` refused a user with an invalid code; use at most {MAX_CODE} lowercase \
                 letters, digits and `_`"
            );
            REFUSED.to_owned()
        };
        Self {
            code,
            text: text.chars().take(MAX_TEXT).collect(),
        }
    }
}

impl Logto {
    /// Asks the app whether a sign-in becomes a session. An error, a panic and a timeout refuse it.
    ///
    /// `sign_in_started` is when the user left for the provider.
    pub(crate) async fn approve(&self, session: Session, sign_in_started: Timestamp) -> Result<Session, RouteError> {
        let hooks = &self.shared.web.config.hooks;
        let Some(hook) = &hooks.on_sign_in else {
            return Ok(session);
        };
        let event = SignInEvent {
            logto: self.clone(),
            session: Arc::new(session.clone()),
            sign_in_started,
        };
        match hooks.run(self.client(), hook, event).await {
            Ok(Ok(approval)) => Ok(session.with_app_data(approval.data)),
            Ok(Err(refusal)) => Err(refusal.into_error()),
            Err(reason) => {
                tracing::error!(
                    code = "sign_in_hook_failed",
                    %reason,
                    "the hook `on_sign_in` has no result, so the user is not signed in"
                );
                Err(match reason {
                    NoResult::TimedOut => RouteError::HookTimedOut,
                    NoResult::Panicked => RouteError::HookFailed,
                })
            }
        }
    }
}
