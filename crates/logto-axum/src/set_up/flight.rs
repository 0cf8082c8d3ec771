//! The check in flight: one at a time, in a task of its own.

use std::sync::{Mutex, PoisonError};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use tokio::task::AbortHandle;

use super::finding::SetUpFinding;

/// The result of one check.
#[derive(Clone, Default)]
pub(crate) struct Report {
    pub(crate) findings: Vec<SetUpFinding>,
    /// Whether the provider did not say if it knows one of the redirect URIs.
    pub(crate) is_undecided: bool,
}

/// The report of a check that runs in a task; `None` if the task panicked.
pub(super) type PendingReport = Shared<BoxFuture<'static, Option<Report>>>;

/// The last check that was started. Callers that arrive while it runs share its report.
///
/// It runs in a spawned task, so it completes even if every caller has left.
#[derive(Default)]
pub(crate) struct CheckFlight(Mutex<Option<Flight>>);

struct Flight {
    task: AbortHandle,
    report: PendingReport,
}

impl CheckFlight {
    /// Joins the check in flight. If there is none, starts the one that `start` returns.
    pub(super) fn join_or<F>(&self, start: impl FnOnce() -> Option<F>) -> Option<PendingReport>
    where
        F: Future<Output = Report> + Send + 'static,
    {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = last.as_ref().filter(|flight| !flight.task.is_finished()) {
            return Some(flight.report.clone());
        }
        let task = tokio::spawn(start()?);
        let flight = Flight {
            task: task.abort_handle(),
            report: task.map(Result::ok).boxed().shared(),
        };
        Some(last.insert(flight).report.clone())
    }
}
