//! The frame of every page: title, header, list of steps.

use futures_util::future::BoxFuture;
use http::request::Parts;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    footer::Footer,
    header::header,
    steps::{Step, steps},
};

/// The frame of a page. It awaits `main` before it renders the header, because `main` may find out
/// that the session has ended.
#[component]
pub(crate) fn Frame(
    #[prop(into)] title: String,
    /// `None` for a page that is not a step. A sign-in there returns to the home page.
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
                <Footer />
            }
        })}
    }
}

fn own_address() -> Option<String> {
    with_context(|parts: &Parts| parts.uri.path_and_query().map(ToString::to_string))?
}
