//! Values as literals of SQL.

use std::fmt::Write as _;

pub(super) const NULL: &str = "NULL";

/// A string with escapes for everything but letters, digits and a few signs, so that no value can
/// end the literal, whatever the encoding of the connection and its rules for backslashes.
pub(super) fn text(value: &str) -> String {
    let mut literal = "E'".to_owned();
    for character in value.chars() {
        if character.is_ascii_alphanumeric() || "-_.".contains(character) {
            literal.push(character);
        } else {
            // Writing to a string does not fail.
            let _ = write!(literal, "\\U{:08X}", u32::from(character));
        }
    }
    literal.push('\'');
    literal
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
        for value in ["' OR 1 = 1; --", "\\", "\\'", "\u{0}", "\n", "ü\u{1F600}", ""] {
            let literal = text(value);
            let inner = literal.strip_prefix("E'").and_then(|rest| rest.strip_suffix('\''));
            let (unescaped, escapes): (Vec<_>, Vec<_>) =
                inner.unwrap().split("\\U").enumerate().partition(|part| part.0 == 0);
            for (_, text) in unescaped {
                assert!(text.chars().all(is_plain), "{literal}");
            }
            for (_, escape) in escapes {
                assert!(
                    escape[..8].chars().all(|character| character.is_ascii_hexdigit()),
                    "{literal}"
                );
                assert!(escape[8..].chars().all(is_plain), "{literal}");
            }
        }
    }

    fn is_plain(character: char) -> bool {
        character.is_ascii_alphanumeric() || "-_.".contains(character)
    }

    #[test]
    fn a_sealed_session_needs_no_escapes() {
        assert_eq!(text("v1.Ab-_9"), "E'v1.Ab-_9'");
        assert_eq!(text("a'\u{1F600}"), "E'a\\U00000027\\U0001F600'");
    }

    #[test]
    fn an_empty_list_has_a_type() {
        assert_eq!(texts(&[]), "ARRAY[]::text[]");
    }
}
