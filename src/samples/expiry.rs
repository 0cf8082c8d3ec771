use std::time::Duration;

use leptos::{
    prelude::*,
    wasm_bindgen::JsValue,
    web_sys::js_sys::{Array, Date, Intl::RelativeTimeFormat, Object},
};

/// A point in time (RFC 3339). In the browser, how far away it is: "in 42 minutes".
#[island]
pub fn Expiry(at: String) -> impl IntoView {
    let text = RwSignal::new(at.clone());
    let time = StoredValue::new(at.clone());
    let update = move || {
        let now = time.with_value(|at| relative(at));
        // A screen reader would announce an unchanged text again.
        if text.with_untracked(|text| *text != now) {
            text.set(now);
        }
    };
    // An effect runs only in the browser, once the island is hydrated: the first view has no clock.
    Effect::new(move |_| {
        update();
        if let Ok(clock) = set_interval_with_handle(update, Duration::from_secs(1)) {
            on_cleanup(move || clock.clear());
        }
    });
    view! {
        <time datetime=at.clone() title=at>
            {text}
        </time>
    }
}

/// Formats the time until `at` in the language of the page.
fn relative(at: &str) -> String {
    let seconds = (Date::parse(at) - Date::now()) / 1000.0;
    if seconds.is_nan() {
        return at.to_owned();
    }
    let (size, unit) = match seconds.abs() {
        ..60.0 => (1.0, "second"),
        60.0..3600.0 => (60.0, "minute"),
        3600.0..86400.0 => (3600.0, "hour"),
        _ => (86400.0, "day"),
    };
    let page = document().document_element();
    let language = page.and_then(|page| page.get_attribute("lang"));
    // A translation add-on may have set another value. Without a language, that of the browser.
    let language = language.filter(|tag| tag.len() == 2).map(JsValue::from);
    let format = RelativeTimeFormat::new(&Array::from_iter(language), &Object::new());
    format.format((seconds / size).trunc(), unit).into()
}
