//! A page that streams: its first part is sent before its token is requested.

use std::time::Instant;

use leptos::prelude::*;
use logto_leptos::{TokenTarget, access_token_ssr, browser::TokenView};

use super::resources::no_resource;
use crate::{
    components::{Heading, Page, Problem, Section, Step, or_problem, panes, token_or_problem},
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
            <Section heading=late panes=[panes::TOKEN_WHILE_STREAMING, panes::STREAMING_ROUTE]>
                {or_problem(late_result())}
            </Section>
        </Page>
    }
}

async fn late_result() -> Result<AnyView, Problem> {
    let began = Instant::now();
    require_user().await?;
    let resources = use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone());
    let Some(resource) = resources.into_iter().next() else {
        return Ok(no_resource().into_any());
    };
    // [show:token-while-streaming]
    let late = view! {
        <Suspense>
            {Suspend::new(async move {
                let issued = access_token_ssr(TokenTarget::resource(resource)).await;
                late_token(issued.map(|issued| TokenView::from(&issued)).map_err(Problem::from), began)
            })}
        </Suspense>
    };
    // [/show]
    Ok(view! {
        <p>"All above was on its way before this token was known."</p>
        {late}
    }
    .into_any())
}

fn late_token(token: Result<TokenView, Problem>, began: Instant) -> impl IntoView {
    let refreshed = token.as_ref().is_ok_and(|token| token.refreshed);
    let saved = match &token {
        Ok(_) if refreshed => {
            "This response could not save it. The next one does: on the page Session it is among the tokens kept."
        }
        Ok(_) => "It was in the session already, so there is nothing to save.",
        Err(_) => "Nothing was saved.",
    };
    view! {
        {token_or_problem(token, "Obtained while streaming")}
        <p>{format!("It followed {} ms after the beginning. {saved}", began.elapsed().as_millis())}</p>
    }
}
