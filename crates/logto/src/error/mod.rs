//! What can go wrong, by operation. Every error says whose fault it is, whether trying again may
//! help, and a stable code; none holds a secret or text that the other side chose.

mod access_token;
mod config;
mod discovery;
mod id_token;
mod logout_token;
mod oauth;
mod request;
mod sign_in;
mod sign_out;
mod token;
mod user_info;

use std::time::Duration;

pub use self::{
    access_token::AccessTokenError,
    config::{ConfigError, ConfigProblem},
    discovery::DiscoveryError,
    id_token::IdTokenError,
    logout_token::LogoutTokenError,
    oauth::OAuthError,
    request::RequestError,
    sign_in::{CallbackError, SignInError},
    sign_out::SignOutError,
    token::TokenError,
    user_info::UserInfoError,
};

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Ours: the configuration or the calling code.
    Configuration,
    /// The provider broke the protocol or is not available.
    Provider,
    /// The user, or the browser: cancelled, took too long, lacks a permission.
    User,
    /// Possibly an attack: what came back does not belong to what was sent.
    Mismatch,
}

/// What every error of this crate can tell about itself.
pub trait Diagnose: std::error::Error {
    /// A stable code, `snake_case`, fit to be shown and searched for.
    fn code(&self) -> &'static str;

    /// Whose fault it is.
    fn fault(&self) -> Fault;

    /// Whether the same call may succeed later with nothing changed. A transient error never ends a
    /// session.
    fn is_transient(&self) -> bool {
        false
    }

    /// How long to wait before the next try, when the provider said so (`Retry-After`).
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}
