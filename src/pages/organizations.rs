//! The organizations of the user and an access token for each.

use leptos::prelude::*;
use logto_leptos::{ContextOptions, SessionError, UserScope, logto_context};

use crate::{
    components::{Code, Demo, Page, Problem, Step, snippets},
    samples::{
        access_token_action::AccessTokenByAction, organization_members::Members,
        organization_token::OrganizationTokenOnPage, resource_in_organization::ResourceInOrganization,
    },
    server::authorize::requested_scopes,
    state::AppState,
};

#[component]
pub(crate) fn Organizations() -> impl IntoView {
    view! {
        <Page
            step=Step::Organizations
            heading="Organizations"
            about="For apps whose customers are companies or teams. Userinfo names the organizations of the user and \
            the roles there; ID tokens do too, unless the tenant has switched that off. A token for one organization \
            carries what the user may do in that one."
            code=snippets::ORGANIZATION_TOKEN
            body=Box::pin(body())
        />
    }
}

async fn body() -> Result<AnyView, Problem> {
    let context = logto_context(ContextOptions::default().with_user_info(true)).await?;
    let info = context
        .user_info
        .ok_or_else(|| SessionError::without_user(context.state))?;
    if info.organization_data.is_empty() {
        return Ok(no_organization().into_any());
    }
    let profile = info.profile;
    let sections: Vec<_> = info
        .organization_data
        .into_iter()
        .enumerate()
        .map(|(position, organization)| {
            let roles = profile.roles_in(&organization.id);
            let shown = Organization {
                roles: roles.into_iter().flatten().map(str::to_owned).collect(),
                id: organization.id,
                name: organization.name,
                description: organization.description,
            };
            section(shown, position == 0)
        })
        .collect();
    Ok(view! { {sections} }.into_any())
}

/// The displayed data of an organization.
struct Organization {
    id: String,
    name: String,
    description: Option<String>,
    roles: Vec<String>,
}

fn section(organization: Organization, with_code: bool) -> impl IntoView {
    let Organization {
        id,
        name,
        description,
        roles,
    } = organization;
    let none = || view! { <span class="muted">"none"</span> }.into_any();
    let roles = if roles.is_empty() {
        none()
    } else {
        let roles = roles.into_iter().map(|role| view! { <li>{role}</li> });
        view! { <ul class="chips">{roles.collect_view()}</ul> }.into_any()
    };
    let resource = use_context::<AppState>().and_then(|state| state.settings.products_resource.clone());
    let heading = if name.is_empty() { id.clone() } else { name };
    let code = with_code.then(|| {
        view! {
            <Code snippet=snippets::ORGANIZATION_TOKEN />
            <Code snippet=snippets::TOKEN_ACTION />
            <Code snippet=snippets::RESOURCE_IN_ORGANIZATION />
            <Code snippet=snippets::ORGANIZATION_MEMBERS />
            <Code snippet=snippets::ORGANIZATION_API />
        }
    });
    view! {
        <Demo heading code=code.into_any()>
            <dl class="facts">
                <dt>"Id"</dt>
                <dd>
                    <code>{id.clone()}</code>
                </dd>
                <dt>"Description"</dt>
                <dd>{description.map_or_else(none, IntoAny::into_any)}</dd>
                <dt>"Your roles"</dt>
                <dd>{roles}</dd>
            </dl>
            <div class="tokens">
                <div>
                    <h3>"Came with the page"</h3>
                    <OrganizationTokenOnPage organization_id=id.clone() />
                </div>
                <div>
                    <AccessTokenByAction organization_id=id.clone()>
                        "Get organization token"
                    </AccessTokenByAction>
                </div>
            </div>
            <h3>"The API of the organization"</h3>
            <Members organization_id=id.clone() />
            {resource
                .map(|resource| {
                    view! {
                        <h3>"An API resource in the organization"</h3>
                        <ResourceInOrganization resource organization_id=id />
                    }
                })}
        </Demo>
    }
}

fn no_organization() -> impl IntoView {
    let scope = UserScope::Organizations.as_str();
    let asked_for = requested_scopes().iter().any(|name| name == scope);
    let advice = if asked_for {
        view! { "Add the user to one in the Logto console, then sign in again." }.into_any()
    } else {
        view! { "The app does not ask for them: add " <code>{scope}</code> " to its scopes." }.into_any()
    };
    view! {
        <Demo heading="Your organizations" code=view! { <Code snippet=snippets::ORGANIZATION_TOKEN /> }.into_any()>
            <div class="note">
                <p class="note-title">"You are in no organization"</p>
                <p>{advice}</p>
            </div>
        </Demo>
    }
}
