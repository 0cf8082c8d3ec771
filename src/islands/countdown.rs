//! Counts down to expiry times.

use std::time::Duration;

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys::{Element, js_sys::Date},
};

const SECOND: f64 = 1000.0;
const DAY: u64 = 24 * 60 * 60;

/// Shows the time that is left at every element of the class `expiry`, also at elements that are
/// added later. The island itself renders no element.
#[island]
pub fn Countdown() -> impl IntoView {
    Effect::new(|_| {
        count_down();
        set_interval(count_down, Duration::from_secs(1));
    });
}

/// Updates all countdowns of the page.
pub(super) fn count_down() {
    let Ok(times) = document().query_selector_all("time.expiry") else {
        return;
    };
    for time in (0..times.length()).filter_map(|index| times.item(index)) {
        let Some(end) = time.unchecked_ref::<Element>().get_attribute("datetime") else {
            continue;
        };
        let text = Some(until(Date::parse(&end)));
        // A screen reader would announce an unchanged text again.
        if time.text_content() != text {
            time.set_text_content(text.as_deref());
        }
    }
}

/// Formats the time that is left until `end`, in milliseconds since the Unix epoch, by the
/// browser's clock.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole seconds, and none if it has passed"
)]
fn until(end: f64) -> String {
    match ((end - Date::now()) / SECOND).ceil() as u64 {
        0 => "expired".to_owned(),
        seconds => format!("expires in {}", duration(seconds)),
    }
}

/// Formats a duration in at most two units: `42 min`. Seconds only appear below five minutes.
fn duration(seconds: u64) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_at_most_two_units() {
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
