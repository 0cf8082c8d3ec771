//! Tips: what helps, but is not needed.

use leptos::prelude::*;

use super::{Icon, Symbol};
use crate::language::language;

/// A box with a tip. Its text is the content.
#[component]
pub(crate) fn Tip(children: Children) -> impl IntoView {
    view! {
        <aside class="tip">
            <p class="tip-title"><Icon symbol=Symbol::Tip /> {language().text("tip-label")}</p>
            {children()}
        </aside>
    }
}

/// A paragraph with the HTML of a text.
pub(crate) fn prose(key: &'static str) -> impl IntoView {
    view! { <p inner_html=language().text(key).into_owned()></p> }
}
