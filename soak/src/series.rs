//! The series of a chart, second by second.

use std::time::Duration;

use crate::journal::{Content, INSTANCES, Second};

/// Seconds over which a percentile is taken.
const WINDOW: usize = 5;

pub(crate) struct Series {
    pub(crate) title: &'static str,
    /// `None`: not measured in this second.
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) format: fn(f64) -> String,
}

pub(crate) fn series(content: &Content) -> Vec<Series> {
    let seconds = &content.seconds;
    let of = |value: fn(&Second) -> u32| seconds.iter().map(|second| Some(f64::from(value(second)))).collect();
    let whole = |value: f64| format!("{value:.0}");
    vec![
        Series {
            title: "requests per second",
            values: of(|second| second.requests),
            format: whole,
        },
        Series {
            title: "refreshes per second",
            values: of(|second| second.refreshes),
            format: whole,
        },
        Series {
            title: "lease waits per second",
            values: lease_waits(seconds),
            format: whole,
        },
        Series {
            title: "provider latency, p95",
            values: latencies(seconds),
            format: |value| format!("{value:.3} s"),
        },
        Series {
            title: "errors per second",
            values: of(|second| second.errors),
            format: whole,
        },
    ]
}

/// The growth of the counters of both instances. A new process begins at zero.
fn lease_waits(seconds: &[Second]) -> Vec<Option<f64>> {
    let mut before = [(0, 0.0); INSTANCES];
    let growth = |second: &Second| {
        let mut sum = None;
        for (gauges, (generation, last)) in second.gauges.iter().zip(&mut before) {
            let Some((gauges, waits)) = gauges.as_ref().and_then(|gauges| Some((gauges, gauges.lease_waits?))) else {
                continue;
            };
            if *generation != gauges.generation {
                (*generation, *last) = (gauges.generation, 0.0);
            }
            sum = Some(sum.unwrap_or_default() + waits - *last);
            *last = waits;
        }
        sum
    };
    seconds.iter().map(growth).collect()
}

fn latencies(seconds: &[Second]) -> Vec<Option<f64>> {
    let percentile = |end: usize| {
        let window = &seconds[end.saturating_sub(WINDOW - 1)..=end];
        let mut times: Vec<Duration> = window
            .iter()
            .flat_map(|second| second.latencies.iter().copied())
            .collect();
        times.sort_unstable();
        let position = (times.len() * 95 / 100).min(times.len().saturating_sub(1));
        times.get(position).map(Duration::as_secs_f64)
    };
    (0..seconds.len()).map(percentile).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Gauges;

    #[test]
    fn a_counter_of_a_new_process_begins_at_zero() {
        let second = |generation, waits| Second {
            gauges: [
                Some(Gauges {
                    generation,
                    lease_waits: waits,
                    ..Gauges::default()
                }),
                None,
            ],
            ..Second::default()
        };
        let seconds = [
            second(1, Some(3.0)),
            second(1, Some(5.0)),
            second(2, None),
            second(2, Some(1.0)),
        ];
        assert_eq!(lease_waits(&seconds), [Some(3.0), Some(2.0), None, Some(1.0)]);
    }

    #[test]
    fn a_percentile_covers_some_seconds() {
        let second = |milliseconds: &[u64]| Second {
            latencies: milliseconds.iter().map(|time| Duration::from_millis(*time)).collect(),
            ..Second::default()
        };
        let seconds = [second(&[]), second(&[10; 19]), second(&[6_000])];
        assert_eq!(latencies(&seconds), [None, Some(0.01), Some(6.0)]);
    }
}
