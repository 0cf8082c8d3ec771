//! Errors of the configuration.

use std::fmt;

/// One problem with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigProblem {
    /// A stable code.
    pub code: &'static str,
    /// The problem and its fix, in a sentence for people.
    pub message: String,
}

impl ConfigProblem {
    /// Creates a problem from a stable code and a message that says what to do.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// All problems with a configuration.
///
/// `Debug` prints the same lines as `Display`, because `unwrap` and a `main` that returns the error
/// print it.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct ConfigError {
    /// The problems, in the order of the settings.
    pub problems: Vec<ConfigProblem>,
}

impl ConfigError {
    /// Creates an error from the problems found.
    #[must_use]
    pub fn new(problems: Vec<ConfigProblem>) -> Self {
        Self { problems }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the Logto configuration is not valid:")?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n- {} [{}]", problem.message, problem.code))
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwrap_prints_one_line_for_each_problem() {
        let problems = [("app_id_missing", "set `app_id`"), ("scope_invalid", "use \"a\"")];
        let error = ConfigError::new(problems.map(|(code, message)| ConfigProblem::new(code, message)).into());
        let expected =
            "the Logto configuration is not valid:\n- set `app_id` [app_id_missing]\n- use \"a\" [scope_invalid]";
        assert_eq!(format!("{error:?}"), expected);
        assert_eq!(format!("{error}"), expected);
    }
}
