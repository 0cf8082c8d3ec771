//! A live result and the code that produces it.

use leptos::prelude::*;

/// A section with a heading, a live result and code. Result and code are side by side on wide
/// screens.
#[component]
pub(crate) fn Demo(
    #[prop(into)] heading: String,
    /// The code of this section.
    #[prop(default = ().into_any())]
    code: AnyView,
    children: Children,
) -> impl IntoView {
    let id = id_of(&heading);
    view! {
        <section class="demo" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{heading}</h2>
            <div class="pair">
                <div class="live">{children()}</div>
                <div class="codes">{code}</div>
            </div>
        </section>
    }
}

/// Turns a heading into an id. Headings are unique on their page.
fn id_of(heading: &str) -> String {
    let letters = heading.chars().map(|character| {
        if character.is_ascii_alphanumeric() {
            character.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    letters.collect()
}
