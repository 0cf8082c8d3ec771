use std::{
    fmt::{self, Display},
    time::Duration,
};

use super::{
    counts::Counts,
    judge::{State, Verdict},
};

/// The result of each step, and the sum.
#[derive(Debug, Default)]
pub(super) struct Summary {
    entries: Vec<(String, Verdict, Duration)>,
}

impl Summary {
    pub(super) fn add(&mut self, name: impl Display, verdict: Verdict, time: Duration) {
        self.entries.push((name.to_string(), verdict, time));
    }

    fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        for (_, verdict, _) in &self.entries {
            sum += verdict.counts;
        }
        sum
    }

    pub(super) fn has_failed(&self) -> bool {
        self.counts().failed > 0
    }

    /// Whether an entry with this name failed.
    pub(super) fn lists_as_failed(&self, name: &str) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|(entry, verdict, _)| entry == name && verdict.state == State::Failed)
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n==> Summary")?;
        for (name, verdict, time) in &self.entries {
            let state = match verdict.state {
                State::Passed => "passed",
                State::Failed => "failed",
                State::NotRun => "not run",
            };
            let line = format!("{state:<8} {name:<12} {:>5} s   {}", time.as_secs(), verdict.remark);
            writeln!(f, "    {}", line.trim_end())?;
        }
        let Counts { passed, failed } = self.counts();
        writeln!(f, "\n{passed} passed, {failed} failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(state: State, passed: usize, failed: usize) -> Verdict {
        Verdict {
            state,
            counts: Counts { passed, failed },
            remark: "a remark".to_owned(),
        }
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let mut summary = Summary::default();
        summary.add("unit", entry(State::Passed, 7, 0), Duration::from_secs(3));
        summary.add("deny", entry(State::NotRun, 0, 0), Duration::ZERO);
        assert!(!summary.has_failed());
        summary.add("browser", entry(State::Failed, 2, 1), Duration::from_secs(200));
        let text = summary.to_string();
        assert_eq!(text.lines().last().unwrap(), "9 passed, 1 failed");
        assert!(
            text.contains("    failed   browser        200 s   a remark\n"),
            "{text}"
        );
        assert!(summary.has_failed() && summary.lists_as_failed("browser") && !summary.lists_as_failed("unit"));
    }
}
