//! Views that are drawn at once.

use std::sync::OnceLock;

use leptos::{prelude::*, tachys::html::InertElement};

/// Draws a view that waits for nothing, now and into one string. Left to the page, which may be streamed, each of its elements would be
/// drawn into strings of its own. A `Suspense` in it would show its fallback.
pub(crate) fn drawn(view: impl IntoView) -> InertElement {
    InertElement::new(view.to_html())
}

/// The same for what is the same for everybody: drawn when it is first shown, and kept.
pub(crate) fn drawn_once<V: IntoView>(kept: &'static OnceLock<String>, view: impl FnOnce() -> V) -> InertElement {
    InertElement::new(kept.get_or_init(|| view().to_html()).as_str())
}
