//! Decides the result of a step from its exit code and its numbers of tests.

use super::counts::Counts;
use crate::error::Error;

/// The report of a step that has run.
#[derive(Debug)]
pub(super) enum Report {
    /// Its commands succeeded.
    Success,
    /// Its tests ran; `error` if their program failed.
    Tests {
        counts: Option<Counts>,
        error: Option<Error>,
    },
    /// An optional tool is missing: neither a pass nor a failure.
    NotChecked(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Passed,
    Failed,
    NotRun,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) state: State,
    /// The step's part of the sum: its tests, or itself.
    pub(super) counts: Counts,
    pub(super) remark: String,
}

const ONE_PASSED: Counts = Counts { passed: 1, failed: 0 };
const ONE_FAILED: Counts = Counts { passed: 0, failed: 1 };

impl Verdict {
    pub(super) fn failed(remark: impl Into<String>) -> Self {
        Self {
            state: State::Failed,
            counts: ONE_FAILED,
            remark: remark.into(),
        }
    }
}

pub(super) fn judge(result: Result<Report, Error>) -> Verdict {
    let (counts, error) = match result {
        Err(error) => return Verdict::failed(error.to_string()),
        Ok(Report::Success) => {
            return Verdict {
                state: State::Passed,
                counts: ONE_PASSED,
                remark: String::new(),
            };
        }
        Ok(Report::NotChecked(remark)) => {
            return Verdict {
                state: State::NotRun,
                counts: Counts::default(),
                remark,
            };
        }
        Ok(Report::Tests { counts, error }) => (counts.unwrap_or_default(), error),
    };
    if counts.passed + counts.failed == 0 {
        return Verdict::failed(error.map_or_else(|| "no test ran".to_owned(), |error| error.to_string()));
    }
    let numbers = format!("{} passed, {} failed", counts.passed, counts.failed);
    let (counts, remark) = match error {
        // The program of the tests failed, although each test passed.
        Some(error) if counts.failed == 0 => (Counts { failed: 1, ..counts }, format!("{numbers}, but {error}")),
        _ => (counts, numbers),
    };
    let state = if counts.failed == 0 {
        State::Passed
    } else {
        State::Failed
    };
    Verdict { state, counts, remark }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(passed: usize, failed: usize, has_error: bool) -> Verdict {
        let error = has_error.then(|| Error::advised("exit code 1", [""; 0]));
        judge(Ok(Report::Tests {
            counts: Some(Counts { passed, failed }),
            error,
        }))
    }

    #[test]
    fn a_step_fails_if_its_program_or_any_test_does() {
        for (verdict, state, counts) in [
            (judge(Ok(Report::Success)), State::Passed, (1, 0)),
            (judge(Err(Error::advised("no", [""; 0]))), State::Failed, (0, 1)),
            (judge(Ok(Report::NotChecked("no".to_owned()))), State::NotRun, (0, 0)),
            (tests(5, 0, false), State::Passed, (5, 0)),
            (tests(5, 2, true), State::Failed, (5, 2)),
            (tests(5, 2, false), State::Failed, (5, 2)),
            (tests(5, 0, true), State::Failed, (5, 1)),
            (tests(0, 0, false), State::Failed, (0, 1)),
            (tests(0, 0, true), State::Failed, (0, 1)),
        ] {
            let found = (verdict.counts.passed, verdict.counts.failed);
            assert_eq!((verdict.state, found), (state, counts), "{verdict:?}");
        }
    }

    #[test]
    fn the_remark_says_why_a_step_failed() {
        assert_eq!(tests(5, 0, true).remark, "5 passed, 0 failed, but exit code 1");
        assert_eq!(tests(0, 0, false).remark, "no test ran");
    }

    #[test]
    fn a_missing_report_is_a_failure() {
        let verdict = judge(Ok(Report::Tests {
            counts: None,
            error: None,
        }));
        assert_eq!(verdict.state, State::Failed);
    }
}
