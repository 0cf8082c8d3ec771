//! The record of a run: counts, seconds, faults and violations.

mod counts;
mod faults;
mod seconds;
mod violations;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

pub(crate) use self::{
    counts::Counts,
    faults::{FaultKind, FaultWindow, Target},
    seconds::{Gauges, INSTANCES, Sample, Second},
    violations::{Violation, ViolationKind},
};
use crate::page::Shown;

/// Shared by everything that acts in a run.
pub(crate) struct Journal {
    start: Instant,
    content: Mutex<Content>,
}

/// The content of a [`Journal`].
#[derive(Clone, Default)]
pub(crate) struct Content {
    pub(crate) counts: Counts,
    pub(crate) seconds: Vec<Second>,
    pub(crate) faults: Vec<FaultWindow>,
    pub(crate) violations: Vec<Violation>,
}

impl Journal {
    pub(crate) fn start() -> Self {
        Self {
            start: Instant::now(),
            content: Mutex::default(),
        }
    }

    /// The time since the start of the run.
    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.content().counts);
    }

    /// Counts a response of the app and its outcome.
    pub(crate) fn response(&self, shown: Option<Shown>) {
        let mut content = self.content();
        content.counts.requests += 1;
        let second = content.second(self.now());
        second.requests += 1;
        if let Some(Shown::Outage(status)) = shown {
            second.errors += 1;
            *content.counts.errors.entry(status).or_default() += 1;
        }
    }

    /// Counts a refresh that took this long at the provider.
    pub(crate) fn refresh(&self, took: Duration) {
        let mut content = self.content();
        content.counts.refreshes += 1;
        let second = content.second(self.now());
        second.refreshes += 1;
        second.latencies.push(took);
    }

    pub(crate) fn gauges(&self, instance: usize, gauges: Gauges) {
        let mut content = self.content();
        let second = content.second(self.now());
        second.gauges[instance] = Some(gauges);
    }

    pub(crate) fn fault_begins(&self, kind: FaultKind, target: Target) -> usize {
        let mut content = self.content();
        let start = self.now();
        *content.counts.faults.entry(kind).or_default() += 1;
        content.faults.push(FaultWindow {
            kind,
            target,
            start,
            end: None,
        });
        content.faults.len() - 1
    }

    pub(crate) fn fault_ends(&self, index: usize) {
        let now = self.now();
        if let Some(window) = self.content().faults.get_mut(index) {
            window.end = Some(now);
        }
    }

    pub(crate) fn faults(&self) -> Vec<FaultWindow> {
        self.content().faults.clone()
    }

    pub(crate) fn violation(&self, kind: ViolationKind, visitor: Option<u32>, detail: String) {
        let violation = Violation {
            at: self.now(),
            kind,
            visitor,
            detail,
        };
        eprintln!("    VIOLATION {violation}");
        self.content().violations.push(violation);
    }

    pub(crate) fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    fn second(&mut self, now: Duration) -> &mut Second {
        let index = usize::try_from(now.as_secs()).unwrap_or(usize::MAX - 1);
        if self.seconds.len() <= index {
            self.seconds.resize_with(index + 1, Second::default);
        }
        &mut self.seconds[index]
    }
}
