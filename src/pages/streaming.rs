//! A page that streams: its first part is sent before its token is requested.

use leptos::prelude::*;

use super::resources::no_resource;
use crate::{
    components::{Code, Demo, Page, Problem, Step, snippets},
    samples::streaming::LateToken,
    server::authorize::require_user,
    state::AppState,
};

#[component]
pub(crate) fn Streaming() -> impl IntoView {
    view! {
        <Page
            step=Step::Streaming
            heading="Streaming"
            about="The other pages go out when they are complete. This one streams: the browser has its beginning at \
            once, and what takes longer follows in its place, without a script. A token that is refreshed so late \
            cannot be saved to a cookie any more; the server remembers it, and the next page saves it."
            code=snippets::TOKEN_WHILE_STREAMING
            body=Box::pin(body())
        />
    }
}

async fn body() -> Result<AnyView, Problem> {
    require_user().await?;
    let resources = use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone());
    let Some(resource) = resources.into_iter().next() else {
        return Ok(no_resource().into_any());
    };
    let code = view! {
        <Code snippet=snippets::TOKEN_WHILE_STREAMING />
        <Code snippet=snippets::STREAMING_ROUTE />
    };
    Ok(view! {
        <Demo heading="A token that comes late" code=code.into_any()>
            <p>"All above was on its way before this token was known."</p>
            <LateToken resource />
            <p>"If it was refreshed, the next page saves it: it is among the tokens kept on the page Session."</p>
        </Demo>
    }
    .into_any())
}
