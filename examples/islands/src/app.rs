//! The HTML document around the app, and its pages.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};
use logto_leptos::{LogtoProvider, SignIn, SignOut, SignedIn, SignedOut};

use crate::islands::{Account, Counter};

/// The HTML document around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"Logto sign-in in islands mode"</title>
                <link rel="stylesheet" href="/pkg/example-islands.css" />
                <link rel="icon" href="data:," />
                <AutoReload options=options.clone() />
                <HydrationScripts options islands=true />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <LogtoProvider>
            <Router>
                <FlatRoutes fallback=|| view! { <h1>"Page not found"</h1> }>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/plain") view=Plain />
                </FlatRoutes>
            </Router>
        </LogtoProvider>
    }
}

#[component]
fn Home() -> impl IntoView {
    view! {
        <header>
            <h1>"Home"</h1>
            <SignedIn>
                <SignOut>"Sign out"</SignOut>
            </SignedIn>
            <SignedOut>
                <SignIn>"Sign in"</SignIn>
            </SignedOut>
        </header>
        <main>
            <Account />
            <Counter />
        </main>
    }
}

/// A page with islands alone.
#[component]
fn Plain() -> impl IntoView {
    view! {
        <h1>"Plain"</h1>
        <main>
            <Account />
            <Counter />
        </main>
    }
}
