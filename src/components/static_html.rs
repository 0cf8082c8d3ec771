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

/// Renders a view that is the same for every user except for one piece of HTML.
///
/// `view` gets a placeholder, which it uses as the `inner_html` of an element. `piece` replaces the
/// placeholder. The caller has to escape the piece.
pub(crate) fn cached_html_around<V: IntoView>(
    cache: &'static OnceLock<String>,
    view: impl FnOnce(&'static str) -> V,
    piece: &str,
) -> InertElement {
    const PLACEHOLDER: &str = "<!--piece-->";
    let html = cache.get_or_init(|| view(PLACEHOLDER).to_html());
    debug_assert!(html.contains(PLACEHOLDER), "the view has to contain the placeholder");
    let (before, after) = html.split_once(PLACEHOLDER).unwrap_or((html, ""));
    InertElement::new([before, piece, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_replaces_the_placeholder_of_the_cached_html() {
        static CACHE: OnceLock<String> = OnceLock::new();
        for piece in ["<b>1</b>", "", "<!--piece-->"] {
            let table = |piece| view! { <p class="a" inner_html=piece></p> };
            let html = cached_html_around(&CACHE, table, piece).to_html();
            assert_eq!(html, format!("<p class=\"a\">{piece}</p>"));
        }
    }
}
