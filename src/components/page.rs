//! The page of a step.

use leptos::prelude::*;

use super::{Frame, Heading, Step, StepProgress, readings::ReadMore};
use crate::{language::language, state::AppState};

/// The page of a step: an introduction, sections, and links that lead on.
#[component]
pub(crate) fn Page(
    step: Step,
    #[prop(into)] heading: String,
    /// The introduction, in two or three lines.
    #[prop(into)]
    about: String,
    /// The headings of the sections, in order.
    #[prop(into)]
    contents: Vec<Heading>,
    /// Whether the page has islands. A page without islands loads no wasm.
    #[prop(default = true)]
    islands: bool,
    /// The sections.
    children: Children,
) -> impl IntoView {
    view! {
        <Frame title=step.name() step=Some(step) contents>
            <div class="intro">
                <StepProgress step />
                <h1>{heading}</h1>
                <p>{about}</p>
            </div>
            {children()}
            <ReadMore step />
            {step.next().map(|next| view! { <Next step=next /> })}
            {islands.then(island_scripts)}
        </Frame>
    }
}

#[component]
fn Next(step: Step) -> impl IntoView {
    let next = language().text_with("step-next", [("step", step.name())]);
    view! {
        <p class="next">
            <a href=step.path() rel="next">
                {next}
            </a>
        </p>
    }
}

fn island_scripts() -> impl IntoView {
    let options = use_context::<AppState>().map(|state| state.leptos.clone());
    options.map(|options| view! { <HydrationScripts options islands=true /> })
}
