//! What went wrong, what to do, and the code to search for.

use std::time::Duration;

use leptos::prelude::*;
use logto_leptos::{SignIn, try_again_in};

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
    /// The user lacks a permission.
    NoPermission,
    /// Something failed.
    Fault,
}

/// Shows a problem; with a button to sign in where that is the way out.
#[component]
pub fn ProblemNote(problem: Problem) -> impl IntoView {
    let class = match problem.kind {
        ProblemKind::SignIn => "note sign-in-first",
        ProblemKind::NoPermission => "note no-permission",
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
        </div>
    }
}
