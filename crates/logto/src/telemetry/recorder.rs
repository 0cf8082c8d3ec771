//! Passes values on to the recorder that the app has installed.

use std::time::Duration;

use metrics::{Label, Unit};

use super::catalogue::{METRICS, Metric, MetricKind};
use crate::clock::Clock;

/// Measures a duration with the clock of the client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer(Duration);

impl Timer {
    pub(crate) fn start(clock: &dyn Clock) -> Self {
        Self(clock.since_epoch())
    }
}

/// Describes all metrics to the recorder. Repeated calls are harmless.
pub(crate) fn describe() {
    for metric in METRICS {
        match metric.kind {
            MetricKind::Counter => metrics::describe_counter!(metric.name, Unit::Count, metric.description),
            MetricKind::Histogram => metrics::describe_histogram!(metric.name, Unit::Seconds, metric.description),
        }
    }
}

pub(super) fn count<const N: usize>(metric: &Metric, values: [&'static str; N]) {
    metrics::counter!(metric.name, labels(metric, values)).increment(1);
}

pub(super) fn observe<const N: usize>(metric: &Metric, values: [&'static str; N], timer: Timer, clock: &dyn Clock) {
    // A clock that was set back measures zero.
    let elapsed = clock.since_epoch().saturating_sub(timer.0);
    metrics::histogram!(metric.name, labels(metric, values)).record(elapsed.as_secs_f64());
}

fn labels<const N: usize>(metric: &Metric, values: [&'static str; N]) -> Vec<Label> {
    debug_assert_eq!(metric.labels.len(), N, "{}", metric.name);
    let names = metric.labels.iter().copied();
    names
        .zip(values)
        .map(|(name, value)| Label::from_static_parts(name, value))
        .collect()
}
