//! Points in time, which Logto sends as seconds, milliseconds or text.

use chrono::DateTime;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::clock::Timestamp;

/// Larger numbers are milliseconds: as seconds they would be after the year 5138.
const MAX_SECONDS: f64 = 1e11;

/// Reads seconds, milliseconds or a time of RFC 3339. Anything else is `None`.
pub(super) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(time(&Value::deserialize(deserializer)?))
}

fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().filter(|number| (0.0..=1e15).contains(number))?;
            let seconds = if number > MAX_SECONDS { number / 1000.0 } else { number };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked on the lines before"
            )]
            Some(Timestamp::from_secs(seconds as u64))
        }
        Value::String(text) => {
            let time = DateTime::parse_from_rfc3339(text).ok()?;
            Some(Timestamp::from_secs(time.timestamp().try_into().ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seconds_milliseconds_and_text_are_the_same_time() {
        for value in [
            json!(1_705_311_000),
            json!(1_705_311_000_123_u64),
            json!(1_705_311_000.5),
            json!("2024-01-15T09:30:00.000Z"),
            json!("2024-01-15T10:30:00+01:00"),
        ] {
            assert_eq!(time(&value), Some(Timestamp::from_secs(1_705_311_000)), "{value}");
        }
        for value in [
            json!(null),
            json!(-1),
            json!(1e300),
            json!("soon"),
            json!("1900-01-01T00:00:00Z"),
            json!([1]),
        ] {
            assert_eq!(time(&value), None, "{value}");
        }
    }
}
