//! Webhooks of Logto: settings, extractor, and the built-in reaction.

pub(crate) mod config;
pub(crate) mod extract;
mod reaction;
pub(crate) mod rejection;
