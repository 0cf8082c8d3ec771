//! The HTML document around the app, its header and its pages.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

use leptos::prelude::*;
use leptos_meta::{MetaTags, Stylesheet, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{A, Route, Router, Routes},
    path,
};
use logto_leptos::{LogtoProvider, SignIn, SignOut, SignedIn, SignedOut};

use crate::{
    guarded::{Managers, Orders, Payment, Reports},
    plan::PlanPage,
    session::{BeginSession, EndSession, GoToAccount, greeting},
    user::UserPage,
};

/// The HTML document around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" href="data:," />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
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
    provide_meta_context();
    view! {
        <Stylesheet id="leptos" href="/pkg/end2end-hydrate.css" />
        <Title text="Logto sign-in with full hydration" />
        <LogtoProvider>
            <Router>
                <Header />
                <main>
                    <Routes fallback=|| view! { <h1>"Page not found"</h1> }>
                        <Route path=path!("/") view=Home />
                        <Route path=path!("/account") view=Account />
                        <Route path=path!("/orders") view=Orders />
                        <Route path=path!("/managers") view=Managers />
                        <Route path=path!("/payment") view=Payment />
                        <Route path=path!("/reports") view=Reports />
                        <Route path=path!("/plan") view=PlanPage />
                        <Route path=path!("/user") view=UserPage ssr=SsrMode::Async />
                    </Routes>
                </main>
            </Router>
        </LogtoProvider>
    }
}

/// The header of every page. It stays while the router changes the page.
#[component]
fn Header() -> impl IntoView {
    view! {
        <header>
            <nav>
                <A href="/">"Home"</A>
                <A href="/account">"Account"</A>
                <A href="/orders">"Orders"</A>
                <A href="/managers">"Managers"</A>
                <A href="/payment">"Payment"</A>
            </nav>
            <SignedIn>
                <SignOut>"Sign out"</SignOut>
            </SignedIn>
            <SignedOut>
                <SignIn>"Sign in"</SignIn>
            </SignedOut>
        </header>
    }
}

#[component]
fn Home() -> impl IntoView {
    let begin = ServerAction::<BeginSession>::new();
    let go = ServerAction::<GoToAccount>::new();
    view! {
        <h1>"Home"</h1>
        <button on:click=move |_| _ = begin.dispatch(BeginSession {})>"Sign in by an action"</button>
        <button on:click=move |_| _ = go.dispatch(GoToAccount {})>"Go to the account by an action"</button>
    }
}

#[component]
fn Account() -> impl IntoView {
    let end = ServerAction::<EndSession>::new();
    let end = move |this_app_only| _ = end.dispatch(EndSession { this_app_only });
    let greeting = Resource::new(|| (), |()| greeting());
    view! {
        <h1>"Account"</h1>
        <SignedIn>
            <p>
                <Suspense>{move || Suspend::new(async move { greeting.await })}</Suspense>
            </p>
            <label>"Note" <input name="note" /></label>
            <button on:click=move |_| end(false)>"Sign out by an action"</button>
            <button on:click=move |_| end(true)>"Sign out of this app by an action"</button>
        </SignedIn>
        <SignedOut>
            <p>"You are signed out."</p>
        </SignedOut>
    }
}
