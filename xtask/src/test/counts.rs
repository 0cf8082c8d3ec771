//! Numbers of tests, read from the reports of the test programs.

use std::ops::AddAssign;

use roxmltree::{Document, Node};

/// Numbers of tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
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

/// Sums up the result lines of `cargo test`, whose machine-readable format needs a nightly
/// toolchain: `test result: ok. 5 passed; 0 failed; …`.
pub(crate) fn in_cargo_test(output: &str) -> Counts {
    let mut counts = Counts::default();
    for result in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        let numbers = result.split(['.', ';']).filter_map(|part| part.trim().split_once(' '));
        for (number, what) in numbers {
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => counts.passed += number,
                "failed" => counts.failed += number,
                _ => {}
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_cases_of_a_junit_report_at_any_depth() {
        let report = r#"<?xml version="1.0" encoding="utf-8"?>
            <testsuites>
              <testsuite name="outer">
                <testcase name="passes"/>
                <testsuite name="inner">
                  <testcase name="fails"><failure message="no"/></testcase>
                  <testcase name="breaks"><error/><system-out>failure</system-out></testcase>
                  <testcase name="is left out"><skipped/></testcase>
                </testsuite>
                <testcase name="passes too"><system-out>text</system-out></testcase>
              </testsuite>
            </testsuites>"#;
        assert_eq!(in_junit(report), Some(Counts { passed: 2, failed: 2 }));
    }

    #[test]
    fn a_truncated_report_has_no_counts() {
        assert_eq!(in_junit("<testsuites><testcase/>"), None);
        assert_eq!(in_junit(""), None);
    }

    #[test]
    fn sums_up_the_results_of_cargo_test() {
        let output = "running 6 tests\ntest result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                      a line that says 7 passed; 8 failed\n\
                      test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(in_cargo_test(output), Counts { passed: 7, failed: 3 });
    }
}
