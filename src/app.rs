//! The route table, and the HTML around it.

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    pages::{Home, NotFound, Organizations, Profile, Resources, Session, SignInError, Streaming},
    state::AppState,
};

/// The HTML around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    logto_leptos::send_content_security_policy(&options);
    let stylesheet = use_context::<AppState>().map(|state| state.stylesheet());
    // Nothing is hydrated but islands: what is outside of them needs no marks and no data in the
    // page.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta
                    name="description"
                    content="A live quick start: sign in with Logto, and see every step of the integration at work beside its code."
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=stylesheet />
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The app: one page for each step of the quick start.
///
/// Every page but one is rendered to its end before the first byte goes out: all of it works
/// without JavaScript, and what was refreshed on the way is saved to the session cookie. The page
/// on streaming goes out in order, which needs no JavaScript either.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
                <Route path=path!("/profile") view=Profile ssr=SsrMode::Async />
                <Route path=path!("/resources") view=Resources ssr=SsrMode::Async />
                <Route path=path!("/organizations") view=Organizations ssr=SsrMode::Async />
                // [show:streaming-route]
                <Route path=path!("/streaming") view=Streaming ssr=SsrMode::InOrder />
                // [/show]
                <Route path=path!("/session") view=Session ssr=SsrMode::Async />
                <Route path=path!("/auth-error") view=SignInError ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}
