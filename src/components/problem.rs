//! Problems: what happened, what to do, and a code to search for.

use std::{future::Future, time::Duration};

use http::request::Parts;
use leptos::{either::Either, prelude::*};
use logto_leptos::{Advice, SignIn, SignOut, advice, auth_session, try_again_in};

use super::{Icon, Symbol};
use crate::language::language;

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
    /// The error text, for developers, in English.
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

/// Returns the advice of the sign-in library in the language of the page.
pub(crate) fn advice_for(code: &str) -> Advice {
    auth_session().map_or_else(|_| advice(code), |session| session.advice(code))
}

/// Returns a sentence that says when to try again, in the language of the page.
pub(crate) fn try_again(wait: Duration) -> String {
    auth_session().map_or_else(|_| try_again_in(wait), |session| session.try_again_in(wait))
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
    let language = language();
    let sign_in = || {
        view! { <SignIn class="button primary">{language.text("account-continue")}</SignIn> }
    };
    view! {
        <div class=class>
            <p class="note-title"><Icon symbol /> {problem.title}</p>
            <p>{problem.advice} {problem.retry_after.map(|wait| format!(" {}", try_again(wait)))}</p>
            {problem.detail.map(|detail| view! { <p class="muted" lang="en">{detail}</p> })}
            {(problem.code != "not_signed_in")
                .then(|| {
                    view! {
                        <p class="muted">
                            {language.text("problem-code")} " " <code>{problem.code}</code>
                        </p>
                    }
                })}
            {(problem.kind == ProblemKind::SignIn).then(sign_in)}
            {(problem.kind == ProblemKind::AccessDenied).then(try_again_or_leave)}
        </div>
    }
}

/// Loading the page again asks Logto again, at most once a minute.
fn try_again_or_leave() -> impl IntoView {
    let language = language();
    let page = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    view! {
        <div class="actions">
            <a class="button primary" href=page>
                {language.text("problem-try-again")}
            </a>
            <SignOut class="button">{language.text("account-sign-out")}</SignOut>
        </div>
    }
}
