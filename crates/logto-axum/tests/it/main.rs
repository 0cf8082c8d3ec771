//! Tests of the layer, the routes and the session through a browser, against an in-process
//! provider.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod access_denied;
mod account;
mod acting;
mod active_organization;
mod app;
mod app_data;
mod backchannel_logout;
mod base_urls;
mod bearer;
mod budgets;
mod caching;
mod clear_site_data;
mod cookies;
mod cross_site;
mod duplicate_cookies;
mod exit;
mod failed_sign_in;
mod faulty_store;
mod forged_cookies;
mod forgotten;
mod fresh_tokens;
mod health;
mod hooks;
mod hostile_provider;
mod identity;
mod invitations;
mod languages;
mod large_sessions;
mod late_callbacks;
mod leases;
mod lifetimes;
mod logs;
mod magic_links;
#[cfg(feature = "testing")]
mod minted_sessions;
mod next_js;
mod organization_names;
mod personal_access_tokens;
mod planted_cookies;
mod problem_pages;
mod provider_faults;
#[cfg(all(feature = "postgres", feature = "redis"))]
mod real_stores;
mod require;
mod return_paths;
mod return_to_referer;
mod rolling_secrets;
mod security_headers;
mod set_up;
mod sign_in;
mod sign_in_options;
mod sign_out;
mod silent_sign_in;
mod sso_entry;
mod store_migration;
mod stores;
mod storm;
#[cfg(feature = "metrics")]
mod telemetry;
mod tenants;
mod tokens;
mod webhooks;
mod wildcards;
