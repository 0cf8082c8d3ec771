//! Renders names and values of claims.

use html_escape::encode_text_to_string;
use serde_json::Value;

use super::time::{absolute_time, iso};
use crate::language::language;

/// Claims that are times.
const TIMES: [&str; 6] = ["iat", "exp", "nbf", "auth_time", "created_at", "updated_at"];

/// Numbers from here on are milliseconds: as seconds, they would be after the year 5000.
const MIN_MILLISECONDS: u64 = 100_000_000_000;

/// Renders the name of a claim. A line may break after an underscore.
pub(crate) fn claim_name(name: &str) -> String {
    let mut html = String::new();
    add_name(&mut html, name);
    html
}

/// Renders the value of the claim `name`.
pub(crate) fn claim_value(name: &str, value: &Value) -> String {
    let mut html = String::new();
    add_value(&mut html, name, value);
    html
}

fn add_name(html: &mut String, name: &str) {
    let mut rest = name;
    // Names are short: checking each byte is faster than a substring search.
    while let Some(at) = rest.bytes().position(|byte| byte == b'_') {
        let (part, after) = rest.split_at(at + 1);
        add_text(html, part);
        html.push_str("<wbr>");
        rest = after;
    }
    add_text(html, rest);
}

fn add_value(html: &mut String, name: &str, value: &Value) {
    match value.as_u64() {
        Some(number) if TIMES.contains(&name) => add_time(html, number),
        _ => add_json(html, value),
    }
}

fn add_time(html: &mut String, number: u64) {
    let seconds = if number < MIN_MILLISECONDS {
        number
    } else {
        number / 1000
    };
    let (iso, text) = (iso(seconds).unwrap_or_default(), absolute_time(seconds, language()));
    html.extend([
        "<time datetime=\"",
        &iso,
        "\">",
        &text,
        "</time> <span class=\"mono muted\">",
    ]);
    html.extend([number.to_string().as_str(), "</span>"]);
}

fn add_json(html: &mut String, value: &Value) {
    match value {
        Value::Null => add_mono(html, "mono muted", "null"),
        Value::String(text) => add_mono(html, "mono", text),
        Value::Bool(_) | Value::Number(_) => add_mono(html, "mono", &value.to_string()),
        Value::Array(values) if values.is_empty() => add_mono(html, "mono muted", "[]"),
        Value::Object(values) if values.is_empty() => add_mono(html, "mono muted", "{}"),
        // A list of names or ids is easier to read than JSON.
        Value::Array(values) if values.iter().all(Value::is_string) => {
            html.push_str("<ul class=\"chips\">");
            for text in values.iter().filter_map(Value::as_str) {
                html.push_str("<li>");
                add_text(html, text);
                html.push_str("</li>");
            }
            html.push_str("</ul>");
        }
        Value::Array(_) | Value::Object(_) => {
            html.push_str("<pre class=\"json\">");
            add_text(html, &serde_json::to_string_pretty(value).unwrap_or_default());
            html.push_str("</pre>");
        }
    }
}

/// Escapes text. Most texts need no escaping, and checking that first is faster.
fn add_text(html: &mut String, text: &str) {
    if text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>')) {
        encode_text_to_string(text, html);
    } else {
        html.push_str(text);
    }
}

fn add_mono(html: &mut String, class: &str, text: &str) {
    html.extend(["<span class=\"", class, "\">"]);
    add_text(html, text);
    html.push_str("</span>");
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::*;

    fn html(name: &str, value: &Value) -> String {
        claim_value(name, value)
    }

    #[test]
    fn a_null_claim_is_shown_as_null() {
        assert!(html("name", &Value::Null).contains(">null<"));
    }

    #[test]
    fn times_are_readable_in_seconds_and_milliseconds() {
        for (name, number) in [("iat", 1_705_311_000_u64), ("created_at", 1_705_311_000_123)] {
            let html = html(name, &value!(number));
            assert!(html.contains("15 January 2024, 09:30\u{a0}UTC"), "{html}");
            assert!(html.contains(&number.to_string()), "{html}");
        }
        assert!(!html("seats", &value!(1_705_311_000)).contains("2024"));
    }

    #[test]
    fn markup_in_a_claim_is_text() {
        for claim in [
            value!("<script>x</script>"),
            value!({"a": "<script>x</script>"}),
            value!(["<script>x</script>"]),
        ] {
            assert!(!html("name", &claim).contains("<script>"));
        }
        let name = "<a_b>&\"</td><script>";
        assert_eq!(claim_name(name), "&lt;a_<wbr>b&gt;&amp;\"&lt;/td&gt;&lt;script&gt;");
    }
}
