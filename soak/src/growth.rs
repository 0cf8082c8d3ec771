//! The growth of counters of the instances from second to second.

use crate::journal::{INSTANCES, Sample, Second};

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
    use crate::journal::Gauges;

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
