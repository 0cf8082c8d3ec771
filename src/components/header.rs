//! The header: the name of the app, the session state, and the button to sign in or out.

use std::sync::OnceLock;

use leptos::{either::Either, prelude::*};
use logto_leptos::{ContextOptions, SignIn, SignOut, browser::SessionView, logto_context};

use super::{cached_html, static_html};

/// Renders the header. Call it after the rest of the page is rendered, which may find out that the
/// session has ended.
pub(crate) async fn header(return_to: String) -> impl IntoView {
    let context = logto_context(ContextOptions::default()).await.ok();
    let state = context
        .as_ref()
        .map_or(SessionView::Anonymous, |context| context.state.into());
    let name = context
        .and_then(|context| context.claims)
        .map(|claims| claims.profile.display_name().unwrap_or(&claims.sub).to_owned());
    static_html(view! {
        <header class="site">
            {brand()}
            <div class="account">
                {pill(state)}
                {name.map(|name| view! { <span class="user wide-only">{name}</span> })}
                <Account state return_to />
            </div>
        </header>
    })
}

fn brand() -> impl IntoView {
    static CACHE: OnceLock<String> = OnceLock::new();
    cached_html(&CACHE, || {
        view! {
            <a class="brand" href="/" aria-label="Logto quick start for Leptos, home">
                <img src="/favicon.svg" alt="" width="28" height="28" />
                <span>"Logto" <span class="wide-only">" quick start for Leptos"</span></span>
            </a>
        }
    })
}

// [show:account]
#[component]
fn Account(state: SessionView, return_to: String) -> impl IntoView {
    // If access is denied, signing in again does not help.
    if state.is_authenticated() || state == SessionView::AccessDenied {
        Either::Left(view! { <SignOut class="button">"Sign out"</SignOut> })
    } else {
        Either::Right(view! {
            <SignIn return_to class="button primary">
                "Sign in"
            </SignIn>
        })
    }
}
// [/show]

fn pill(state: SessionView) -> impl IntoView {
    let (class, word, explained) = match state {
        SessionView::Active => ("pill active", "Active", "You are signed in."),
        SessionView::Stale => (
            "pill refreshing",
            "Refreshing",
            "You are signed in; the provider cannot be reached to renew the claims.",
        ),
        SessionView::AccessDenied => (
            "pill sign-in-needed",
            "No access",
            "You may not use this app at present.",
        ),
        SessionView::SignInNeeded | SessionView::Expired => (
            "pill sign-in-needed",
            "Sign-in needed",
            "The sign-in has ended: sign in again.",
        ),
        _ => ("pill", "Signed out", "There is no session."),
    };
    view! {
        <span class=class title=explained>
            <span class="visually-hidden">"Session: "</span>
            {word}
        </span>
    }
}
