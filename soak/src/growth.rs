//! The growth of counters of the instances from second to second.

use std::time::Duration;

use crate::journal::{Gauges, INSTANCES, Sample, Second};

/// In place of the last bucket, which has no bound: the timeout of a query, in seconds.
const LONGEST_SAVE: f64 = 5.0;

/// The longest save of an instance from `from` to `to`, as the upper bound of its bucket. `None`: the
/// instance has reported none.
pub(crate) fn longest_save(seconds: &[Second], instance: usize, from: Duration, to: Duration) -> Option<Duration> {
    let mut before = (0, Vec::new());
    let mut longest: Option<f64> = None;
    for (at, second) in seconds.iter().enumerate() {
        let Some((gauges, sample)) = metrics_of(second, instance) else {
            continue;
        };
        let (generation, last) = &before;
        let growth_at = |(bound, count): (f64, f64)| {
            let earlier = count_at(last, bound).filter(|_| *generation == gauges.generation);
            (bound, count - earlier.unwrap_or_default())
        };
        let growth: Vec<_> = sample.saves.iter().copied().map(growth_at).collect();
        let is_within = (from.as_secs()..=to.as_secs() + 1).contains(&(at as u64));
        let total = growth.last().map_or(0.0, |(_, count)| *count);
        if is_within && total > 0.0 {
            let bound = growth
                .iter()
                .find(|(_, count)| *count >= total)
                .map(|(bound, _)| *bound);
            longest = longest.into_iter().chain(bound).reduce(f64::max);
        }
        before = (gauges.generation, sample.saves.clone());
    }
    longest.map(|seconds| Duration::from_secs_f64(seconds.min(LONGEST_SAVE)))
}

fn metrics_of(second: &Second, instance: usize) -> Option<(&Gauges, &Sample)> {
    let gauges = second.gauges[instance].as_ref()?;
    Some((gauges, gauges.metrics.as_ref()?))
}

/// The growth in one second, of both instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Growth {
    pub(crate) refreshes: f64,
    pub(crate) lease_waits: f64,
    /// Cumulative counts by upper bound, in order.
    token_requests: Vec<(f64, f64)>,
}

/// Returns the growth for each second. `None`: no instance has reported metrics.
pub(crate) fn growth(seconds: &[Second]) -> Vec<Option<Growth>> {
    let mut before: [(u32, Sample); INSTANCES] = Default::default();
    let of = |second: &Second| {
        let mut sum = None;
        for (gauges, (generation, last)) in second.gauges.iter().zip(&mut before) {
            let Some((gauges, sample)) = gauges
                .as_ref()
                .and_then(|gauges| Some((gauges, gauges.metrics.as_ref()?)))
            else {
                continue;
            };
            // The counters of a new process begin at zero.
            if *generation != gauges.generation {
                (*generation, *last) = (gauges.generation, Sample::default());
            }
            sum.get_or_insert_with(Growth::default).add(last, sample);
            last.clone_from(sample);
        }
        sum
    };
    seconds.iter().map(of).collect()
}

impl Growth {
    fn add(&mut self, before: &Sample, now: &Sample) {
        self.refreshes += now.refreshes - before.refreshes;
        self.lease_waits += now.lease_waits - before.lease_waits;
        let growth = now.token_requests.iter().map(|(bound, count)| {
            let before = count_at(&before.token_requests, *bound).unwrap_or_default();
            (*bound, count - before)
        });
        merge(&mut self.token_requests, growth);
    }

    /// The upper bound of the bucket with the 95th percentile of the time of token requests.
    pub(crate) fn p95<'a>(seconds: impl Iterator<Item = &'a Self>) -> Option<f64> {
        let mut sum = Vec::new();
        for second in seconds {
            merge(&mut sum, second.token_requests.iter().copied());
        }
        let total = sum.last().map(|(_, count)| *count).filter(|count| *count > 0.0)?;
        let finite = sum
            .iter()
            .rev()
            .find(|(bound, _)| bound.is_finite())
            .map(|(bound, _)| *bound);
        let found = sum
            .iter()
            .find(|(_, count)| *count >= total * 0.95)
            .map(|(bound, _)| *bound);
        // Above the last bound there is only infinity.
        found.filter(|bound| bound.is_finite()).or(finite)
    }
}

