//! A line to copy, such as a command or an address.

use leptos::prelude::*;

use crate::language::language;

/// Shows a line with a button that copies it. `panes.js` shows the button.
#[component]
pub(crate) fn CopyLine(#[prop(into)] text: String) -> impl IntoView {
    let (code, name) = (text.clone(), text.clone());
    view! {
        <div class="copy-line">
            <code lang="en" translate="no">
                {code}
            </code>
            <button type="button" class="copy" data-copy=text hidden>
                {language().text("code-copy")}
                <span class="visually-hidden">" " {name}</span>
            </button>
        </div>
    }
}
