//! The home page: sign in, and see the claims of the ID token.

use std::borrow::Cow;

use leptos::prelude::*;
use logto_leptos::{ContextOptions, SessionError, SessionState, browser::SessionView, logto_context, use_session};

use crate::{
    components::{Heading, Page, Problem, Section, SignInDiagram, Step, or_problem, panes},
    language::language,
    samples::{claims::Claims, sign_in_out::SignInOut},
    state::AppState,
};

#[component]
pub(crate) fn Overview() -> impl IntoView {
    let language = language();
    let heading = |id: &str, key| Heading::new(id, language.text(key));
    let account = heading("sign-in-and-out", "overview-account");
    let who = heading("who-you-are", "overview-who");
    let flow = heading("flow", "overview-flow");
    let steps = heading("steps", "overview-steps");
    view! {
        <Page
            step=Step::Overview
            heading=language.text("overview-heading")
            about=language.text("overview-about")
            contents=[account.clone(), who.clone(), flow.clone(), steps.clone()]
            islands=false
        >
            <Section heading=account panes=[panes::SIGN_IN_OUT]>
                <Account />
            </Section>
            <Section heading=who panes=[panes::CLAIMS] supporting=[panes::ERROR_NOTE]>
                {or_problem(claims())}
            </Section>
            <Section heading=flow>
                <p>{language.text("overview-flow-about")}</p>
                <SignInDiagram />
            </Section>
            <Section heading=steps>
                <WhatStepsTeach />
            </Section>
        </Page>
    }
}

/// The state of the session, the demo users, and the button.
#[component]
fn Account() -> impl IntoView {
    let language = language();
    let session = use_session().get_untracked();
    let signed_in = session.is_authenticated();
    let local_provider = use_context::<AppState>().is_some_and(|state| state.settings.local_provider);
    let state = match session {
        // The button says so itself.
        SessionView::AccessDenied => None,
        _ if signed_in => Some("overview-signed-in"),
        _ => Some("overview-signed-out"),
    };
    view! {
        {state.map(|key| view! { <p>{language.text(key)}</p> })}
        {(local_provider && !signed_in).then(|| view! { <DemoUsers /> })}
        <SignInOut />
        <p class="muted">{language.text("overview-account-code")}</p>
    }
}

/// The users of the local provider. Their passwords are public.
#[component]
fn DemoUsers() -> impl IntoView {
    let language = language();
    let users = [
        ("ada", "ada-demo", "overview-demo-ada"),
        ("bob", "bob-demo", "overview-demo-bob"),
        ("cleo", "cleo-demo", "overview-demo-cleo"),
    ];
    let rows = users.map(|(username, password, about)| {
        view! {
            <tr>
                <th scope="row">{username}</th>
                <td class="mono">{password}</td>
                <td>{language.text(about)}</td>
            </tr>
        }
    });
    view! {
        <p>{language.text("overview-demo-users")}</p>
        <table>
            <thead>
                <tr>
                    <th scope="col">{language.text("overview-demo-username")}</th>
                    <th scope="col">{language.text("overview-demo-password")}</th>
                    <th scope="col">{language.text("overview-demo-has")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    }
}

async fn claims() -> Result<AnyView, Problem> {
    let language = language();
    let context = logto_context(ContextOptions::default()).await?;
    if context.state == SessionState::AccessDenied {
        return Err(SessionError::AccessDenied.into());
    }
    if !context.is_authenticated() {
        return Ok(view! { <p>{language.text("overview-no-claims")}</p> }.into_any());
    }
    let table = view! {
        <p>{language.text("overview-claims")}</p>
        <Claims>
            <th scope="col">{language.text("overview-claim")}</th>
            <th scope="col">{language.text("overview-value")}</th>
        </Claims>
    };
    Ok(table.into_any())
}

/// The steps, each with what it teaches.
#[component]
fn WhatStepsTeach() -> impl IntoView {
    let language = language();
    let steps = Step::ALL.into_iter().filter_map(|step| {
        let lesson = lesson(step)?;
        Some(view! {
            <li>
                <a href=step.path()>{step.name()}</a>
                <span>{lesson}</span>
            </li>
        })
    });
    view! {
        <p>{language.text("overview-steps-about")}</p>
        <ul class="steps-list">{steps.collect_view()}</ul>
    }
}

/// Returns the summary of a step. The overview has none.
fn lesson(step: Step) -> Option<Cow<'static, str>> {
    let key = match step {
        Step::Overview => return None,
        Step::SetUp => "overview-step-set-up",
        Step::SignIn => "overview-step-sign-in",
        Step::Protect => "overview-step-protect",
        Step::Profile => "overview-step-profile",
        Step::Resources => "overview-step-resources",
        Step::Organizations => "overview-step-organizations",
        Step::Account => "overview-step-account",
        Step::Sessions => "overview-step-sessions",
        Step::Streaming => "overview-step-streaming",
        Step::LogtoAway => "overview-step-logto-away",
    };
    Some(language().text(key))
}
