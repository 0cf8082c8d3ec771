//! Problems: what happened, what to do, and a code to search for.

use std::{future::Future, time::Duration};

use http::request::Parts;
use leptos::{either::Either, prelude::*};
use logto_leptos::{SignIn, SignOut, try_again_in};

use super::{Icon, Symbol};

/// A section shows a problem instead of its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The kind, which decides about the buttons.
    pub kind: ProblemKind,
    /// A stable code of this app or its libraries, never text of another server.
    pub code: String,
    /// What happened, in a few words.
    pub title: String,
    /// What to do.
    pub advice: String,
    /// The delay before the next attempt, if the provider gave one.
    pub retry_after: Option<Duration>,
    /// The error text, for developers.
    pub detail: Option<String>,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// There is no signed-in user, or the session has ended.
    SignIn,
    /// The user currently has no access to the app. A sign-in does not help.
    AccessDenied,
    /// The user lacks a permission.
    NoPermission,
    /// Something failed.
    Fault,
}

/// Shows the view that a section loads, or its problem.
pub(crate) fn or_problem<V: IntoView + 'static>(
    view: impl Future<Output = Result<V, Problem>> + Send + 'static,
) -> impl IntoView {
    Suspend::new(async move {
        match view.await {
            Ok(view) => Either::Left(view),
            Err(problem) => Either::Right(view! { <ProblemNote problem /> }),
        }
    })
}

/// Shows a problem with the buttons that may solve it.
#[component]
pub fn ProblemNote(problem: Problem) -> impl IntoView {
    let (class, symbol) = match problem.kind {
        ProblemKind::SignIn => ("note sign-in-first", Symbol::Person),
        ProblemKind::AccessDenied | ProblemKind::NoPermission => ("note no-permission", Symbol::Lock),
        ProblemKind::Fault => ("note fault", Symbol::Warning),
    };
    view! {
        <div class=class>
            <p class="note-title"><Icon symbol /> {problem.title}</p>
            <p>{problem.advice} {problem.retry_after.map(|wait| format!(" {}", try_again_in(wait)))}</p>
            {problem.detail.map(|detail| view! { <p class="muted">{detail}</p> })}
            {(problem.code != "not_signed_in")
                .then(|| view! { <p class="muted">"Code: " <code>{problem.code}</code></p> })}
            {(problem.kind == ProblemKind::SignIn)
                .then(|| view! { <SignIn class="button primary">"Continue with Logto"</SignIn> })}
            {(problem.kind == ProblemKind::AccessDenied).then(try_again_or_leave)}
        </div>
    }
}

/// Loading the page again asks Logto again, at most once a minute.
fn try_again_or_leave() -> impl IntoView {
    let page = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    view! {
        <div class="actions">
            <a class="button primary" href=page>"Try again"</a>
            <SignOut class="button">"Sign out"</SignOut>
        </div>
    }
}
