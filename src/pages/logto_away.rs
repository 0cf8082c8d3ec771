//! The page about outages of Logto.

use leptos::prelude::*;
use logto_leptos::{AddressPurpose, Registration, auth_session, browser::SessionView};

use super::resources::no_resource;
use crate::{
    components::{Heading, Icon, Page, Problem, Section, SessionState, Step, Symbol, Tip, or_problem, panes, prose},
    language::language,
    samples::{errors::AskLogto, session_times::SessionTimesTable},
    state::AppState,
};

#[component]
pub(crate) fn LogtoAway() -> impl IntoView {
    let language = language();
    let now = Heading::new("now", language.text("logto-away-now"));
    let works = Heading::new("what-works", language.text("logto-away-works"));
    let states = Heading::new("states", language.text("logto-away-states"));
    let errors = Heading::new("errors", language.text("logto-away-errors"));
    let contents = [&now, &works, &states, &errors];
    view! {
        <Page
            step=Step::LogtoAway
            heading=language.text("logto-away-heading")
            about=language.text("logto-away-about")
            contents=contents.map(Clone::clone)
        >
            <Section heading=now panes=[panes::SESSION_TIMES] supporting=[panes::EXPIRY, panes::ERROR_NOTE]>
                {or_problem(provider_state())}
                {prose("logto-away-now-how")}
                {or_problem(times())}
            </Section>
            <Section heading=works>
                {prose("logto-away-works-why")}
                <Works />
            </Section>
            <Section heading=states panes=[panes::SESSION_STATE]>
                {prose("logto-away-states-how-html")}
                <States />
            </Section>
            <Section heading=errors panes=[panes::ERRORS]>
                {prose("logto-away-errors-kind-html")}
                {prose("logto-away-errors-back-off-html")}
                {or_problem(ask())}
                <Tip>{prose("logto-away-tip-html")}</Tip>
            </Section>
        </Page>
    }
}

/// Whether the provider answers. It is asked at most once in five seconds.
async fn provider_state() -> Result<impl IntoView, Problem> {
    let addresses = auth_session()?.logto().addresses_to_register().await;
    let mut redirect_uris = addresses
        .iter()
        .filter(|address| address.purpose() == AddressPurpose::SignIn);
    let answers = redirect_uris.all(|address| address.registration() != Registration::Undecided);
    let (symbol, text) = if answers {
        (Symbol::Check, "logto-away-answers")
    } else {
        (Symbol::Warning, "logto-away-no-answer")
    };
    Ok(view! { <p><Icon symbol /> " " {language().text(text)}</p> })
}

async fn times() -> Result<impl IntoView, Problem> {
    logto_leptos::require_user().await?;
    let language = language();
    Ok(view! {
        <SessionTimesTable>
            <th scope="col">{language.text("logto-away-token")}</th>
            <th scope="col">{language.text("logto-away-expires")}</th>
        </SessionTimesTable>
    })
}

/// A table of actions, and whether each works without Logto.
#[component]
fn Works() -> impl IntoView {
    let language = language();
    let rows = [
        (true, "logto-away-row-pages"),
        (true, "logto-away-row-tokens"),
        (true, "logto-away-row-api"),
        (true, "logto-away-row-sign-out"),
        (false, "logto-away-row-refresh"),
        (false, "logto-away-row-user-info"),
        (false, "logto-away-row-sign-in"),
    ];
    let rows = rows.map(|(works, text)| {
        let (class, symbol, word) = if works {
            ("tag ok", Symbol::Check, "logto-away-row-works")
        } else {
            ("tag warn", Symbol::Warning, "logto-away-row-unavailable")
        };
        view! {
            <tr>
                <td>{language.text(text)}</td>
                <td>
                    <span class=class><Icon symbol /> " " {language.text(word)}</span>
                </td>
            </tr>
        }
    });
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{language.text("logto-away-row-what")}</th>
                    <th scope="col">{language.text("logto-away-row-without")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    }
}

/// The states that the header shows.
#[component]
fn States() -> impl IntoView {
    let states = [
        (SessionView::Active, "logto-away-state-active"),
        (SessionView::Stale, "logto-away-state-refreshing-html"),
        (SessionView::SignInNeeded, "logto-away-state-sign-in-needed-html"),
    ];
    let states = states.map(|(state, text)| {
        view! {
            <dt>
                <SessionState state />
            </dt>
            <dd inner_html=language().text(text).into_owned()></dd>
        }
    });
    view! { <dl class="facts">{states.into_iter().collect_view()}</dl> }
}

async fn ask() -> Result<AnyView, Problem> {
    logto_leptos::require_user().await?;
    let resource = use_context::<AppState>().and_then(|state| state.settings.products_resource.clone());
    let Some(resource) = resource else {
        return Ok(no_resource().into_any());
    };
    Ok(view! {
        {prose("logto-away-ask-how")}
        <AskLogto resource>
            <button type="submit" class="button">
                {language().text("logto-away-ask")}
            </button>
        </AskLogto>
    }
    .into_any())
}
