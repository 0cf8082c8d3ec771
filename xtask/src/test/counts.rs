//! Numbers of tests, read from the reports of the test programs.

use std::{fmt, iter::Sum};

use roxmltree::{Document, Node};

/// Numbers of tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, counts| Self {
            passed: sum.passed + counts.passed,
            failed: sum.failed + counts.failed,
        })
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Counts the test cases of a `JUnit` report: cargo-nextest, Node and Playwright write one. Skipped
/// tests do not count.
pub(crate) fn in_junit(report: &str) -> Option<Counts> {
    let document = Document::parse(report).ok()?;
    let mut counts = Counts::default();
    for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
        let has = |name: &str| case.children().any(|child: Node| child.has_tag_name(name));
        if has("failure") || has("error") {
            counts.failed += 1;
        } else if !has("skipped") {
            counts.passed += 1;
        }
    }
    Some(counts)
}

/// Reads a result line of `cargo test`, whose machine-readable format needs a nightly toolchain:
/// `test result: ok. 5 passed; 0 failed; …`. Other lines count nothing.
pub(crate) fn in_cargo_test(line: &str) -> Counts {
    let result = line.strip_prefix("test result: ").unwrap_or_default();
    let words: Vec<_> = result.split(' ').collect();
    let before = |word: &str| {
        let pair = words.windows(2).find(|pair| pair[1] == word);
        pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
    };
    Counts {
        passed: before("passed;"),
        failed: before("failed;"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_cases_of_a_junit_report_at_any_depth() {
        let report = r#"<testsuites><testsuite name="outer">
                <testcase name="passes"/>
                <testsuite name="inner">
                  <testcase name="fails"><failure message="no"/></testcase>
                  <testcase name="breaks"><error/><system-out>failure</system-out></testcase>
                  <testcase name="is left out"><skipped/></testcase>
                </testsuite>
                <testcase name="passes too"><system-out>text</system-out></testcase>
            </testsuite></testsuites>"#;
        assert_eq!(in_junit(report), Some(Counts { passed: 2, failed: 2 }));
        assert_eq!(in_junit("<testsuites><testcase/>"), None, "a truncated report");
    }

    #[test]
    fn sums_up_the_results_of_cargo_test() {
        let lines = [
            "running 6 tests",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "a line that says 7 passed; 8 failed;",
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ];
        let sum: Counts = lines.into_iter().map(in_cargo_test).sum();
        assert_eq!(sum, Counts { passed: 7, failed: 3 });
    }
}
