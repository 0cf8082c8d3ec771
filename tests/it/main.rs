//! The app as a process of its own, with a provider and a store that are real ones.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod killed;
mod process;
mod rolling_secret;
mod scripts;
