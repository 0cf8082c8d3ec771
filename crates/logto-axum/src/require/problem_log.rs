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

#[cfg(test)]
mod tests {
    use logto_testing::CapturedLogs;

    use super::*;

    fn unknown_resource(name: &str) -> RequirementProblem {
        RequirementProblem::ResourceUnknown(name.to_owned())
    }

    /// The number of lines that are logged about these problems.
    fn logged(problems: impl IntoIterator<Item = RequirementProblem>) -> usize {
        let (logs, _capture) = CapturedLogs::of_this_thread();
        let log = ProblemLog::default();
        problems.into_iter().for_each(|problem| log.add(&problem));
        logs.text().matches("a page asks for a requirement").count()
    }

    #[test]
    fn each_problem_is_logged_once() {
        assert_eq!(logged(["a", "b", "a"].map(unknown_resource)), 2);
    }

    #[test]
    fn a_browser_cannot_fill_the_log() {
        let problems = (0..100).map(|number| unknown_resource(&number.to_string()));
        assert_eq!(logged(problems), MAX_LOGGED);
    }

    #[test]
    fn a_browser_cannot_write_lines_of_its_own() {
        assert_eq!(logged([unknown_resource("a\nERROR forged")]), 0);
    }
}
