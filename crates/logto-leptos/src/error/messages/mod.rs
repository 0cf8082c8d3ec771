//! The messages for users.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod imp;

pub(super) use imp::message_of;
