//! Views that are drawn at once.

use std::sync::OnceLock;

use leptos::{prelude::*, tachys::html::InertElement};

/// Draws a view that waits for nothing, now and into one string. Left to the page, which may be
/// streamed, each of its elements would be drawn into strings of its own. A `Suspense` in it would
/// show its fallback.
pub(crate) fn drawn(view: impl IntoView) -> InertElement {
    InertElement::new(view.to_html())
}

/// The same for what is the same for everybody: drawn when it is first shown, and kept.
pub(crate) fn drawn_once<V: IntoView>(kept: &'static OnceLock<String>, view: impl FnOnce() -> V) -> InertElement {
    InertElement::new(kept.get_or_init(|| view().to_html()).as_str())
}

/// The same for what is the same for everybody but for a piece of HTML somewhere in it. `view` is
/// given a mark for its place, to be used as `inner_html`; the piece stands there as it is, escaped
/// by whoever made it.
pub(crate) fn drawn_around<V: IntoView>(
    kept: &'static OnceLock<String>,
    view: impl FnOnce(&'static str) -> V,
    piece: &str,
) -> InertElement {
    const PLACE: &str = "<!--piece-->";
    let html = kept.get_or_init(|| view(PLACE).to_html());
    debug_assert!(html.contains(PLACE), "the view has to show the mark");
    let (before, after) = html.split_once(PLACE).unwrap_or((html, ""));
    InertElement::new([before, piece, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_stands_in_its_place_in_what_is_drawn_once() {
        static KEPT: OnceLock<String> = OnceLock::new();
        for piece in ["<b>1</b>", "", "<!--piece-->"] {
            let table = |piece| view! { <p class="a" inner_html=piece></p> };
            let drawn = drawn_around(&KEPT, table, piece).to_html();
            assert_eq!(drawn, format!("<p class=\"a\">{piece}</p>"));
        }
    }
}
