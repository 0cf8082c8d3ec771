//! The page of a step.

use leptos::prelude::*;

use super::{Frame, Heading, Icon, Step, StepProgress, Symbol};
use crate::{
    language::{Language, language},
    state::AppState,
};

/// A page of Logto's documentation.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    title: String,
    /// On docs.logto.io.
    path: &'static str,
}

impl Reading {
    pub(crate) fn new(title: impl Into<String>, path: &'static str) -> Self {
        Self {
            title: title.into(),
            path,
        }
    }
}

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
    /// Further reading.
    #[prop(optional, into)]
    read_more: Vec<Reading>,
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
            <ReadMore pages=read_more />
            {step.next().map(|next| view! { <Next step=next /> })}
            {islands.then(island_scripts)}
        </Frame>
    }
}

#[component]
fn ReadMore(pages: Vec<Reading>) -> impl IntoView {
    let language = language();
    // The documentation in French is below `/fr`.
    let folder = match language {
        Language::En => "",
        Language::Fr => "/fr",
    };
    (!pages.is_empty()).then(|| {
        let links = pages.into_iter().map(|Reading { title, path }| {
            view! {
                <li>
                    <a href=format!("https://docs.logto.io{folder}{path}")>{title} <Icon symbol=Symbol::External /></a>
                </li>
            }
        });
        view! {
            <section class="read-more" aria-labelledby="read-more">
                <h2 id="read-more">{language.text("page-further-readings")}</h2>
                <ul>{links.collect_view()}</ul>
            </section>
        }
    })
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