fn count_at(buckets: &[(f64, f64)], bound: f64) -> Option<f64> {
    let found = buckets.iter().find(|(other, _)| other.total_cmp(&bound).is_eq());
    found.map(|(_, count)| *count)
}

fn merge(into: &mut Vec<(f64, f64)>, buckets: impl Iterator<Item = (f64, f64)>) {
    for (bound, count) in buckets {
        match into.iter_mut().find(|(other, _)| other.total_cmp(&bound).is_eq()) {
            Some((_, sum)) => *sum += count,
            None => into.push((bound, count)),
        }
    }
    into.sort_by(|(a, _), (b, _)| a.total_cmp(b));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(generation: u32, lease_waits: Option<f64>) -> Second {
        let metrics = lease_waits.map(|lease_waits| Sample {
            lease_waits,
            token_requests: vec![(0.1, lease_waits), (f64::INFINITY, 2.0 * lease_waits)],
            ..Sample::default()
        });
        let gauges = Gauges {
            generation,
            metrics,
            ..Gauges::default()
        };
        Second {
            gauges: [Some(gauges), None],
            ..Second::default()
        }
    }

    #[test]
    fn the_counters_of_a_new_process_begin_at_zero() {
        let seconds = [
            second(1, Some(3.0)),
            second(1, Some(5.0)),
            second(2, None),
            second(2, Some(1.0)),
        ];
        let waits: Vec<_> = growth(&seconds)
            .iter()
            .map(|growth| growth.as_ref().map(|growth| growth.lease_waits))
            .collect();
        assert_eq!(waits, [Some(3.0), Some(2.0), None, Some(1.0)]);
    }

    #[test]
    fn the_longest_save_is_that_of_the_time_and_the_instance() {
        let second = |saves: [f64; 3]| {
            let metrics = Sample {
                saves: vec![(0.1, saves[0]), (1.0, saves[1]), (f64::INFINITY, saves[2])],
                ..Sample::default()
            };
            let gauges = Gauges {
                generation: 1,
                metrics: Some(metrics),
                ..Gauges::default()
            };
            Second {
                gauges: [Some(gauges), None],
                ..Second::default()
            }
        };
        let counts = [[4.0, 4.0, 4.0], [5.0, 6.0, 6.0], [6.0, 7.0, 7.0], [6.0, 7.0, 8.0]];
        let seconds = counts.map(second);
        let longest = |instance, from, to| {
            let [from, to] = [from, to].map(Duration::from_secs);
            longest_save(&seconds, instance, from, to).map(|time| time.as_secs_f64())
        };
        assert_eq!(longest(0, 0, 1), Some(1.0));
        assert_eq!(longest(0, 2, 3), Some(5.0));
        assert_eq!(longest(0, 0, 0), Some(1.0), "the sample after it counts too");
        assert_eq!(longest(1, 0, 3), None);
    }

    #[test]
    fn the_percentile_is_that_of_the_growth() {
        let bound = |counts: [f64; 3]| {
            let growth = Growth {
                token_requests: vec![(0.1, counts[0]), (1.0, counts[1]), (f64::INFINITY, counts[2])],
                ..Growth::default()
            };
            Growth::p95([&growth, &growth].into_iter())
        };
        assert_eq!(bound([96.0, 99.0, 100.0]), Some(0.1));
        assert_eq!(bound([90.0, 99.0, 100.0]), Some(1.0));
        assert_eq!(bound([50.0, 60.0, 100.0]), Some(1.0));
        assert_eq!(bound([0.0, 0.0, 0.0]), None);
    }
}
