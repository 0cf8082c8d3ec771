//! Logs each problem of a requirement that a browser chose, once.

use std::sync::{Mutex, PoisonError};

use crate::error::RequirementProblem;

/// Maximum number of problems that are logged: a browser can invent others without end.
const MAX_LOGGED: usize = 16;

/// The problems that were logged.
#[derive(Default)]
pub(crate) struct ProblemLog(Mutex<Vec<RequirementProblem>>);

impl ProblemLog {
    /// Logs a problem the first time. It may quote the browser.
    pub(crate) fn add(&self, problem: &RequirementProblem) {
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() == MAX_LOGGED || logged.contains(problem) || problem.to_string().contains(char::is_control) {
            return;
        }
        tracing::warn!(
            code = "requirement_not_configured",
            "a page asks for a requirement that cannot be checked: {problem}"
        );
        logged.push(problem.clone());
    }
}
