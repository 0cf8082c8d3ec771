//! The configuration: what the developer sets, and its checked form.

mod check;
mod checked;
mod endpoint;
mod management_app;
mod options;

pub(crate) use self::endpoint::is_secure;
pub use self::{checked::CheckedConfig, endpoint::is_loopback, options::LogtoConfig};
