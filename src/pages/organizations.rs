//! The organizations of the user, and access tokens for them.

mod manage;
#[cfg(test)]
mod tests;

use leptos::prelude::*;
use logto_leptos::{ContextOptions, SessionError, UserScope, auth_session, logto_context};

pub(crate) use self::manage::ManageOrganizations;
pub(super) use self::manage::explain as explain_change;
use super::resources::no_resource;
use crate::{
    components::{Heading, Page, Problem, Section, Step, Tip, or_problem, panes, prose},
    language::language,
    samples::{
        access_token_action::{AccessTokenByAction, AccessTokenError},
        active_organization::ActiveOrganization,
        organization_members::Members,
        organization_token::OrganizationTokenOnPage,
        resource_in_organization::ResourceInOrganization,
    },
    server::requested_scopes::requested_scopes,
    state::AppState,
};

#[component]
pub(crate) fn Organizations() -> impl IntoView {
    let language = language();
    let active = Heading::new("active-organization", language.text("organizations-active"));
    let tokens = Heading::new("organization-tokens", language.text("organizations-tokens"));
    let api = Heading::new("organization-api", language.text("organizations-api"));
    let resource = Heading::new("resource-in-organization", language.text("organizations-resource"));
    let manage = Heading::new("create-and-invite", language.text("organizations-manage"));
    let contents = [&active, &tokens, &api, &resource, &manage];
    view! {
        <Page
            step=Step::Organizations
            heading=language.text("organizations-heading")
            about=language.text("organizations-about")
            contents=contents.map(Clone::clone)
        >
            <Section heading=active panes=[panes::ACTIVE_ORGANIZATION] supporting=[panes::ERROR_NOTE]>
                {prose("organizations-active-what-html")}
                {prose("organizations-active-how-html")}
                {or_problem(switcher())}
            </Section>
            <Section
                heading=tokens
                panes=[panes::ORGANIZATION_TOKEN]
                supporting=[panes::ACCESS_TOKEN_ACTION, panes::TOKEN_CARD, panes::EXPIRY]
            >
                {prose("organizations-tokens-scope-html")}
                {prose("organizations-tokens-kinds-html")}
                <Tip>{prose("organizations-tip")}</Tip>
                {or_problem(organizations())}
            </Section>
            <Section
                heading=api
                panes=[panes::ORGANIZATION_MEMBERS]
                supporting=[panes::ORGANIZATION_API, panes::CALL_API, panes::API_ERROR, panes::API]
            >
                {prose("organizations-api-what-html")}
                {prose("organizations-api-check-html")}
                {or_problem(members())}
            </Section>
            <Section heading=resource panes=[panes::RESOURCE_IN_ORGANIZATION]>
                {prose("organizations-resource-what-html")}
                {prose("organizations-resource-permissions")}
                {or_problem(in_organization())}
            </Section>
            <Section heading=manage>
                {prose("organizations-manage-what-html")}
                <div class="actions">
                    <a class="button" href=manage::PATH>
                        {language.text("organizations-manage-open")}
                    </a>
                </div>
            </Section>
        </Page>
    }
}

async fn switcher() -> Result<AnyView, Problem> {
    logto_leptos::require_user().await?;
    Ok(if auth_session()?.organizations().await?.is_empty() {
        no_organization().into_any()
    } else {
        view! { <ActiveOrganization /> }.into_any()
    })
}

/// Every organization with its data and both kinds of tokens.
async fn organizations() -> Result<AnyView, Problem> {
    let context = logto_context(ContextOptions::default().with_user_info(true)).await?;
    let info = context
        .user_info
        .ok_or_else(|| SessionError::without_user(context.state))?;
    if info.organization_data.is_empty() {
        return Ok(no_organization().into_any());
    }
    let profile = info.profile;
    let organizations = info.organization_data.into_iter().map(|organization| {
        let roles = profile.roles_in(&organization.id);
        part(Organization {
            roles: roles.into_iter().flatten().map(str::to_owned).collect(),
            id: organization.id,
            name: organization.name,
            description: organization.description,
        })
    });
    Ok(view! { <AccessTokenError /> {organizations.collect_view()} }.into_any())
}

