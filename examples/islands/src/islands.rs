//! The islands, and the server functions that they call.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]
#![allow(clippy::unused_async, reason = "server functions have to be asynchronous")]

use leptos::prelude::*;
use logto_leptos::{SignedIn, SignedOut};

/// Signs in.
#[server(prefix = "/api", endpoint = "sign-in")]
pub(crate) async fn begin_session() -> Result<(), ServerFnError> {
    Ok(logto_leptos::sign_in(logto_leptos::SignInOptions::default()).await?)
}

/// Signs out of this app, and of Logto unless `this_app_only` is set.
#[server(prefix = "/api", endpoint = "sign-out")]
pub(crate) async fn end_session(this_app_only: bool) -> Result<(), ServerFnError> {
    let options = logto_leptos::SignOutOptions::default().with_this_app_only(this_app_only);
    Ok(logto_leptos::sign_out(options).await?)
}

/// Redirects to the plain page.
#[server(prefix = "/api", endpoint = "go-to-plain")]
pub(crate) async fn go_to_plain() -> Result<(), ServerFnError> {
    leptos_axum::redirect("/plain");
    Ok(())
}

/// Buttons for signed-in users and for visitors.
#[island]
pub fn Account() -> impl IntoView {
    let begin = ServerAction::<BeginSession>::new();
    let end = ServerAction::<EndSession>::new();
    let end = move |this_app_only| _ = end.dispatch(EndSession { this_app_only });
    view! {
        <SignedIn>
            <label>"Note" <input name="note" /></label>
            <button on:click=move |_| end(false)>"Sign out by an action"</button>
            <button on:click=move |_| end(true)>"Sign out of this app by an action"</button>
        </SignedIn>
        <SignedOut>
            <button on:click=move |_| _ = begin.dispatch(BeginSession {})>"Sign in by an action"</button>
        </SignedOut>
    }
}

/// A second island on the same page.
#[island]
pub fn Counter() -> impl IntoView {
    let count = RwSignal::new(0);
    let go = ServerAction::<GoToPlain>::new();
    view! {
        <button on:click=move |_| count.update(|count| *count += 1)>"Clicks: " {count}</button>
        <button on:click=move |_| _ = go.dispatch(GoToPlain {})>"Go to the plain page by an action"</button>
        <p>
            <SignedIn>"The counter of a user"</SignedIn>
            <SignedOut>"The counter of a visitor"</SignedOut>
        </p>
    }
}
