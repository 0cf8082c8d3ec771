//! In the browser: in the language of the page, or in English outside a `LogtoProvider`.

use std::borrow::Cow;

use crate::{AuthErrorKind, components::page_texts};

pub(crate) fn message_of(kind: AuthErrorKind) -> Cow<'static, str> {
    let Some(texts) = page_texts() else {
        return Cow::Borrowed(english(kind));
    };
    Cow::Owned(match kind {
        AuthErrorKind::NotSignedIn => texts.error_not_signed_in,
        AuthErrorKind::SignInNeeded => texts.error_sign_in_needed,
        AuthErrorKind::StepUpNeeded => texts.error_step_up_needed,
        AuthErrorKind::Forbidden => texts.error_forbidden,
        AuthErrorKind::AccessDenied => texts.error_access_denied,
        AuthErrorKind::Unavailable => texts.error_unavailable,
        AuthErrorKind::InvalidRequest | AuthErrorKind::Internal => texts.error_internal,
    })
}

const fn english(kind: AuthErrorKind) -> &'static str {
    match kind {
        AuthErrorKind::NotSignedIn => "Please sign in to continue.",
        AuthErrorKind::SignInNeeded => "Your sign-in has ended. Please sign in again.",
        AuthErrorKind::StepUpNeeded => "Please confirm it's you: sign in again to continue.",
        AuthErrorKind::Forbidden => "Your account does not have permission for this.",
        AuthErrorKind::AccessDenied => "Your account currently may not use this app.",
        AuthErrorKind::Unavailable => "This is unavailable at the moment. Please try again soon.",
        AuthErrorKind::InvalidRequest | AuthErrorKind::Internal => "Something went wrong. Please try again later.",
    }
}
