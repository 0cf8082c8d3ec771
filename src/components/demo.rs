//! A live result beside the code that made it.

use leptos::prelude::*;

/// A section: heading, live result, code. Side by side where there is room, else one under the
/// other.
#[component]
pub(crate) fn Demo(
    #[prop(into)] heading: String,
    /// The code, if this section has any of its own.
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

/// Letters and digits of the heading: it is unique on its page, and so is this.
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
