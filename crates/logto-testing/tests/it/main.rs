//! Walks the protocol as a client does, and holds each answer against what a Logto server answers.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod client;
mod code_exchange;
mod connection_faults;
mod documents;
mod end_session;
mod id_token;
mod id_token_faults;
mod minting;
mod observing;
mod organizations;
mod other_faults;
mod refresh;
mod revocation;
mod rotation;
mod sign_in;
#[cfg(unix)]
mod store_server;
mod user_info;
