//! Retries with exponential back-off.

use std::{future::Future, sync::Arc, time::Duration};

use super::store::StoreError;
use crate::{clock::Clock, error::Diagnose as _};

/// Exponential back-off: the first delay and the largest one, in seconds.
pub(super) struct BackOff {
    pub(super) first: u64,
    pub(super) largest: u64,
}

impl BackOff {
    /// After a transient error or an invalid answer.
    pub(super) const TRANSIENT: Self = Self { first: 1, largest: 30 };

    /// After a refusal, which lasts until an administrator changes something.
    pub(super) const REFUSAL: Self = Self { first: 5, largest: 60 };

    /// The delay after this many seconds: twice as long, within the limits.
    pub(super) fn next_delay(&self, previous: u64) -> u64 {
        (previous * 2).clamp(self.first, self.largest)
    }
}

/// How long background retries continue, in seconds. An outage of more than a day is not transient.
const GIVE_UP_AFTER: u64 = 24 * 60 * 60;

/// Spawns a task that retries `attempt` after each of the delays, until it succeeds or fails with an
/// error that is not transient.
pub(super) fn until_done<F>(
    clock: Arc<dyn Clock>,
    delays: impl Iterator<Item = Duration> + Send + 'static,
    attempt: impl Fn() -> F + Send + 'static,
) where
    F: Future<Output = Result<(), StoreError>> + Send,
{
    tokio::spawn(async move {
        for delay in delays {
            clock.sleep(delay).await;
            if !matches!(attempt().await, Err(error) if error.is_transient()) {
                return;
            }
        }
    });
}

/// The delays before each attempt. They end after a day.
pub(crate) fn delays() -> impl Iterator<Item = Duration> {
    let back_off = &BackOff::TRANSIENT;
    let mut elapsed = 0;
    std::iter::successors(Some(back_off.first), |delay| Some(back_off.next_delay(*delay)))
        .take_while(move |delay| {
            elapsed += delay;
            elapsed <= GIVE_UP_AFTER
        })
        .map(Duration::from_secs)
}

/// How long an urgent attempt is repeated every second.
const URGENT: u64 = 10 * 60;

/// The delays while the result must not be late: one second each for ten minutes, and then longer
/// ones.
pub(super) fn urgent_delays() -> impl Iterator<Item = Duration> {
    (0..URGENT).map(|_| Duration::from_secs(1)).chain(delays())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_half_a_minute_and_end_after_a_day() {
        let all: Vec<_> = delays().map(|delay| delay.as_secs()).collect();
        assert_eq!(all[..7], [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(all.iter().sum::<u64>(), 24 * 60 * 60 - 29);
    }
}
