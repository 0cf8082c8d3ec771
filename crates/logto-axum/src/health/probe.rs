//! A check whose result is kept for some seconds, so that a flood of requests causes few checks.

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use logto::{Clock, Timestamp};
use tokio::sync::Mutex;

use crate::to_the_end::to_the_end;

/// `Err` has the stable code of the error.
pub(super) type Checked = Result<(), &'static str>;

/// How a probe is limited.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// How long a result is kept, in seconds.
    pub(super) kept: u64,
    /// The time limit of one check.
    pub(super) time: Duration,
    /// The code of a check that exceeds it.
    pub(super) late: &'static str,
}

/// The last result.
#[derive(Clone, Default)]
pub(super) struct Probe(Arc<Mutex<Option<(Timestamp, Checked)>>>);

impl Probe {
    /// Returns the last result, or that of a new check. One check runs at a time, and its
    /// concurrent callers share the result.
    pub(super) async fn check<F>(&self, clock: Arc<dyn Clock>, limits: Limits, work: impl FnOnce() -> F) -> Checked
    where
        F: Future<Output = Checked> + Send + 'static,
    {
        let mut last = Arc::clone(&self.0).lock_owned().await;
        let now = clock.now();
        if let Some((at, checked)) = *last
            // A clock that was set back does not keep a result for longer.
            && now >= at
            && now.seconds_since(at) < limits.kept
        {
            return checked;
        }
        let work = work();
        // In a task that keeps the lock: a caller that leaves does not let the next one start
        // another check.
        to_the_end(async move {
            let checked = match select(Box::pin(work), clock.sleep(limits.time)).await {
                Either::Left((checked, _)) => checked,
                Either::Right(_) => Err(limits.late),
            };
            // The time of its end, so that a check that took long is not outdated at once.
            *last = Some((clock.now(), checked));
            checked
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use logto::Sleep;
    use logto_testing::TestClock;

    use super::*;

    struct MovedByTest(TestClock);

    impl Clock for MovedByTest {
        fn since_epoch(&self) -> Duration {
            self.0.since_epoch()
        }

        fn sleep(&self, duration: Duration) -> Sleep<'_> {
            Box::pin(self.0.sleep(duration))
        }
    }

    #[tokio::test]
    async fn callers_share_a_check_that_took_longer_than_its_result_is_kept() {
        let (clock, probe, checks) = (TestClock::at(100), Probe::default(), AtomicUsize::new(0));
        let limits = Limits {
            kept: 1,
            time: Duration::from_secs(2),
            late: "late",
        };
        let check = || {
            let clock = Arc::new(MovedByTest(clock.clone()));
            probe.check(clock, limits, || {
                checks.fetch_add(1, Ordering::SeqCst);
                pending()
            })
        };
        let (first, second, ()) = tokio::join!(check(), check(), clock.end_sleep());
        assert_eq!([first, second], [Err("late"); 2]);
        assert_eq!(checks.load(Ordering::SeqCst), 1);
    }
}
