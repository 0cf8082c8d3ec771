//! The footer of every page: the language switch.

use http::request::Parts;
use leptos::prelude::*;

use crate::language::{Language, language};

/// The footer of every page.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let page = with_context(|parts: &Parts| parts.uri.path_and_query().map(ToString::to_string));
    let return_to = page.flatten().unwrap_or_else(|| "/".to_owned());
    view! {
        <footer class="foot">
            <LanguageSwitch return_to />
        </footer>
    }
}

/// A form with a button for each language. It works without JavaScript.
#[component]
fn LanguageSwitch(
    /// The path and query of this page.
    return_to: String,
) -> impl IntoView {
    let current = language();
    let buttons = Language::ALL.map(|language| {
        view! {
            <button
                name="language"
                value=language.tag()
                lang=language.tag()
                aria-pressed=(language == current).to_string()
            >
                {language.own_name()}
            </button>
        }
    });
    view! {
        <form class="language" method="post" action="/language" aria-label=current.text("language-label")>
            <input type="hidden" name="return_to" value=return_to />
            {buttons.into_iter().collect_view()}
        </form>
    }
}
