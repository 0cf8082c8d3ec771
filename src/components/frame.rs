//! What every page has around it.

use futures_util::future::BoxFuture;
use http::request::Parts;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    header::header,
    steps::{Step, steps},
};

/// A page's frame. `main` is awaited first, because what it finds out about the session is what the
/// header has to say.
#[component]
pub(crate) fn Frame(
    title: &'static str,
    /// `None` for a page that is no step; a sign-in from there leads home rather than back.
    step: Option<Step>,
    main: BoxFuture<'static, AnyView>,
) -> impl IntoView {
    let return_to = step.and_then(|_| own_address()).unwrap_or_else(|| "/".to_owned());
    view! {
        <Title text=format!("{title} · Logto quick start for Leptos") />
        {Suspend::new(async move {
            let main = main.await;
            let header = Box::pin(header(return_to)).await;
            view! {
                <a class="skip" href="#main">
                    "Skip to the content"
                </a>
                {header}
                <div class="frame">
                    {steps(step)}
                    <main id="main" tabindex="-1">
                        {main}
                    </main>
                </div>
            }
        })}
    }
}

fn own_address() -> Option<String> {
    with_context(|parts: &Parts| parts.uri.path_and_query().map(ToString::to_string))?
}
