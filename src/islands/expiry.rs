//! When something ends: counted down where scripts run, a plain time elsewhere.

use std::time::Duration;

use leptos::{prelude::*, web_sys::js_sys};

use super::time::{duration, iso, utc};

/// When something ends, in seconds since the Unix epoch.
#[island]
pub fn Expiry(at: u64) -> impl IntoView {
    expiry(at)
}

/// The same inside another island.
pub(crate) fn expiry(at: u64) -> impl IntoView {
    // Nothing until the browser has taken over: what it draws first has to be what the server drew.
    let (now, set_now) = signal(None::<u64>);
    Effect::new(move |_| {
        let tick = move || set_now.set(Some(present()));
        tick();
        if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
    });
    let text = Memo::new(move |_| match now.get() {
        None => format!("expires {}", utc(at)),
        Some(now) if now >= at => "expired".to_owned(),
        Some(now) => format!("expires in {}", duration(at - now)),
    });
    view! {
        <time datetime=iso(at) title=utc(at)>
            {text}
        </time>
    }
}

/// The present second by the browser's clock.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 fit for a while"
)]
fn present() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}
