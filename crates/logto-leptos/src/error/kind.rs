//! The kinds of errors, by what the user can do about them.

use serde::{Deserialize, Serialize};

/// The kinds of [`AuthError`](crate::AuthError), by what the user can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// The user is not signed in. Offer a sign-in.
    NotSignedIn,
    /// The sign-in has ended. Offer another one.
    SignInNeeded,
    /// The user has to enter credentials again. Offer a sign-in with
    /// [`AuthError::max_age`](crate::AuthError::max_age).
    StepUpNeeded,
    /// The user has no permission. A sign-in does not help.
    Forbidden,
    /// The user currently may not use the application. A sign-in does not help.
    AccessDenied,
    /// The call is invalid, for example because an argument is missing. Neither a sign-in nor a
    /// retry helps.
    InvalidRequest,
    /// Logto, the session store or the server is unavailable. Offer to try again.
    Unavailable,
    /// An error of the app or its configuration; the log has the reason.
    #[serde(other)]
    Internal,
}

impl AuthErrorKind {
    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NotSignedIn | Self::SignInNeeded | Self::StepUpNeeded => 401,
            Self::Forbidden | Self::AccessDenied => 403,
            Self::InvalidRequest => 400,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }

    /// Whether a sign-in helps.
    #[must_use]
    pub const fn needs_sign_in(self) -> bool {
        matches!(self, Self::NotSignedIn | Self::SignInNeeded | Self::StepUpNeeded)
    }
}
