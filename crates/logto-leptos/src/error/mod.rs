//! The error that server functions send to the browser.

#[cfg(feature = "ssr")]
mod from_session;
mod kind;
mod messages;

use std::{borrow::Cow, time::Duration};

use leptos::server_fn::{
    Bytes, Decodes as _,
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

pub use self::kind::AuthErrorKind;

/// The reason why a server function or page refused the user.
///
/// It has no details that only the developer may see: those are in the server's log.
///
/// The functions of this crate, such as `require`, `access_token` and `sign_in`, return it. It can be
/// the error of a server function:
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
/// layer sets the status when the response is ready. An error that the function handles does not
/// change the status. A form without JavaScript is redirected to its page, as Leptos does with every error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Received")]
pub struct AuthError {
    kind: AuthErrorKind,
    #[cfg_attr(feature = "ssr", serde(serialize_with = "from_session::serialize_code"))]
    code: Cow<'static, str>,
    #[serde(skip_serializing)]
    message: Cow<'static, str>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<Cow<'static, str>>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

/// An error as it arrives. It has no message: Leptos also reads errors from the address of a page
/// (`__err`), and a link must not put its own text on the page.
#[derive(Deserialize)]
struct Received {
    kind: AuthErrorKind,
    code: String,
    #[serde(default)]
    max_age: Option<u64>,
    #[serde(default)]
    acr: Option<String>,
    #[serde(default)]
    retry_after: Option<u64>,
}

impl From<Received> for AuthError {
    fn from(received: Received) -> Self {
        let code = if is_code(&received.code) {
            Cow::Owned(received.code)
        } else {
            Cow::Borrowed("server_function_failed")
        };
        Self {
            code,
            max_age: received.max_age,
            acr: received.acr.map(Cow::Owned),
            retry_after: received.retry_after,
            ..Self::new(received.kind, "")
        }
    }
}

fn is_code(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(is_part)
}

impl AuthError {
    fn new(kind: AuthErrorKind, code: &'static str) -> Self {
        Self {
            kind,
            code: Cow::Borrowed(code),
            message: messages::message_of(kind),
            max_age: None,
            acr: None,
            retry_after: None,
        }
    }

    /// The caller of a server function sent arguments that cannot be read.
    fn invalid_arguments() -> Self {
        Self::new(AuthErrorKind::InvalidRequest, "invalid_arguments")
    }

    fn unknown_failure() -> Self {
        Self::new(AuthErrorKind::Internal, "server_function_failed")
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
    ///
    /// It belongs to the [`kind`](AuthError::kind) and does not travel. It is in the visitor's
    /// language: on the server that of the request, and in the browser that of the page, or English
    /// outside a [`LogtoProvider`](crate::LogtoProvider). An app replaces the messages as it does
    /// other [`Texts`](https://docs.rs/logto-axum/latest/logto_axum/struct.Texts.html): their keys
    /// begin with `error-`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the HTTP status: 401 if a sign-in helps, 403 if it does not, 400 for an invalid call,
    /// 503 for a transient error, otherwise 500.
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

    /// Returns the class that the authentication has to reach, such as `urn:logto:acr:mfa`, if the
    /// user has to prove more: the property `acr_values` of [`SignIn`](crate::SignIn).
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.acr.as_deref()
    }

    /// Returns when to try again after a transient error, in full seconds, if the provider said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after.map(Duration::from_secs)
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
            crate::components::start_sign_in(self.max_age, self.acr());
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
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::invalid_arguments(),
            // On the server, this is the body of the request; in the browser, that of the response.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => Self::invalid_arguments(),
            _ => Self::unknown_failure(),
        }
    }

    fn de(data: Bytes) -> Self {
        JsonEncoding::decode(data).unwrap_or_else(|_| Self::unknown_failure())
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_way_to_the_browser() {
        let error = AuthError {
            max_age: Some(300),
            acr: Some("urn:logto:acr:mfa".into()),
            retry_after: Some(40),
            ..AuthError::new(AuthErrorKind::StepUpNeeded, "step_up_needed")
        };
        assert_eq!(AuthError::de(error.ser()), error);
        assert_eq!(error.to_string(), error.message());
    }

    #[test]
    fn an_error_of_a_newer_server_is_an_internal_one() {
        let newer = r#"{"kind":"from_the_future","code":"c","more":1}"#;
        let error = AuthError::de(newer.into());
        assert_eq!((error.kind(), error.code()), (AuthErrorKind::Internal, "c"));
        let page = AuthError::de("<html>502</html>".into());
        assert_eq!(page.code(), "server_function_failed");
    }

    /// Leptos reads an error from the parameter `__err` of a page's address.
    #[test]
    fn a_link_cannot_put_its_own_text_into_an_error() {
        let forged = r#"{"kind":"forbidden","code":"Call us!","message":"Your account is blocked"}"#;
        let error = AuthError::de(forged.into());
        assert_eq!(error.message(), "Your account does not have permission for this.");
        assert_eq!(error.code(), "server_function_failed");
    }
}
