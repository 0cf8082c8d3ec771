use std::{
    fmt::{self, Display},
    process::ExitStatus,
    time::Duration,
};

use super::counts::Counts;

/// The result of a step.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The tests of the step, or the step itself. All zero if it was not run.
    pub(super) counts: Counts,
    remark: String,
}

impl Report {
    pub(super) fn passed() -> Self {
        Self {
            counts: Counts { passed: 1, failed: 0 },
            remark: String::new(),
        }
    }

    pub(super) fn failed(remark: impl Display) -> Self {
        Self {
            counts: Counts { passed: 0, failed: 1 },
            remark: remark.to_string(),
        }
    }

    /// An optional tool is missing: neither a pass nor a failure.
    pub(super) fn not_run(remark: impl Display) -> Self {
        Self {
            counts: Counts::default(),
            remark: remark.to_string(),
        }
    }

    /// The results of a test program. It also fails if it runs no test or exits with an error.
    pub(super) fn tests(counts: Counts, status: ExitStatus) -> Self {
        match counts {
            Counts { passed: 0, failed: 0 } => Self::failed(format!("no test ran, {status}")),
            Counts { passed, failed: 0 } if !status.success() => Self {
                counts: Counts { passed, failed: 1 },
                remark: format!("every test passed, but {status}"),
            },
            counts => Self {
                counts,
                remark: String::new(),
            },
        }
    }
}

/// The reports of all steps, and the sum.
#[derive(Default)]
pub(super) struct Summary(Vec<(&'static str, Report, Duration)>);

impl Summary {
    pub(super) fn add(&mut self, name: &'static str, report: Report, time: Duration) {
        self.0.push((name, report, time));
    }

    fn sum(&self) -> Counts {
        self.0.iter().map(|(_, report, _)| report.counts).sum()
    }

    pub(super) fn has_failed(&self) -> bool {
        self.sum().failed > 0
    }

    /// Whether the entry with this name failed.
    pub(super) fn lists_as_failed(&self, name: &str) -> bool {
        let mut entries = self.0.iter();
        entries.any(|(entry, report, _)| *entry == name && report.counts.failed > 0)
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n==> Summary")?;
        for (name, Report { counts, remark }, time) in &self.0 {
            let (state, result) = match counts {
                Counts { passed: 0, failed: 0 } => ("not run", remark.clone()),
                Counts { failed: 0, .. } => ("passed", counts.to_string()),
                Counts { .. } if remark.is_empty() => ("failed", counts.to_string()),
                Counts { .. } => ("failed", format!("{counts}: {remark}")),
            };
            writeln!(f, "    {state:<8} {name:<12} {:>5} s   {result}", time.as_secs())?;
        }
        writeln!(f, "\n{}", self.sum())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn a_test_program_fails_if_it_or_a_test_does() {
        for (passed, failed, code, expected) in [
            (5, 0, 0, (5, 0)),
            (5, 2, 1, (5, 2)),
            (5, 2, 0, (5, 2)),
            (5, 0, 1, (5, 1)),
            (0, 0, 0, (0, 1)),
            (0, 0, 1, (0, 1)),
        ] {
            let report = Report::tests(Counts { passed, failed }, ExitStatus::from_raw(code << 8));
            assert_eq!((report.counts.passed, report.counts.failed), expected, "{report:?}");
        }
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let mut summary = Summary::default();
        let unit = Report::tests(Counts { passed: 7, failed: 0 }, ExitStatus::default());
        summary.add("unit", unit, Duration::from_secs(3));
        summary.add("fmt", Report::passed(), Duration::ZERO);
        summary.add("deny", Report::not_run("a remark"), Duration::ZERO);
        assert!(!summary.has_failed());
        summary.add("browser", Report::failed("a reason"), Duration::from_secs(200));
        assert!(summary.has_failed() && summary.lists_as_failed("browser") && !summary.lists_as_failed("unit"));
        let expected = "
==> Summary
    passed   unit             3 s   7 passed, 0 failed
    passed   fmt              0 s   1 passed, 0 failed
    not run  deny             0 s   a remark
    failed   browser        200 s   0 passed, 1 failed: a reason

8 passed, 1 failed
";
        assert_eq!(summary.to_string(), expected);
    }
}
