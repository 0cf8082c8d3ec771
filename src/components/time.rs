//! Points in time and durations as text.

use leptos::prelude::*;

const DAY: u64 = 24 * 60 * 60;

/// Length of a formatted time, until the year 10000.
const USUAL_LENGTH: usize = 23;

/// A point in time, in seconds since the Unix epoch.
pub(crate) fn time(seconds: u64) -> impl IntoView {
    view! { <time datetime=iso(seconds)>{utc(seconds)}</time> }
}

/// Formats a duration in the largest unit without a remainder: `7 days`.
pub(crate) fn span(seconds: u64) -> String {
    let units = [(DAY, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (length, unit) = units
        .into_iter()
        .find(|(length, _)| seconds.is_multiple_of(*length))
        .unwrap_or((1, "second"));
    match seconds / length {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// Formats seconds since the Unix epoch: `2024-01-15 09:30:00 UTC`.
pub(crate) fn utc(seconds: u64) -> String {
    format_time(seconds, ' ', " UTC")
}

/// Formats seconds since the Unix epoch for the attribute `datetime`: `2024-01-15T09:30:00Z`.
pub(crate) fn iso(seconds: u64) -> String {
    format_time(seconds, 'T', "Z")
}

fn format_time(seconds: u64, between: char, zone: &str) -> String {
    let (year, month, day) = date(seconds / DAY);
    let (hour, minute, second) = clock(seconds);
    let mut text = String::with_capacity(USUAL_LENGTH);
    text.push_str(&year.to_string());
    for (before, number) in [('-', month), ('-', day), (between, hour), (':', minute), (':', second)] {
        text.extend([before, digit(number / 10), digit(number % 10)]);
    }
    text + zone
}

fn digit(number: u64) -> char {
    char::from(b'0' + u8::try_from(number).unwrap_or_default())
}

fn clock(seconds: u64) -> (u64, u64, u64) {
    (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60)
}

/// Converts days since the Unix epoch to year, month and day (Howard Hinnant, `civil_from_days`).
///
/// Years start in March, so that a leap day is the last day of its year. 400 of them are one era.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_the_largest_unit_without_a_remainder() {
        for (seconds, text) in [
            (7 * DAY, "7 days"),
            (DAY, "1 day"),
            (36 * 3600, "36 hours"),
            (3600, "1 hour"),
            (5400, "90 minutes"),
            (61, "61 seconds"),
            (1, "1 second"),
        ] {
            assert_eq!(span(seconds), text);
        }
    }

    #[test]
    fn dates_follow_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (951_868_800, "2000-03-01 00:00:00 UTC"),
            (1_705_311_000, "2024-01-15 09:30:00 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            assert_eq!(utc(seconds), text);
        }
        assert_eq!(iso(1_705_311_000), "2024-01-15T09:30:00Z");
    }
}
