//! The page of a step.

use futures_util::future::BoxFuture;
use leptos::prelude::*;

use super::{
    Code, Demo, Frame, Problem, ProblemNote, Snippet, Step, cached_html,
    steps::{CachePerStep, empty_caches},
};
use crate::state::AppState;

/// Loads and renders the content of a page. The future is boxed, because it is moved several times.
type Body = BoxFuture<'static, Result<AnyView, Problem>>;

/// The page of a step: an introduction, then its content or a problem.
#[component]
pub(crate) fn Page(
    step: Step,
    heading: &'static str,
    /// The introduction, in two or three lines.
    about: &'static str,
    /// The code to show beside a problem.
    code: Snippet,
    /// Whether the page has islands. A page without islands loads no scripts.
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

fn intro(step: Step, heading: &'static str, about: &'static str) -> impl IntoView {
    static CACHES: CachePerStep = empty_caches();
    cached_html(&CACHES[step as usize], || {
        view! {
            <div class="intro">
                <h1>{heading}</h1>
                <p>{about}</p>
            </div>
        }
    })
}

fn next(step: Step) -> impl IntoView {
    static CACHES: CachePerStep = empty_caches();
    let link = |next: Step| {
        view! {
            <p class="next">
                <a href=next.path()>"Next: " {next.name()}</a>
            </p>
        }
    };
    cached_html(&CACHES[step as usize], || step.next().map(link))
}

fn island_scripts() -> impl IntoView {
    let options = use_context::<AppState>().map(|state| state.leptos.clone());
    options.map(|options| view! { <HydrationScripts options islands=true /> })
}
