//! The dashboard, the alert rules and the guide name the metrics that the code records.

use std::{collections::BTreeSet, fs, path::Path};

use logto_leptos::telemetry::{METRICS, MetricKind};
use serde_json::Value;

const DASHBOARD: &str = include_str!("../../deploy/grafana/logto.json");
const ALERTS: &str = include_str!("../../deploy/prometheus/alerts.yml");
const GUIDE: &str = include_str!("../../docs/operations.md");

/// The names of metrics in a text, without the suffixes of a histogram's series.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let name = |word| {
        let mut series = ["_bucket", "_count", "_sum"].iter();
        series
            .find_map(|suffix| str::strip_suffix(word, suffix))
            .unwrap_or(word)
    };
    let names = words.filter(|word| word.starts_with("logto_")).map(name);
    names
        .filter(|name| name.ends_with("_total") || name.ends_with("_seconds"))
        .collect()
}

/// The queries of the dashboard.
fn queries() -> String {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    let queries: Vec<_> = targets.map(|target| target["expr"].as_str().unwrap()).collect();
    assert!(queries.len() > 10, "{queries:?}");
    queries.join("\n")
}

/// The texts that matchers of labels compare with: `a` and `b` of `{label=~"a|b"}`.
fn compared(text: &str) -> Vec<&str> {
    let matchers = text.split("=\"").chain(text.split("~\"")).skip(1);
    let values = matchers.filter_map(|rest| rest.split_once('"')).map(|(value, _)| value);
    values
        .flat_map(|value| value.split('|'))
        .filter(|value| !value.starts_with('$'))
        .collect()
}

/// The source files below a folder.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(&path).unwrap();
        }
    }
    text
}

#[test]
fn the_dashboard_shows_every_metric_and_no_other() {
    let recorded: BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
    assert_eq!(names(&queries()), recorded);
}

#[test]
fn the_alert_rules_name_metrics_that_exist() {
    let recorded: BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
    let named = names(ALERTS);
    assert!(named.len() > 5 && named.is_subset(&recorded), "{named:?}");
}

/// A rule that compares with a wrong text never fires.
#[test]
fn rules_and_queries_compare_with_values_that_labels_have() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&root.join("crates/logto/src")) + &sources(&root.join("crates/logto-axum/src"));
    let queries = queries();
    let expressions: Vec<_> = ALERTS
        .lines()
        .filter(|line| line.contains("logto_") && line.contains('{'))
        .collect();
    let expressions = expressions.join("\n");
    let values = [compared(&queries), compared(&expressions)].concat();
    assert!(values.contains(&"given_up") && values.contains(&"hit"), "{values:?}");
    for value in values {
        let literal = match value.strip_suffix(".*") {
            Some(prefix) => format!("\"{prefix}"),
            None => format!("\"{value}\""),
        };
        assert!(sources.contains(&literal), "{value} is the value of no label");
    }
}

#[test]
fn the_guide_lists_every_metric_with_its_labels() {
    assert_eq!(names(GUIDE), METRICS.iter().map(|metric| metric.name).collect());
    for metric in METRICS {
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let kind = match metric.kind {
            MetricKind::Counter => "counter",
            _ => "histogram",
        };
        let row = format!("| `{}` | {kind} | {} |", metric.name, labels.join(", "));
        assert!(GUIDE.contains(&row), "{row}");
    }
}

#[test]
fn the_guide_explains_every_alert() {
    let alerts = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    let alerts: Vec<_> = alerts.collect();
    assert!(alerts.len() > 5);
    for alert in alerts {
        assert!(GUIDE.contains(&format!("| `{alert}` |")), "{alert}");
    }
}
