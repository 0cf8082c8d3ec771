//! The footer of every page: the language switch.

use http::request::Parts;
use leptos::prelude::*;
use logto_leptos::auth_session;

use crate::language::{Language, language};

/// The footer of every page.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let return_to = this_page().unwrap_or_else(|| "/".to_owned());
    view! {
        <footer class="foot">
            <LanguageSwitch return_to />
        </footer>
    }
}

/// The path and query of this page, without a one-time token and without the error of a form.
pub(crate) fn this_page() -> Option<String> {
    let page = auth_session().ok().and_then(|session| session.calling_page());
    // The session does not return to the page for failed sign-ins, but a new language does.
    page.map(|page| page.to_string())
        .or_else(|| with_context(|parts: &Parts| parts.uri.path_and_query().map(ToString::to_string)).flatten())
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
