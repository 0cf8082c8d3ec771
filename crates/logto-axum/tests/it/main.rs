//! What the layer, the routes and the session do, seen from a browser, against an in-process provider.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod app;
mod backchannel_logout;
mod base_urls;
mod bearer;
mod caching;
mod cookies;
mod forged_cookies;
mod hostile_provider;
mod identity;
mod large_sessions;
mod lifetimes;
mod logs;
mod next_js;
mod planted_cookies;
mod provider_faults;
#[cfg(all(feature = "postgres", feature = "redis"))]
mod real_stores;
mod requests_from_elsewhere;
mod return_paths;
mod routes;
mod security_headers;
mod set_up;
mod sign_in;
mod sign_out;
mod stores;
mod storm;
mod tokens;
mod wildcards;
