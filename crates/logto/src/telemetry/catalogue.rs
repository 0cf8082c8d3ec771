//! All metrics, with their labels.

/// A metric that this crate or `logto-axum` records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// The name, in the style of Prometheus.
    pub name: &'static str,
    /// The kind, which determines the unit.
    pub kind: MetricKind,
    /// The names of the labels.
    pub labels: &'static [&'static str],
    /// The description.
    pub description: &'static str,
}

/// The kind of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricKind {
    /// A number that only grows.
    Counter,
    /// A distribution of durations, in **seconds**.
    Histogram,
}

const fn counter(name: &'static str, labels: &'static [&'static str], description: &'static str) -> Metric {
    Metric {
        name,
        kind: MetricKind::Counter,
        labels,
        description,
    }
}

const fn histogram(name: &'static str, labels: &'static [&'static str], description: &'static str) -> Metric {
    Metric {
        name,
        kind: MetricKind::Histogram,
        labels,
        description,
    }
}

pub(super) const SIGN_INS: Metric = counter(
    "logto_sign_ins_total",
    &["result"],
    "Sign-ins that came back to the callback, or could not start, by result.",
);
pub(super) const SIGN_OUTS: Metric = counter("logto_sign_outs_total", &["result"], "Sign-outs by users, by result.");
pub(super) const SESSIONS: Metric = counter(
    "logto_sessions_total",
    &["store", "event"],
    "Sessions that began, and events that ended sessions, by store.",
);
pub(super) const REFRESHES: Metric = counter(
    "logto_refreshes_total",
    &["result"],
    "Refreshes of access tokens, by result.",
);
pub(super) const REFRESH_DURATION: Metric = histogram(
    "logto_refresh_duration_seconds",
    &["result"],
    "Time of a refresh, with the wait for other instances and the save.",
);
pub(super) const STORE_DURATION: Metric = histogram(
    "logto_store_duration_seconds",
    &["store", "operation", "result"],
    "Time of an operation of the session store.",
);
pub(super) const PROVIDER_REQUEST_DURATION: Metric = histogram(
    "logto_provider_request_duration_seconds",
    &["endpoint", "result"],
    "Time of a request to the provider.",
);
pub(super) const CACHE_REQUESTS: Metric = counter(
    "logto_cache_requests_total",
    &["cache", "result"],
    "Look-ups in the caches, by result.",
);
pub(super) const LEASE_WAITS: Metric = counter(
    "logto_lease_waits_total",
    &["outcome"],
    "Waits for another instance that refreshes the session, by outcome.",
);
pub(super) const LEASE_WAIT_DURATION: Metric = histogram(
    "logto_lease_wait_duration_seconds",
    &["outcome"],
    "Time of a wait for another instance that refreshes the session.",
);

/// All metrics.
///
/// ```
/// for metric in logto::telemetry::METRICS {
///     println!("{}: {}", metric.name, metric.description);
/// }
/// ```
pub const METRICS: [Metric; 10] = [
    SIGN_INS,
    SIGN_OUTS,
    SESSIONS,
    REFRESHES,
    REFRESH_DURATION,
    STORE_DURATION,
    PROVIDER_REQUEST_DURATION,
    CACHE_REQUESTS,
    LEASE_WAITS,
    LEASE_WAIT_DURATION,
];
