//! The organizations of the user and an access token for each.

use leptos::prelude::*;
use logto_leptos::{ContextOptions, SessionError, UserScope, logto_context};

use crate::{
    components::{Heading, Page, Problem, Reading, Section, Step, or_problem, panes},
    samples::{
        access_token_action::AccessTokenByAction, organization_members::Members,
        organization_token::OrganizationTokenOnPage, resource_in_organization::ResourceInOrganization,
    },
    server::authorize::requested_scopes,
    state::AppState,
};

#[component]
pub(crate) fn Organizations() -> impl IntoView {
    let yours = Heading::new("your-organizations", "Your organizations");
    view! {
        <Page
            step=Step::Organizations
            heading="Organizations"
            about="For apps whose customers are companies or teams. Userinfo names the organizations of the user and \
            the roles there; ID tokens do too, unless the tenant has switched that off. A token for one organization \
            carries what the user may do in that one."
            contents=[yours.clone()]
            read_more=[
                Reading::new("Organization template", "/authorization/organization-template"),
                Reading::new("Organization permissions", "/authorization/organization-permissions"),
            ]
        >
            <Section
                heading=yours
                panes=[
                    panes::ORGANIZATION_TOKEN,
                    panes::ACCESS_TOKEN_ACTION,
                    panes::RESOURCE_IN_ORGANIZATION,
                    panes::ORGANIZATION_MEMBERS,
                    panes::ORGANIZATION_API,
                ]
            >
                {or_problem(organizations())}
            </Section>
        </Page>
    }
}

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
    Ok(organizations.collect_view().into_any())
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
    let none = || view! { <span class="muted">"none"</span> }.into_any();
    let roles = if roles.is_empty() {
        none()
    } else {
        let roles = roles.into_iter().map(|role| view! { <li>{role}</li> });
        view! { <ul class="chips">{roles.collect_view()}</ul> }.into_any()
    };
    let resource = use_context::<AppState>().and_then(|state| state.settings.products_resource.clone());
    let heading = if name.is_empty() { id.clone() } else { name };
    let heading_id = format!("organization-{id}");
    view! {
        <section class="part" aria-labelledby=heading_id.clone()>
            <h3 id=heading_id.clone()>{heading}</h3>
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
                    <h4>"Came with the page"</h4>
                    <OrganizationTokenOnPage organization_id=id.clone() />
                </div>
                <div>
                    <AccessTokenByAction organization_id=id.clone()>
                        "Get organization token"
                    </AccessTokenByAction>
                </div>
            </div>
            <h4>"The API of the organization"</h4>
            <Members organization_id=id.clone() />
            {resource
                .map(|resource| {
                    view! {
                        <h4>"An API resource in the organization"</h4>
                        <ResourceInOrganization resource organization_id=id />
                    }
                })}
        </section>
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
        <div class="note">
            <p class="note-title">"You are in no organization"</p>
            <p>{advice}</p>
        </div>
    }
}
