//! Times for people. A few lines of calendar: a date library would be a fifth of the wasm.

const DAY: u64 = 24 * 60 * 60;

/// `2024-01-15 09:30:00 UTC`, for seconds since the Unix epoch.
pub(crate) fn utc(seconds: u64) -> String {
    let (year, month, day) = date(seconds / DAY);
    let (hour, minute, second) = clock(seconds);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// `2024-01-15T09:30:00Z`, for the attribute `datetime`.
pub(crate) fn iso(seconds: u64) -> String {
    utc(seconds).replace(" UTC", "Z").replace(' ', "T")
}

/// `42 min`: the two largest units at most, seconds only when they count.
pub(crate) fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / DAY, seconds % DAY / 3600, seconds % 3600 / 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) if minutes < 5 => format!("{minutes} min {} s", seconds % 60),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, 0, _) => "1 day".to_owned(),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, ..) => format!("{days} days"),
    }
}

fn clock(seconds: u64) -> (u64, u64, u64) {
    (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60)
}

/// Year, month and day of a day since the Unix epoch: counted in eras of 400 years that begin in March, so that a leap day is the
/// last of its year (Howard Hinnant, `civil_from_days`).
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
    fn dates_are_those_of_the_calendar() {
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

    #[test]
    fn durations_have_the_units_that_count() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min 0 s"),
            (299, "4 min 59 s"),
            (2_520, "42 min"),
            (3_600, "1 h"),
            (3_900, "1 h 5 min"),
            (86_400, "1 day"),
            (100_000, "1 day 3 h"),
            (14 * 86_400, "14 days"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
