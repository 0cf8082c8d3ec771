//! The page of a step.

use futures_util::future::BoxFuture;
use leptos::prelude::*;

use super::{
    Code, Demo, Frame, Problem, ProblemNote, Snippet, Step, drawn_once,
    steps::{PerStep, not_drawn},
};
use crate::{islands::Countdown, state::AppState};

/// What a page shows, when it is known. In a box, because it is moved from hand to hand on its way
/// into the page.
type Body = BoxFuture<'static, Result<AnyView, Problem>>;

/// A step: what it is about, then what it shows, or why it cannot.
#[component]
pub(crate) fn Page(
    step: Step,
    heading: &'static str,
    /// What the page is about, in two or three lines.
    about: &'static str,
    /// The code to show while there is no result.
    code: Snippet,
    /// Whether something on it runs in the browser. A page without loads no scripts.
    #[prop(default = true)]
    islands: bool,
    body: Body,
) -> impl IntoView {
    let main = Box::pin(async move {
        let body = match body.await {
            Ok(body) => body,
            Err(problem) => view! {
                <Demo heading="Live result" code=view! { <Code snippet=code /> }.into_any()>
                    <ProblemNote problem />
                </Demo>
            }
            .into_any(),
        };
        view! {
            {intro(step, heading, about)}
            {body}
            {next(step)}
            {islands.then(island_scripts)}
        }
        .into_any()
    });
    view! { <Frame title=step.name() step=Some(step) main /> }
}

/// Each step has one page, with one heading.
fn intro(step: Step, heading: &'static str, about: &'static str) -> impl IntoView {
    static KEPT: PerStep = not_drawn();
    drawn_once(&KEPT[step as usize], || {
        view! {
            <div class="intro">
                <h1>{heading}</h1>
                <p>{about}</p>
            </div>
        }
    })
}

fn next(step: Step) -> impl IntoView {
    static KEPT: PerStep = not_drawn();
    let link = |next: Step| {
        view! {
            <p class="next">
                <a href=next.path()>"Next: " {next.name()}</a>
            </p>
        }
    };
    drawn_once(&KEPT[step as usize], || step.next().map(link))
}

fn island_scripts() -> impl IntoView {
    let options = use_context::<AppState>().map(|state| state.leptos.clone());
    options.map(|options| {
        view! {
            <Countdown />
            <HydrationScripts options islands=true />
        }
    })
}
