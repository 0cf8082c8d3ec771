//! Requests of a client to the test provider, compared with the responses of a Logto server.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod browser;
mod claims_script;
mod client;
mod code_exchange;
mod contract;
mod dev_provider;
mod documents;
mod end_session;
mod http_faults;
mod id_token;
mod id_token_faults;
mod interactive;
mod magic_links;
mod minted_tokens;
mod organizations;
mod protocol_faults;
mod refresh;
mod requests;
mod revocation;
mod rotation;
mod sign_in;
#[cfg(unix)]
mod store_server;
mod token_exchange;
mod user_info;
mod webhooks;
