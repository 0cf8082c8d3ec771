//! Redis and PostgreSQL servers that a test starts, kills, freezes and restarts.

mod builder;
mod error;
mod kind;
mod process;
mod programs;
mod server;

pub use self::{builder::StoreServerBuilder, error::StoreServerError, kind::StoreKind, server::StoreServer};
