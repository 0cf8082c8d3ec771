//! Names and values of claims, as people can read, select and copy them.

use html_escape::encode_text;
use serde_json::Value;

use super::time::{iso, utc};

/// Claims that are times.
const TIMES: [&str; 6] = ["iat", "exp", "nbf", "auth_time", "created_at", "updated_at"];

/// Above this a time is in milliseconds: as seconds it would be after the year 5000.
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

/// A row of a table, as HTML: the claim's name and its value. It is text, not a view: a page shows dozens.
pub(crate) fn claim_row(name: &str, value: &Value) -> String {
    let (shown, value) = (claim_name(name), claim_value(name, value));
    format!("<tr><th scope=\"row\">{shown}</th><td>{value}</td></tr>")
}

/// A claim's name as HTML: it may be broken after an underscore.
pub(crate) fn claim_name(name: &str) -> String {
    encode_text(name).replace('_', "_<wbr>")
}

/// The value of the claim called `name`, as HTML.
pub(crate) fn claim_value(name: &str, value: &Value) -> String {
    match value.as_u64() {
        Some(number) if TIMES.contains(&name) => {
            let seconds = if number < FIRST_MILLISECONDS {
                number
            } else {
                number / 1000
            };
            let (iso, utc) = (iso(seconds), utc(seconds));
            format!("<time datetime=\"{iso}\">{utc}</time> <span class=\"mono muted\">{number}</span>")
        }
        _ => json(value),
    }
}

fn json(value: &Value) -> String {
    match value {
        Value::Null => mono("mono muted", "null"),
        Value::String(text) => mono("mono", text),
        Value::Bool(_) | Value::Number(_) => mono("mono", &value.to_string()),
        Value::Array(values) if values.is_empty() => mono("mono muted", "[]"),
        Value::Object(values) if values.is_empty() => mono("mono muted", "{}"),
        // Names and ids: a list of them reads better than JSON.
        Value::Array(values) if values.iter().all(Value::is_string) => {
            let items = values.iter().filter_map(Value::as_str).map(encode_text);
            let items = items.collect::<Vec<_>>().join("</li><li>");
            format!("<ul class=\"chips\"><li>{items}</li></ul>")
        }
        Value::Array(_) | Value::Object(_) => {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            format!("<pre class=\"json\">{}</pre>", encode_text(&text))
        }
    }
}

fn mono(class: &str, text: &str) -> String {
    format!("<span class=\"{class}\">{}</span>", encode_text(text))
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
            assert!(html.contains("2024-01-15 09:30:00 UTC"), "{html}");
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
            assert!(!claim_name("<script>x_y</script>").contains("<script>"));
        }
    }
}
