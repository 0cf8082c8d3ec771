//! Points in time and durations as text, in the language of the page.

use chrono::{DateTime, Datelike as _, SecondsFormat, Utc};
use fluent_bundle::FluentValue;
use leptos::prelude::*;

use crate::language::{Language, language};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A point in time, in seconds since the Unix epoch.
pub(crate) fn time(at: u64) -> impl IntoView {
    view! { <time datetime=iso(at)>{absolute_time(at, language())}</time> }
}

/// Formats a point in time, in seconds since the Unix epoch: `30 November 2026, 14:05 UTC`.
pub(crate) fn absolute_time(at: u64, language: Language) -> String {
    let Some(time) = date_time(at) else {
        return at.to_string();
    };
    // The month and the day are numbers, because texts depend on them. The rest is inserted.
    let values = [
        ("day", time.day().into()),
        ("month", time.month().into()),
        ("year", time.year().to_string().into()),
        ("clock", time.format("%H:%M").to_string().into()),
    ];
    language.text_with::<FluentValue>("time-absolute", values)
}

/// Formats seconds since the Unix epoch for the attribute `datetime`: `2024-01-15T09:30:00Z`.
pub(crate) fn iso(at: u64) -> Option<String> {
    Some(date_time(at)?.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// `None` for times after the year 262,142.
fn date_time(at: u64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.try_into().ok()?, 0)
}

/// Formats a duration in the largest unit without a remainder: `7 days`.
pub(crate) fn span(seconds: u64, language: Language) -> String {
    let (key, unit) = match seconds {
        seconds if seconds.is_multiple_of(DAY) => ("time-days", DAY),
        seconds if seconds.is_multiple_of(HOUR) => ("time-hours", HOUR),
        seconds if seconds.is_multiple_of(MINUTE) => ("time-minutes", MINUTE),
        _ => ("time-seconds", 1),
    };
    language.text_with(key, [("count", seconds / unit)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_in_the_largest_unit_without_a_remainder() {
        for (seconds, english, french) in [
            (0, "0 days", "0 jour"),
            (DAY, "1 day", "1 jour"),
            (7 * DAY, "7 days", "7 jours"),
            (90 * 60, "90 minutes", "90 minutes"),
            (3600, "1 hour", "1 heure"),
            (61, "61 seconds", "61 secondes"),
        ] {
            assert_eq!(span(seconds, Language::En), english);
            assert_eq!(span(seconds, Language::Fr).replace('\u{a0}', " "), french);
        }
    }

    #[test]
    fn dates_are_in_the_language_of_the_page() {
        for (at, english, french) in [
            (0, "1 January 1970, 00:00 UTC", "1er janvier 1970 à 00:00 UTC"),
            (
                951_782_400,
                "29 February 2000, 00:00 UTC",
                "29 février 2000 à 00:00 UTC",
            ),
            (
                4_107_542_399,
                "28 February 2100, 23:59 UTC",
                "28 février 2100 à 23:59 UTC",
            ),
            (
                1_796_047_500,
                "30 November 2026, 14:05 UTC",
                "30 novembre 2026 à 14:05 UTC",
            ),
        ] {
            assert_eq!(absolute_time(at, Language::En).replace('\u{a0}', " "), english);
            assert_eq!(absolute_time(at, Language::Fr).replace('\u{a0}', " "), french);
        }
        assert_eq!(iso(1_705_311_000).as_deref(), Some("2024-01-15T09:30:00Z"));
    }

    #[test]
    fn a_time_beyond_the_calendar_is_shown_as_its_number() {
        assert_eq!(absolute_time(u64::MAX, Language::En), u64::MAX.to_string());
        assert_eq!(iso(u64::MAX), None);
    }
}
