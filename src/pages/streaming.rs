//! A page that streams: its first part is sent before its token is requested.

use leptos::prelude::*;

use super::resources::no_resource;
use crate::{
    components::{Heading, Page, Problem, Section, Step, or_problem, panes},
    samples::streaming::LateToken,
    server::authorize::require_user,
    state::AppState,
};

#[component]
pub(crate) fn Streaming() -> impl IntoView {
    let late = Heading::new("late-token", "A token that comes late");
    view! {
        <Page
            step=Step::Streaming
            heading="Streaming"
            about="The other pages go out when they are complete. This one streams: the browser has its beginning at \
            once, and what takes longer follows in its place, without a script. A token that is refreshed so late \
            cannot be saved to a cookie any more; the server remembers it, and the next page saves it."
            contents=[late.clone()]
        >
            <Section heading=late panes=[panes::STREAMING, panes::STREAMING_ROUTE]>
                {or_problem(late_result())}
            </Section>
        </Page>
    }
}

async fn late_result() -> Result<AnyView, Problem> {
    require_user().await?;
    let resources = use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone());
    let Some(resource) = resources.into_iter().next() else {
        return Ok(no_resource().into_any());
    };
    Ok(view! {
        <p>"All above was on its way before this token was known."</p>
        <LateToken resource />
        <p>"If it was refreshed, the next page saves it: it is among the tokens kept on the page Sessions."</p>
    }
    .into_any())
}
