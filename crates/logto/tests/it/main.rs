//! The protocol against a provider that behaves like Logto, and against a hostile one. Tests with a
//! hostile provider are named `rejects_…`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod access_denied;
mod access_token;
mod access_token_keys;
mod account;
mod algorithms;
mod authorization;
mod callback;
mod cleared_tokens;
mod code_exchange;
mod conformance;
mod connection;
mod deny_list;
mod discovery;
mod failed_sign_in;
mod fresh_tokens;
mod harness;
mod id_token;
mod internal_endpoint;
mod keys;
mod logout_token;
mod logs;
mod machine_tokens;
mod management;
mod metadata;
mod next_js;
mod options;
mod outdated_claims;
mod paused_refreshes;
mod refresh;
mod refresh_errors;
mod refreshed_id_token;
mod refresher;
mod refresher_faults;
mod refresher_isolation;
mod refresher_stored;
mod refused_refresh;
mod secrets;
mod session;
mod sign_out;
mod stored_sessions;
mod token_exchange;
mod token_response;
mod user_info;
mod webhook;
