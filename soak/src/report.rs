//! The report: a table of counts, one column for each store.

use std::{fmt::Write as _, time::Duration};

use crate::{
    journal::{Content, INSTANCES, ViolationKind},
    store::StoreKind,
    verdict,
};

/// The content of a report.
pub(crate) struct Report<'a> {
    pub(crate) users: u32,
    pub(crate) length: Duration,
    pub(crate) seed: u64,
    pub(crate) runs: &'a [(StoreKind, Content)],
}

impl Report<'_> {
    pub(crate) fn has_violations(&self) -> bool {
        self.runs.iter().any(|(_, content)| !content.violations.is_empty())
    }

    /// The report as Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        let mut text = format!(
            "{} users of two instances, {} s for each store, seed {}.\n\n|",
            self.users,
            self.length.as_secs(),
            self.seed
        );
        for (kind, _) in self.runs {
            let _ = write!(text, " | {}", kind.title());
        }
        let _ = writeln!(text, " |\n|---{}|", "|---:".repeat(self.runs.len()));
        self.activity(&mut text);
        self.faults(&mut text);
        self.errors(&mut text);
        self.invariants(&mut text);
        self.memory(&mut text);
        for (kind, content) in self.runs.iter().filter(|(_, content)| !content.violations.is_empty()) {
            let _ = writeln!(text, "\nViolations with {}:\n", kind.title());
            for violation in &content.violations {
                let _ = writeln!(text, "- {violation}");
            }
        }
        text
    }

    fn row<V: ToString>(&self, text: &mut String, title: &str, value: impl Fn(&Content) -> V) {
        let _ = write!(text, "| {title}");
        for (_, content) in self.runs {
            let _ = write!(text, " | {}", value(content).to_string());
        }
        text.push_str(" |\n");
    }

    fn activity(&self, text: &mut String) {
        self.row(text, "requests", |content| content.counts.requests);
        self.row(text, "sign-ins", |content| content.counts.sign_ins);
        self.row(text, "sign-outs", |content| content.counts.sign_outs);
        self.row(text, "refreshes at the provider", |content| content.counts.refreshes);
        self.row(text, "rotations of a refresh token", |content| content.counts.rotations);
        self.row(text, "old cookies tried after a sign-out", |content| {
            content.counts.replays
        });
    }

    fn faults(&self, text: &mut String) {
        for kind in self.keys(|content| content.counts.faults.keys().copied().collect()) {
            self.row(text, &format!("fault: {kind}"), |content| {
                content.counts.faults.get(&kind).copied().unwrap_or_default()
            });
        }
    }

    fn errors(&self, text: &mut String) {
        for status in self.keys(|content| content.counts.errors.keys().copied().collect()) {
            let title = status.map_or_else(|| "no response".to_owned(), |status| format!("response {status}"));
            self.row(text, &title, |content| {
                content.counts.errors.get(&status).copied().unwrap_or_default()
            });
        }
        for status in self.keys(|content| content.counts.refused.keys().copied().collect()) {
            self.row(text, &format!("response {status}"), |content| {
                content.counts.refused.get(&status).copied().unwrap_or_default()
            });
        }
        for reason in self.keys(|content| content.counts.failed_sign_ins.keys().cloned().collect()) {
            self.row(text, &format!("failed sign-in: `{reason}`"), |content| {
                content.counts.failed_sign_ins.get(&reason).copied().unwrap_or_default()
            });
        }
    }

    fn invariants(&self, text: &mut String) {
        self.row(text, "rotated tokens used within the grace", |content| {
            content.counts.reuses_within_grace
        });
        self.row(text, "rotated tokens used beyond the grace", |content| {
            content.counts.reuses_beyond_grace
        });
        self.row(text, "signed out: killed between rotation and save", |content| {
            content.counts.killed_between_rotation_and_save
        });
        self.row(text, "signed out: the network lost the rotated token", |content| {
            content.counts.answers_lost
        });
        for kind in ViolationKind::ALL {
            self.row(text, &format!("**{kind}**"), |content| {
                let found = content.violations.iter().filter(|violation| violation.kind == kind);
                format!("**{}**", found.count())
            });
        }
    }

    fn memory(&self, text: &mut String) {
        self.row(text, "latest timer of this program", |content| {
            format!("{:.2} s", content.counts.latest_timer.as_secs_f64())
        });
        for instance in 0..INSTANCES {
            let title = format!("most memory of instance {}, first and last minute", instance + 1);
            self.row(text, &title, |content| {
                let peaks = verdict::peaks(content, instance, self.length);
                format!("{} and {} MB", peaks.first >> 20, peaks.last >> 20)
            });
        }
    }

    /// The keys that occur in any of the runs, in order.
    fn keys<K: Ord>(&self, of: impl Fn(&Content) -> Vec<K>) -> Vec<K> {
        let mut keys: Vec<_> = self.runs.iter().flat_map(|(_, content)| of(content)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Violation;

    #[test]
    fn a_violation_is_in_the_table_and_in_the_list() {
        let mut content = Content::default();
        content.counts.requests = 12;
        content.violations.push(Violation {
            at: Duration::from_secs(3),
            kind: ViolationKind::WrongUser,
            visitor: Some(7),
            detail: "a reason".to_owned(),
        });
        let runs = [(StoreKind::Redis, content), (StoreKind::Postgres, Content::default())];
        let report = Report {
            users: 20,
            length: Duration::from_secs(60),
            seed: 5,
            runs: &runs,
        };
        let text = report.to_markdown();
        assert!(report.has_violations());
        assert!(
            text.contains("| | Redis | PostgreSQL |\n|---|---:|---:|\n| requests | 12 | 0 |"),
            "{text}"
        );
        assert!(text.contains("| **wrong user on a page** | **1** | **0** |"), "{text}");
        assert!(
            text.contains("- 3.0 s: wrong user on a page, visitor 7: a reason"),
            "{text}"
        );
    }
}
