//! The settings of a measurement.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The settings, as `bench/lib/users.mjs` writes them.
#[derive(Deserialize)]
pub(super) struct Plan {
    /// The port of the provider, which the apps are configured with.
    pub(super) provider_port: u16,
    pub(super) app_id: String,
    pub(super) app_secret: String,
    /// The API resource of the access tokens.
    pub(super) resource: String,
    /// The name of the user.
    pub(super) user: String,
    /// Addresses of the apps, by their names in the results.
    pub(super) apps: BTreeMap<String, String>,
    /// Rounds of load.
    pub(super) rounds: usize,
    /// Seconds of load for an app in a round.
    pub(super) seconds: u64,
    /// Users who act at the same time.
    pub(super) users: usize,
    /// Signed-in sessions of an app, whose tokens the refreshes renew in turn.
    pub(super) sessions: usize,
    /// Visits of the streaming page.
    pub(super) streams: usize,
}
