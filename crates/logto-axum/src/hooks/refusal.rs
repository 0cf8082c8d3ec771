//! The decision of an app that a sign-in does not become a session.

use super::hook::HookError;

/// The maximum length of the text of a refusal, in characters, because it is part of an address.
const MAX_TEXT: usize = 300;

/// The maximum length of the code of a refusal, in bytes.
const MAX_CODE: usize = 64;

/// The code of a refusal whose own code is invalid.
const REFUSED: &str = "sign_in_refused";

/// The decision that a sign-in does not become a session: with the code and the text of the app, or
/// because of an error. Every error converts into it, so `?` works in a hook.
///
/// The visitor sees the text of [`SignInRefusal::new`], but not that of an error.
#[derive(Debug)]
pub struct SignInRefusal(pub(super) Reason);

#[derive(Debug)]
pub(super) enum Reason {
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
    ///
    /// Everyone who has the link can see the text for ten minutes, so it must not contain values of
    /// the user.
    #[must_use]
    pub fn new(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Reason::Refused {
            code: code.into(),
            text: text.into(),
        })
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
    pub(super) fn new(code: String, text: &str) -> Self {
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
