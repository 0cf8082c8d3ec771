//! The series of a chart, second by second.

use std::time::Duration;

use crate::{
    growth::{Growth, growth},
    journal::{Content, Second},
};

/// Seconds over which a percentile is taken.
const WINDOW: usize = 5;

pub(crate) struct Series {
    pub(crate) title: &'static str,
    /// `None`: not measured in this second.
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) format: fn(f64) -> String,
}

/// Requests and errors are those of the visitors. The others are metrics of the instances; without
/// metrics, refreshes and latency are those that the provider has seen.
pub(crate) fn series(content: &Content) -> Vec<Series> {
    let seconds = &content.seconds;
    let of = |value: fn(&Second) -> u32| seconds.iter().map(|second| Some(f64::from(value(second)))).collect();
    let metrics = growth(seconds);
    let has_metrics = metrics.iter().any(Option::is_some);
    let of_metrics = |value: fn(&Growth) -> f64| metrics.iter().map(|growth| growth.as_ref().map(value)).collect();
    let whole = |value: f64| format!("{value:.0}");
    vec![
        Series {
            title: "requests per second",
            values: of(|second| second.requests),
            format: whole,
        },
        Series {
            title: "refreshes per second",
            values: if has_metrics {
                of_metrics(|growth| growth.refreshes)
            } else {
                of(|second| second.refreshes)
            },
            format: whole,
        },
        Series {
            title: "lease waits per second",
            values: of_metrics(|growth| growth.lease_waits),
            format: whole,
        },
        Series {
            title: "provider latency, p95",
            values: if has_metrics {
                windows(metrics.len(), |from, to| {
                    Growth::p95(metrics[from..to].iter().flatten())
                })
            } else {
                windows(seconds.len(), |from, to| p95(&seconds[from..to]))
            },
            format: |value| format!("{value:.2} s"),
        },
        Series {
            title: "errors per second",
            values: of(|second| second.errors),
            format: whole,
        },
    ]
}

/// A value for each second, of it and the seconds before.
fn windows(seconds: usize, value: impl Fn(usize, usize) -> Option<f64>) -> Vec<Option<f64>> {
    let of = |second: usize| value((second + 1).saturating_sub(WINDOW), second + 1);
    (0..seconds).map(of).collect()
}

fn p95(seconds: &[Second]) -> Option<f64> {
    let times = seconds.iter().flat_map(|second| second.latencies.iter().copied());
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let position = (times.len() * 95 / 100).min(times.len().saturating_sub(1));
    times.get(position).map(Duration::as_secs_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_covers_some_seconds() {
        let second = |milliseconds: &[u64]| Second {
            latencies: milliseconds.iter().map(|time| Duration::from_millis(*time)).collect(),
            ..Second::default()
        };
        let seconds = [second(&[]), second(&[10; 19]), second(&[6_000])];
        let values = windows(seconds.len(), |from, to| p95(&seconds[from..to]));
        assert_eq!(values, [None, Some(0.01), Some(6.0)]);
    }
}