/// The displayed data of an organization.
struct Organization {
    id: String,
    name: String,
    description: Option<String>,
    roles: Vec<String>,
}

fn part(organization: Organization) -> impl IntoView {
    let Organization {
        id,
        name,
        description,
        roles,
    } = organization;
    let language = language();
    let none = move || view! { <span class="muted">{language.text("organizations-no-value")}</span> }.into_any();
    let roles = if roles.is_empty() {
        none()
    } else {
        let roles = roles.into_iter().map(|role| view! { <li>{role}</li> });
        view! { <ul class="chips">{roles.collect_view()}</ul> }.into_any()
    };
    let heading = if name.is_empty() { id.clone() } else { name };
    let heading_id = format!("organization-{id}");
    view! {
        <section class="part" aria-labelledby=heading_id.clone()>
            <h3 id=heading_id.clone()>{heading}</h3>
            <dl class="facts">
                <dt>{language.text("organizations-id")}</dt>
                <dd>
                    <code>{id.clone()}</code>
                </dd>
                <dt>{language.text("organizations-description")}</dt>
                <dd>{description.map_or_else(none, IntoAny::into_any)}</dd>
                <dt>{language.text("organizations-roles")}</dt>
                <dd>{roles}</dd>
            </dl>
            <div class="tokens">
                <div>
                    <h4>{language.text("organizations-on-page")}</h4>
                    <OrganizationTokenOnPage organization_id=id.clone() />
                </div>
                <div>
                    <h4>{language.text("organizations-by-action")}</h4>
                    <AccessTokenByAction organization_id=id>{language.text("organizations-get")}</AccessTokenByAction>
                </div>
            </div>
        </section>
    }
}

/// The id of the active organization, or of the first one while none is active.
async fn chosen() -> Result<Option<String>, Problem> {
    logto_leptos::require_user().await?;
    let auth = auth_session()?;
    Ok(match auth.active_organization().await? {
        Some(id) => Some(id),
        None => auth.organizations().await?.into_iter().next(),
    })
}

async fn members() -> Result<AnyView, Problem> {
    let Some(organization_id) = chosen().await? else {
        return Ok(no_organization().into_any());
    };
    Ok(view! { {called_for(organization_id.clone())} <Members organization_id explain /> }.into_any())
}

/// Says why the API refused a call, and what the user can do.
fn explain(status: u16) -> String {
    let key = match status {
        403 => "organizations-api-forbidden",
        _ => "resources-api-unreachable",
    };
    language().text(key).into_owned()
}

async fn in_organization() -> Result<AnyView, Problem> {
    let Some(organization_id) = chosen().await? else {
        return Ok(no_organization().into_any());
    };
    let resource = use_context::<AppState>().and_then(|state| state.settings.products_resource.clone());
    let Some(resource) = resource else {
        return Ok(no_resource().into_any());
    };
    Ok(view! { {called_for(organization_id.clone())} <ResourceInOrganization resource organization_id /> }.into_any())
}

/// Names the organization that a result is for.
fn called_for(organization_id: String) -> impl IntoView {
    view! { <p>{language().text("organizations-called-for")} " " <code>{organization_id}</code></p> }
}

/// Says why there is no organization, and what to do.
fn no_organization() -> impl IntoView {
    let scope = UserScope::Organizations.as_str();
    let advice = if requested_scopes().iter().any(|name| name == scope) {
        "organizations-none-join-html"
    } else {
        "organizations-none-scope-html"
    };
    view! {
        <div class="note">
            <p class="note-title">{language().text("organizations-none")}</p>
            {prose(advice)}
        </div>
    }
}
