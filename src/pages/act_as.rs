//! Acting as another user, for a support team: begin, see it on every page, call an API, stop.

#[cfg(test)]
mod tests;

use leptos::prelude::*;
use logto_leptos::{AuthErrorKind, auth_session, require, role};

use super::resources;
use crate::{
    components::{Frame, Heading, Problem, Section, Step, Tip, note, or_problem, panes, prose, time},
    language::language,
    samples::{act_as_error::ActAsError, act_as_list::ActAsList, acting_api::ProductsAsUser},
    state::AppState,
};

pub(super) const PATH: &str = "/act-as";

#[component]
pub(crate) fn ActAsUser() -> impl IntoView {
    let language = language();
    let begin = Heading::new("begin", language.text("act-as-begin"));
    let banner = Heading::new("banner", language.text("act-as-banner"));
    let api = Heading::new("api", language.text("act-as-api"));
    let contents = [&begin, &banner, &api].map(Clone::clone).into();
    let heading = language.text("act-as-heading");
    view! {
        <Frame title=heading.clone() step=Some(Step::Account) contents>
            <div class="intro">
                <h1>{heading}</h1>
                <p>{language.text("act-as-about")}</p>
            </div>
            <Section heading=begin panes=[panes::ACT_AS] supporting=[panes::ACT_AS_LIST, panes::ACT_AS_ERROR]>
                {prose("act-as-begin-what-html")}
                {prose("act-as-begin-who-html")}
                {or_problem(users())}
                <Tip>{prose("act-as-begin-tip")}</Tip>
            </Section>
            <Section heading=banner panes=[panes::ACTING_BANNER]>
                {prose("act-as-banner-what-html")}
                {prose("act-as-banner-end-html")}
                {or_problem(until())}
            </Section>
            <Section heading=api panes=[panes::ACTING_API] supporting=[panes::API, panes::API_ERROR, panes::ERROR_NOTE]>
                {prose("act-as-api-what-html")}
                {prose("act-as-api-act-html")}
                {or_problem(products())}
            </Section>
            <p class="next">
                <a href=Step::Account.path()>{language.text("act-as-back")}</a>
            </p>
        </Frame>
    }
}

/// The buttons, for managers.
async fn users() -> Result<AnyView, Problem> {
    require(role("manager")).await?;
    if auth_session()?.management().is_err() {
        return Ok(not_set_up().into_any());
    }
    Ok(view! { <ActAsList label explain /> }.into_any())
}

fn label(name: &str) -> String {
    language().text_with("act-as-button", [("user", name)])
}

/// Says which settings let the app act as other users.
fn not_set_up() -> impl IntoView {
    note("act-as-not-set-up", "act-as-not-set-up-advice-html")
}

/// When acting ends.
async fn until() -> Result<AnyView, Problem> {
    Ok(match auth_session()?.acting_as().await? {
        Some(acting) => view! {
            <dl class="facts">
                <dt>"user_id"</dt>
                <dd>
                    <code>{acting.user_id}</code>
                </dd>
                <dt>"until"</dt>
                <dd>{time(acting.until.as_secs())}</dd>
            </dl>
        }
        .into_any(),
        None => not_acting().into_any(),
    })
}

async fn products() -> Result<AnyView, Problem> {
    let has_resource = use_context::<AppState>().is_some_and(|state| state.settings.products_resource.is_some());
    if !has_resource {
        return Ok(resources::no_resource().into_any());
    }
    Ok(match auth_session()?.acting_as().await? {
        Some(acting) => view! { <ProductsAsUser user_id=acting.user_id explain=resources::explain /> }.into_any(),
        None => not_acting().into_any(),
    })
}

fn not_acting() -> impl IntoView {
    view! { <p class="muted">{language().text("act-as-not-acting")}</p> }
}

/// Says why the user does not act as another user, and what to do.
fn explain(error: &ActAsError) -> String {
    let key = match error {
        ActAsError::NotSetUp => "act-as-not-set-up",
        ActAsError::NoSuchUser => "act-as-error-no-such-user",
        ActAsError::NotAllowed => "act-as-error-not-allowed",
        ActAsError::Unavailable => "act-as-error-unavailable",
        ActAsError::Auth(error) if error.kind() == AuthErrorKind::Forbidden && error.code() == "forbidden" => {
            "act-as-error-forbidden"
        }
        ActAsError::Auth(error) => {
            let words = crate::components::advice_for(error.code());
            return format!("{}. {}", words.title, words.advice);
        }
    };
    language().text(key).into_owned()
}
