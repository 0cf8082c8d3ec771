//! Tips and notes: advice beside the text.

use leptos::prelude::*;

use super::{Icon, Symbol};
use crate::language::language;

/// A box with advice. It is part of a section, so it needs no name.
#[component]
pub(crate) fn Tip(children: Children) -> impl IntoView {
    view! {
        <aside class="tip">
            <p class="tip-title">
                <Icon symbol=Symbol::Bulb />
                {language().text("page-tip")}
            </p>
            {children()}
        </aside>
    }
}

/// A paragraph with the HTML of a text.
pub(crate) fn prose(key: &'static str) -> impl IntoView {
    view! { <p inner_html=language().text(key).into_owned()></p> }
}

/// A note with a title and the HTML of its advice.
pub(crate) fn note(title: &'static str, advice: &'static str) -> impl IntoView {
    view! {
        <div class="note">
            <p class="note-title">{language().text(title)}</p>
            {prose(advice)}
        </div>
    }
}
