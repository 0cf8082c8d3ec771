//! The list of a page's sections, on wide screens.

use leptos::prelude::*;

use super::Heading;
use crate::language::language;

/// Links to the sections of the page. A single section needs no list.
#[component]
pub(crate) fn Contents(headings: Vec<Heading>) -> impl IntoView {
    (headings.len() > 1).then(|| {
        let links = headings.into_iter().map(|Heading { id, text }| {
            view! {
                <li>
                    <a href=format!("#{id}")>{text}</a>
                </li>
            }
        });
        view! {
            <nav class="contents" aria-labelledby="contents">
                <p id="contents">{language().text("page-contents")}</p>
                <ul>{links.collect_view()}</ul>
            </nav>
        }
    })
}
