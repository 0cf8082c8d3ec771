//! What went wrong, what to do, and the code to search for.

use std::time::Duration;

use http::request::Parts;
use leptos::prelude::*;
use logto_leptos::{SignIn, SignOut, try_again_in};

/// What a piece shows in place of its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is: that decides what can be done.
    pub kind: ProblemKind,
    /// A stable code; ours, never text of somebody else's.
    pub code: String,
    /// What happened, in a few words.
    pub title: String,
    /// What to do.
    pub advice: String,
    /// When to try again, if the provider said so.
    pub retry_after: Option<Duration>,
    /// The same for developers.
    pub detail: Option<String>,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Nobody is signed in, or the sign-in has ended.
    SignIn,
    /// The user may not use the app at present: a sign-in does not help.
    AccessDenied,
    /// The user lacks a permission.
    NoPermission,
    /// Something failed.
    Fault,
}

/// Shows a problem, with the buttons for the way out.
#[component]
pub fn ProblemNote(problem: Problem) -> impl IntoView {
    let class = match problem.kind {
        ProblemKind::SignIn => "note sign-in-first",
        ProblemKind::AccessDenied | ProblemKind::NoPermission => "note no-permission",
        ProblemKind::Fault => "note fault",
    };
    view! {
        <div class=class>
            <p class="note-title">{problem.title}</p>
            <p>{problem.advice} {problem.retry_after.map(|wait| format!(" {}", try_again_in(wait)))}</p>
            {problem.detail.map(|detail| view! { <p class="muted">{detail}</p> })}
            {(problem.code != "not_signed_in").then(|| view! { <p class="muted">"Code: " <code>{problem.code}</code></p> })}
            {(problem.kind == ProblemKind::SignIn)
                .then(|| view! { <SignIn class="button primary">"Continue with Logto"</SignIn> })}
            {(problem.kind == ProblemKind::AccessDenied).then(try_again_or_leave)}
        </div>
    }
}

/// The page asks again by itself, at most once a minute.
fn try_again_or_leave() -> impl IntoView {
    let page = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    view! {
        <div class="actions">
            <a class="button primary" href=page>"Try again"</a>
            <SignOut class="button">"Sign out"</SignOut>
        </div>
    }
}
