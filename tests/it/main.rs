//! Tests of the app as a process, with real store servers, and of the scripts.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

#[cfg(feature = "dev-provider")]
mod development;
mod draining;
mod killed;
mod metrics;
mod nginx;
mod operations;
mod process;
mod proxies;
mod rolling_secret;
mod scripts;
