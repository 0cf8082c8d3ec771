//! The provider as a test sees it.

mod account;
mod browser;
mod builder;
mod delegation;
mod in_memory;
mod magic_links;
mod minted_tokens;
mod provider;
mod webhooks;

pub use self::{browser::AuthorizationRefused, builder::TestProviderBuilder, provider::TestProvider};
