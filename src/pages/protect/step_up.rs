//! Step-up: pages and an API that demand a recent sign-in or a second factor.

use leptos::prelude::*;

use super::guarded::Guarded;
use crate::{
    components::{Heading, Problem, Section, Tip, or_problem, panes, prose},
    language::language,
    pages::resources::no_resource,
    samples::{
        authentication::{AuthenticationList, load_authentication},
        recent_page::RecentPage,
        sales_page::SalesPage,
        second_factor_page,
    },
    state::AppState,
};

const SECOND_FACTOR: &str = "/protect/second-factor";
const RECENT: &str = "/protect/recent";
const SALES: &str = "/protect/sales";

/// The section about step-up.
#[component]
pub(super) fn StepUp(heading: Heading) -> impl IntoView {
    let language = language();
    let has_demo_users = use_context::<AppState>().is_some_and(|state| state.settings.local_provider);
    view! {
        <Section
            heading
            panes=[panes::SECOND_FACTOR_PAGE]
            supporting=[panes::RECENT_PAGE, panes::AUTHENTICATION]
        >
            {prose("protect-step-up-text-html")}
            {prose("protect-step-up-old")}
            {prose("protect-step-up-none-html")}
            {has_demo_users.then(|| prose("protect-step-up-demo-html"))}
            <div class="actions">
                <a class="button" href=SECOND_FACTOR>
                    {language.text("protect-second-factor-open")}
                </a>
                <a class="button" href=RECENT>
                    {language.text("protect-recent-open")}
                </a>
            </div>
            <h3>{language.text("protect-step-up-now")}</h3>
            {or_problem(authentication())}
            <Tip>{prose("protect-step-up-refresh")}</Tip>
        </Section>
    }
}

/// The section about an API that demands a second factor.
#[component]
pub(super) fn ApiDemand(heading: Heading) -> impl IntoView {
    view! {
        <Section
            heading
            panes=[panes::SALES_PAGE]
            supporting=[panes::SALES_API, panes::CALL_API, panes::API, panes::API_ERROR]
        >
            {prose("protect-sales-text-html")}
            {prose("protect-sales-proof")}
            <div class="actions">
                <a class="button" href=SALES>
                    {language().text("protect-sales-open")}
                </a>
            </div>
        </Section>
    }
}

async fn authentication() -> Result<impl IntoView, Problem> {
    let authentication = load_authentication().await?;
    Ok(view! { <AuthenticationList authentication /> })
}

/// A page that requires a second factor.
#[component]
pub(crate) fn SecondFactorPage() -> impl IntoView {
    let language = language();
    view! {
        <Guarded
            heading=language.text("protect-second-factor")
            about=language.text("protect-second-factor-about")
        >
            <second_factor_page::SecondFactorPage />
        </Guarded>
    }
}

/// A page that requires a recent sign-in.
#[component]
pub(crate) fn RecentSignInPage() -> impl IntoView {
    let language = language();
    view! {
        <Guarded heading=language.text("protect-recent") about=language.text("protect-recent-about")>
            <RecentPage />
        </Guarded>
    }
}

/// A page that calls an API which requires a second factor.
#[component]
pub(crate) fn ApiDemandPage() -> impl IntoView {
    let language = language();
    let has_api = use_context::<AppState>().is_some_and(|state| !state.settings.resources.is_empty());
    let content = if has_api {
        view! { <SalesPage explain>{language.text("protect-sales-confirm")}</SalesPage> }.into_any()
    } else {
        no_resource().into_any()
    };
    view! {
        <Guarded heading=language.text("protect-sales") about=language.text("protect-sales-about")>
            {content}
        </Guarded>
    }
}

/// Says why the API refused the call.
fn explain(status: u16) -> String {
    let key = match status {
        403 => "resources-api-forbidden",
        _ => "resources-api-unreachable",
    };
    language().text(key).into_owned()
}
