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
    /// Returns the last result, or that of a new check. One check runs at a time, and the callers
    /// that arrive meanwhile share its result.
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
