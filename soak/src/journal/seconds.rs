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
    /// `None` if the app reports no metrics.
    pub(crate) metrics: Option<Sample>,
}

/// Metrics of a process since it began.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sample {
    pub(crate) refreshes: f64,
    pub(crate) lease_waits: f64,
    /// Token requests to the provider: cumulative counts by the upper bound of their time in
    /// seconds.
    pub(crate) token_requests: Vec<(f64, f64)>,
    /// Saves in the store, in the same form.
    pub(crate) saves: Vec<(f64, f64)>,
}
