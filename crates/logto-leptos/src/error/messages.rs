//! The texts for users.

use super::AuthErrorKind;

/// The label of the button that starts a sign-in.
pub(crate) const SIGN_IN: &str = "Sign in";

/// The message of an error.
pub(super) const fn of(kind: AuthErrorKind) -> &'static str {
    match kind {
        AuthErrorKind::NotSignedIn => "Please sign in to continue.",
        AuthErrorKind::SignInNeeded => "Your sign-in has ended. Please sign in again.",
        AuthErrorKind::StepUpNeeded => "Please confirm it's you: sign in again to continue.",
        AuthErrorKind::Forbidden => "Your account does not have permission for this.",
        AuthErrorKind::AccessDenied => "Your account currently may not use this app.",
        AuthErrorKind::Unavailable => "This is unavailable at the moment. Please try again soon.",
        AuthErrorKind::Internal => "Something went wrong. Please try again later.",
    }
}
