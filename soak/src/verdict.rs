//! The invariants of a whole run.

use std::time::Duration;

use crate::journal::{Content, INSTANCES, Journal, Second, ViolationKind};

/// How long an outage may last after its fault: timeouts of connections, and reconnecting.
const RECOVERY: Duration = Duration::from_secs(15);
/// The growth of memory that caches and fragmentation explain: a factor, and bytes.
const GROWTH: f64 = 1.3;
const GROWTH_BYTES: u64 = 24 << 20;

/// The highest memory of an instance, in the first and the last part of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peaks {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Peaks {
    fn have_grown(self) -> bool {
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        let (first, last) = (self.first as f64, self.last as f64);
        last > first * GROWTH && self.last > self.first + GROWTH_BYTES
    }
}

/// The length of the first and the last part of a run.
fn part(length: Duration) -> Duration {
    (length / 4).min(Duration::from_secs(60))
}

/// The highest memory of an instance after the warm-up, which takes as long as a part, and in the
/// last part.
pub(crate) fn peaks(content: &Content, instance: usize, length: Duration) -> Peaks {
    let part = part(length).as_secs();
    let peak = |from: u64, to: u64| {
        let index = |second: u64| usize::try_from(second).map_or(0, |second| second.min(content.seconds.len()));
        let gauges = content.seconds[index(from)..index(to)]
            .iter()
            .filter_map(|second| second.gauges[instance].as_ref());
        gauges.map(|gauges| gauges.resident).max().unwrap_or_default()
    };
    let end = content.seconds.len() as u64;
    Peaks {
        first: peak(part, 2 * part),
        last: peak(end.saturating_sub(part), end),
    }
}

pub(crate) fn of_the_whole_run(journal: &Journal, length: Duration) {
    let content = journal.content().clone();
    for instance in 0..INSTANCES {
        let peaks = peaks(&content, instance, length);
        if peaks.have_grown() {
            let detail = format!("instance {}: {peaks:?} bytes", instance + 1);
            journal.violation(ViolationKind::MemoryGrowth, None, detail);
        }
    }
    let errors = errors_without_fault(&content);
    journal.count(|counts| counts.errors_without_fault = errors.iter().map(|(_, errors)| u64::from(*errors)).sum());
    for (second, errors) in errors {
        let detail = format!("{errors} in second {second}");
        journal.violation(ViolationKind::ErrorWithoutFault, None, detail);
    }
}

/// The seconds with outages that no fault explains.
fn errors_without_fault(content: &Content) -> Vec<(usize, u32)> {
    let is_explained = |second: usize| {
        let from = Duration::from_secs(second as u64);
        let to = from + Duration::from_secs(1);
        content.faults.iter().any(|fault| fault.overlaps(from, to, RECOVERY))
    };
    let has_errors = |(second, of): &(usize, &Second)| of.errors > 0 && !is_explained(*second);
    let seconds = content.seconds.iter().enumerate().filter(has_errors);
    seconds.map(|(second, of)| (second, of.errors)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{FaultKind, FaultWindow, Gauges, Target};

    fn second(errors: u32, resident: u64) -> Second {
        let gauges = Some(Gauges {
            resident,
            ..Gauges::default()
        });
        Second {
            errors,
            gauges: [gauges.clone(), gauges],
            ..Second::default()
        }
    }

    fn content(seconds: Vec<Second>) -> Content {
        Content {
            seconds,
            ..Content::default()
        }
    }

    #[test]
    fn memory_may_grow_by_a_third_but_not_for_ever() {
        let length = Duration::from_secs(8);
        let growing = |last: u64| {
            content(
                (0..8)
                    .map(|at| second(0, if at < 6 { 100 << 20 } else { last << 20 }))
                    .collect(),
            )
        };
        assert_eq!(peaks(&growing(110), 0, length).last, 110 << 20);
        assert!(!peaks(&growing(125), 0, length).have_grown());
        assert!(peaks(&growing(140), 1, length).have_grown());
    }

    #[test]
    fn an_outage_needs_a_fault_before_it() {
        let mut content = content((0..60).map(|at| second(u32::from(at == 5 || at == 40), 0)).collect());
        assert_eq!(errors_without_fault(&content), [(5, 1), (40, 1)]);
        content.faults.push(FaultWindow {
            kind: FaultKind::Kill,
            target: Target::Instance(0),
            start: Duration::from_secs(4),
            end: Some(Duration::from_secs(6)),
        });
        assert_eq!(errors_without_fault(&content), [(40, 1)]);
    }
}
