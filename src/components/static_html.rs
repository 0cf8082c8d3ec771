//! HTML that is rendered once, before the page is put together.

use std::sync::OnceLock;

use leptos::{prelude::*, tachys::html::InertElement};

/// Renders a view into one string. As part of a page, each of its elements would be rendered into a
/// string of its own, because pages may stream. A `Suspense` in the view would show its fallback.
pub(crate) fn static_html(view: impl IntoView) -> InertElement {
    InertElement::new(view.to_html())
}

/// Renders a view that is the same for every user once, when it is first needed.
pub(crate) fn cached_html<V: IntoView>(cache: &'static OnceLock<String>, view: impl FnOnce() -> V) -> InertElement {
    InertElement::new(cache.get_or_init(|| view().to_html()).as_str())
}
