//! One second of a run.

use std::time::Duration;

/// The number of instances.
pub(crate) const INSTANCES: usize = 2;

#[derive(Clone, Debug, Default)]
pub(crate) struct Second {
    pub(crate) requests: u32,
    pub(crate) errors: u32,
    pub(crate) refreshes: u32,
    /// How long the provider took for each of the refreshes.
    pub(crate) latencies: Vec<Duration>,
    pub(crate) gauges: [Option<Gauges>; INSTANCES],
}

/// Values of an instance at one time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gauges {
    /// The process, which changes with a restart.
    pub(crate) generation: u32,
    /// Resident memory in bytes.
    pub(crate) resident: u64,
    /// The waits for leases since the process began, if the app reports metrics.
    pub(crate) lease_waits: Option<f64>,
    /// The 95th percentile of the latency of the provider in seconds, if the app reports metrics.
    pub(crate) provider_p95: Option<f64>,
}
