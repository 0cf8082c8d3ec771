//! Values as literals of SQL.

use base64::{Engine as _, prelude::BASE64_STANDARD};

pub(super) const NULL: &str = "NULL";

/// Encoded, so that no value can end the literal, whatever the encoding of the connection and its
/// rules for backslashes.
pub(super) fn text(value: &str) -> String {
    format!(
        "convert_from(decode('{}', 'base64'), 'UTF8')",
        BASE64_STANDARD.encode(value)
    )
}

pub(super) fn texts(values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|value| text(value)).collect();
    format!("ARRAY[{}]::text[]", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_literal() {
        for value in ["', 'base64'); DROP TABLE x; --", "\\", "\u{0}", "ü\u{1F600}", ""] {
            let literal = text(value);
            let encoded = literal
                .strip_prefix("convert_from(decode('")
                .and_then(|rest| rest.strip_suffix("', 'base64'), 'UTF8')"));
            let is_plain = |character: char| character.is_ascii_alphanumeric() || "+/=".contains(character);
            assert!(encoded.unwrap().chars().all(is_plain), "{literal}");
        }
    }

    #[test]
    fn an_empty_list_has_a_type() {
        assert_eq!(texts(&[]), "ARRAY[]::text[]");
    }
}
