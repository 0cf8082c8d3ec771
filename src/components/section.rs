//! Sections of a page: a live result beside the code that produces it.

use leptos::prelude::*;

use super::{CodePane, Pane};

/// The heading of a section, which the list "On this page" links to.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// The fragment of the address. It is unique on its page.
    pub(crate) id: String,
    pub(crate) text: String,
}

impl Heading {
    pub(crate) fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
        }
    }
}

/// A section with a live part and panes of code, side by side on wide screens.
#[component]
pub(crate) fn Section(
    heading: Heading,
    /// The code of this section.
    #[prop(optional, into)]
    panes: Vec<Pane>,
    /// Further files, which start folded.
    #[prop(optional, into)]
    supporting: Vec<Pane>,
    children: Children,
) -> impl IntoView {
    let Heading { id, text } = heading;
    let code = (!panes.is_empty()).then(|| {
        let panes = panes.into_iter().map(|pane| view! { <CodePane pane /> });
        let supporting = supporting
            .into_iter()
            .map(|pane| view! { <CodePane pane supporting=true /> });
        view! { <div class="panes">{panes.collect_view()} {supporting.collect_view()}</div> }
    });
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 id=id.clone()>
                <a class="anchor" href=format!("#{id}")>
                    {text}
                </a>
            </h2>
            <div class="pair">
                <div class="live">{children()}</div>
                {code}
            </div>
        </section>
    }
}
