//! The error that server functions send to the browser.

#[cfg(feature = "ssr")]
mod from_session;
mod kind;
pub(crate) mod messages;

use std::{borrow::Cow, time::Duration};

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

pub use self::kind::AuthErrorKind;

/// The reason why a server function or page refused the user.
///
/// It has no details that only the developer may see: those are in the server's log.
///
/// It can be the error of a server function:
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::AuthError;
///
/// #[server]
/// async fn greeting() -> Result<String, AuthError> {
///     let user = logto_leptos::require_user().await?;
///     Ok(format!("Hello {}", user.name().unwrap_or("there")))
/// }
/// ```
///
/// Or a part of the app's own error:
///
/// ```
/// use leptos::{
///     prelude::*,
///     server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
/// };
/// use logto_leptos::AuthError;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, thiserror::Error, Serialize, Deserialize)]
/// pub enum AppError {
///     #[error(transparent)]
///     Auth(#[from] AuthError),
///     #[error("The order does not exist.")]
///     UnknownOrder,
///     #[error("The server cannot be reached.")]
///     Call,
/// }
///
/// impl FromServerFnError for AppError {
///     type Encoder = JsonEncoding;
///
///     fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
///         Self::Call
///     }
/// }
///
/// #[server]
/// async fn order(id: u32) -> Result<String, AppError> {
///     logto_leptos::require(logto_leptos::role("clerk")).await?;
///     Err(AppError::UnknownOrder)
/// }
/// ```
///
/// # Status
///
/// A server function that fails with it answers with [`AuthError::status`] instead of 500: the
/// layer sets the status when the response is ready. An error that the function handles has no
/// effect. A form without JavaScript is redirected to its page, as Leptos does with every error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthError {
    kind: AuthErrorKind,
    #[cfg_attr(feature = "ssr", serde(serialize_with = "from_session::serialize_code"))]
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    /// In seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
}

impl AuthError {
    fn new(kind: AuthErrorKind, code: &'static str) -> Self {
        Self {
            kind,
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(messages::of(kind)),
            max_age: None,
        }
    }

    /// Returns what the user can do about it.
    #[must_use]
    pub const fn kind(&self) -> AuthErrorKind {
        self.kind
    }

    /// Returns the stable code, such as `sign_in_needed`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns the message for the user of the page, which is also what
    /// [`Display`](std::fmt::Display) writes.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the HTTP status: 401 if a sign-in helps, 403 if it does not, 503 for a transient
    /// error, otherwise 500.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.kind.status()
    }

    /// Whether a sign-in helps.
    #[must_use]
    pub const fn needs_sign_in(&self) -> bool {
        self.kind.needs_sign_in()
    }

    /// Returns how long ago the user may have entered credentials, in full seconds, if the sign-in
    /// has to be a recent one: the property `max_age` of [`SignIn`](crate::SignIn).
    #[must_use]
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age.map(Duration::from_secs)
    }

    /// Sends the browser to a sign-in, and then back to the current address.
    ///
    /// Returns whether a sign-in helps. If not, the call is a no-op.
    ///
    /// Call it when the user has clicked something. On the server it is a no-op.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use logto_leptos::AuthError;
    ///
    /// #[component]
    /// fn Failure(error: AuthError) -> impl IntoView {
    ///     let message = error.message().to_owned();
    ///     view! {
    ///         <p>{message}</p>
    ///         {error.needs_sign_in().then(|| view! { <button on:click=move |_| { error.sign_in(); }>"Sign in"</button> })}
    ///     }
    /// }
    /// ```
    #[allow(
        clippy::must_use_candidate,
        reason = "the usual call is a statement in an event handler"
    )]
    pub fn sign_in(&self) -> bool {
        #[cfg(not(feature = "ssr"))]
        if self.needs_sign_in() {
            crate::components::start_sign_in(self.max_age);
        }
        self.needs_sign_in()
    }
}

impl std::fmt::Display for AuthError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AuthError {}

impl FromServerFnError for AuthError {
    type Encoder = JsonEncoding;

    /// The text of the error is for developers, and may quote a response.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::new(AuthErrorKind::Unavailable, "server_unreachable"),
            _ => Self::new(AuthErrorKind::Internal, "server_function_failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_way_to_the_browser() {
        let error = AuthError {
            max_age: Some(300),
            ..AuthError::new(AuthErrorKind::StepUpNeeded, "step_up_needed")
        };
        assert_eq!(AuthError::de(error.ser()), error);
        assert_eq!(error.to_string(), error.message());
    }

    #[test]
    fn an_error_of_a_newer_server_is_an_internal_one() {
        let newer = r#"{"kind":"from_the_future","code":"c","message":"m","more":1}"#;
        let error = AuthError::de(newer.into());
        assert_eq!((error.kind(), error.code()), (AuthErrorKind::Internal, "c"));
        let page = AuthError::de("<html>502</html>".into());
        assert_eq!(page.code(), "server_function_failed");
    }
}
