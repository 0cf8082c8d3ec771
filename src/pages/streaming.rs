//! A page that streams: its first part is sent before its token is requested.

use leptos::prelude::*;

use super::resources::no_resource;
use crate::{
    components::{Heading, Page, Problem, Section, Step, Tip, or_problem, panes, prose},
    language::language,
    samples::streaming::LateToken,
    state::AppState,
};

#[component]
pub(crate) fn Streaming() -> impl IntoView {
    let language = language();
    let first = Heading::new("first-part", language.text("streaming-first"));
    let late = Heading::new("late-token", language.text("streaming-late"));
    let saved = Heading::new("saved-later", language.text("streaming-saved"));
    let contents = [&first, &late, &saved];
    view! {
        <Page
            step=Step::Streaming
            heading=language.text("streaming-heading")
            about=language.text("streaming-about")
            contents=contents.map(Clone::clone)
        >
            <Section heading=first panes=[panes::APP]>
                {prose("streaming-first-route-html")} {prose("streaming-first-resource-html")}
            </Section>
            <Section heading=late panes=[panes::STREAMING] supporting=[panes::TOKEN_CARD, panes::EXPIRY, panes::ERROR_NOTE]>
                {prose("streaming-late-sent")} {or_problem(late_token())}
            </Section>
            <Section heading=saved>
                {prose("streaming-saved-why")}
                {prose("streaming-saved-how")}
                <Tip>{prose("streaming-tip-html")}</Tip>
            </Section>
        </Page>
    }
}

async fn late_token() -> Result<AnyView, Problem> {
    logto_leptos::require_user().await?;
    let resources = use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone());
    Ok(match resources.into_iter().next() {
        Some(resource) => view! { <LateToken resource /> }.into_any(),
        None => no_resource().into_any(),
    })
}
