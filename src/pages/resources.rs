//! Access tokens for API resources, and API calls.

use leptos::prelude::*;

use crate::{
    components::{Heading, Page, Problem, Section, Step, Tip, note, or_problem, panes, prose},
    language::language,
    samples::{
        access_token_action::{AccessTokenByAction, AccessTokenError},
        access_token_on_page::AccessTokenOnPage,
        products::Products,
    },
    server::requested_scopes::requested_scopes,
    state::AppState,
};

#[component]
pub(crate) fn Resources() -> impl IntoView {
    let language = language();
    let what = Heading::new("what", language.text("resources-what"));
    let configure = Heading::new("configure", language.text("resources-configure"));
    let token = Heading::new("access-token", language.text("resources-token"));
    let card = Heading::new("token-card", language.text("resources-card"));
    let call = Heading::new("call-the-api", language.text("resources-call"));
    let protect = Heading::new("protect-the-api", language.text("resources-protect"));
    let contents = [&what, &configure, &token, &card, &call, &protect];
    view! {
        <Page
            step=Step::Resources
            heading=language.text("resources-heading")
            about=language.text("resources-about")
            contents=contents.map(Clone::clone)
        >
            <Section heading=what>
                {prose("resources-what-identifier-html")} {prose("resources-what-permissions-html")}
            </Section>
            <Section heading=configure panes=[panes::RESOURCES]>
                {prose("resources-configure-how-html")} {prose("resources-shared-html")} {prose("resources-ignored-html")}
                <Configured />
            </Section>
            <Section heading=token panes=[panes::ACCESS_TOKEN_ON_PAGE, panes::ACCESS_TOKEN_ACTION]>
                {prose("resources-token-cached-html")}
                {prose("resources-token-page-html")}
                {prose("resources-token-action-html")}
                <Tip>{prose("resources-tip")} {prose("resources-tip-here")}</Tip>
                {or_problem(tokens())}
            </Section>
            <Section heading=card panes=[panes::TOKEN_CARD] supporting=[panes::EXPIRY, panes::ERROR_NOTE]>
                {prose("resources-card-view-html")} {prose("resources-card-opaque")}
            </Section>
            <Section heading=call panes=[panes::CALL_API] supporting=[panes::PRODUCTS, panes::API_ERROR]>
                {prose("resources-call-how-html")} {or_problem(calls())}
            </Section>
            <Section heading=protect panes=[panes::PROTECTED_API] supporting=[panes::API, panes::PRODUCT_DATA, panes::ROUTER]>
                {prose("resources-protect-how")}
                {prose("resources-protect-answers-html")}
                {prose("resources-protect-router-html")}
            </Section>
        </Page>
    }
}

/// The API resources of this app.
fn resources() -> Vec<String> {
    use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone())
}

/// The resources and scopes of this app.
#[component]
fn Configured() -> impl IntoView {
    let language = language();
    let resources = resources();
    if resources.is_empty() {
        return no_resource().into_any();
    }
    view! {
        <dl class="facts stacked">
            <dt>{language.text("resources-configured")}</dt>
            <dd>{chips(resources)}</dd>
            <dt>{language.text("resources-requested")}</dt>
            <dd>{chips(requested_scopes())}</dd>
        </dl>
    }
    .into_any()
}

fn chips(names: Vec<String>) -> impl IntoView {
    let names = names.into_iter().map(|name| view! { <li>{name}</li> });
    view! { <ul class="chips">{names.collect_view()}</ul> }
}

async fn tokens() -> Result<impl IntoView, Problem> {
    logto_leptos::require_user().await?;
    let resources = resources();
    let none = resources.is_empty().then(no_resource);
    let parts = resources.into_iter().enumerate();
    let parts = parts.map(|(position, resource)| tokens_for(&format!("resource-{}", position + 1), resource));
    Ok(view! { {none} <AccessTokenError /> {parts.collect_view()} })
}

/// Both kinds of tokens for a resource.
fn tokens_for(id: &str, resource: String) -> impl IntoView + use<> {
    let language = language();
    view! {
        <section class="part" aria-labelledby=id.to_owned()>
            <h3 id=id.to_owned()>{resource.clone()}</h3>
            <div class="tokens">
                <div>
                    <h4>{language.text("resources-on-page")}</h4>
                    <AccessTokenOnPage resource=resource.clone() />
                </div>
                <div>
                    <h4>{language.text("resources-by-action")}</h4>
                    <AccessTokenByAction resource>{language.text("resources-get")}</AccessTokenByAction>
                </div>
            </div>
        </section>
    }
}

async fn calls() -> Result<impl IntoView, Problem> {
    logto_leptos::require_user().await?;
    if resources().is_empty() {
        return Ok(no_resource().into_any());
    }
    let language = language();
    Ok(view! {
        <div class="calls">
            <Products explain>
                <label for="product-name">{language.text("resources-product-name")}</label>
                <div class="field">
                    <input id="product-name" name="name" required maxlength="60" autocomplete="off" />
                    <button type="submit" class="button">
                        {language.text("resources-product-add")}
                    </button>
                </div>
            </Products>
        </div>
    }
    .into_any())
}

/// Says why the API refused a call, and what the user can do.
pub(super) fn explain(status: u16) -> String {
    let key = match status {
        403 => "resources-api-forbidden",
        422 => "resources-api-invalid",
        _ => "resources-api-unreachable",
    };
    language().text(key).into_owned()
}

pub(super) fn no_resource() -> impl IntoView {
    note("resources-none", "resources-none-advice-html")
}
