//! Views that are drawn at once.

use leptos::{prelude::*, tachys::html::InertElement};

/// Draws a view that waits for nothing, now and into one string. Left to the page, which may be streamed, each of its elements would be
/// drawn into strings of its own. A `Suspense` in it would show its fallback.
pub(crate) fn drawn(view: impl IntoView) -> InertElement {
    InertElement::new(view.to_html())
}
