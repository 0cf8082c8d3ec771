//! In the browser: the messages of errors that arise there. An error of the server brings its own.

use std::borrow::Cow;

use crate::{AuthErrorKind, components::page_texts};

/// In the language of the page, or in English outside a `LogtoProvider`.
pub(crate) fn message_of(kind: AuthErrorKind) -> Cow<'static, str> {
    let texts = page_texts();
    let (message, english) = match kind {
        AuthErrorKind::Unavailable => (
            texts.unavailable,
            "This is unavailable at the moment. Please try again soon.",
        ),
        _ => (texts.failed, "Something went wrong. Please try again later."),
    };
    if message.is_empty() {
        Cow::Borrowed(english)
    } else {
        Cow::Owned(message)
    }
}
