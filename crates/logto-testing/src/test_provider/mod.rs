//! The provider as a test sees it.

mod account;
mod browser;
mod builder;
mod delegation;
mod in_memory;
mod minted_tokens;
mod provider;

pub use self::{browser::AuthorizationRefused, builder::TestProviderBuilder, provider::TestProvider};
