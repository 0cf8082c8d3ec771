//! Configuration of the web side: [`WebConfig`], its builder methods by subject, and its checks.

// The first module, so that rustdoc shows `WebConfig::new` before the other methods.
mod web_config;

mod addresses;
pub(crate) mod check;
mod cookies;
mod from_env;
mod headers;
mod hooks;
pub(crate) mod paths;
mod routes;
pub(crate) mod security_headers;
mod sessions;
mod user_view;
mod webhooks;

pub use self::web_config::WebConfig;
