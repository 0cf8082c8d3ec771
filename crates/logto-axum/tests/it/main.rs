//! What the layer, the routes and the session do, seen from a browser, against an in-process
//! provider.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod access_denied;
mod app;
mod backchannel_logout;
mod base_urls;
mod bearer;
mod budgets;
mod caching;
mod calling_page;
mod cookies;
mod failed_sign_in;
mod forged_cookies;
mod fresh_tokens;
mod hostile_provider;
mod identity;
mod kept_pages;
mod large_sessions;
mod late_callbacks;
mod lifetimes;
mod logs;
mod next_js;
mod planted_cookies;
mod problem_pages;
mod provider_faults;
#[cfg(all(feature = "postgres", feature = "redis"))]
mod real_stores;
mod requests_from_elsewhere;
mod return_paths;
mod rolling_secrets;
mod security_headers;
mod set_up;
mod several_of_one_name;
mod sign_in;
mod sign_in_options;
mod sign_out;
mod stores;
mod storm;
mod tokens;
mod unverified_logouts;
mod wildcards;
