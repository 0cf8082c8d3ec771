//! The errors, one type for each operation. No error holds a secret; text from the provider is
//! truncated and quoted.

mod access_token;
mod config;
mod diagnosis;
mod discovery;
mod grant;
mod id_token;
mod logout_token;
mod management;
mod oauth;
mod request;
mod sign_in;
mod sign_out;
mod token;
mod user_info;
mod webhook;

pub use self::{
    access_token::AccessTokenError,
    config::{ConfigError, ConfigProblem},
    diagnosis::{Diagnose, Diagnosis, Fault},
    discovery::DiscoveryError,
    grant::GrantError,
    id_token::IdTokenError,
    logout_token::LogoutTokenError,
    management::{ManagementError, ManagementErrorKind, ManagementRefusal},
    oauth::OAuthError,
    request::RequestError,
    sign_in::{CallbackError, SignInError},
    sign_out::SignOutError,
    token::TokenError,
    user_info::UserInfoError,
    webhook::WebhookError,
};
