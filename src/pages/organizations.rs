//! The organizations of the user and an access token for each.

mod token;

use leptos::prelude::*;
use logto_leptos::{
    ContextOptions, SessionError, UserScope, browser::TokenView, logto_context, organization_token_ssr,
};

use self::token::OrganizationTokenByAction;
use crate::{
    components::{Heading, Page, Problem, Reading, Section, Step, or_problem, panes, scopes, token_or_problem},
    server::authorize::{requested_scopes, section_result},
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
            <Section heading=yours panes=[panes::ORGANIZATIONS, panes::ORGANIZATION_TOKEN]>
                {or_problem(organizations())}
            </Section>
        </Page>
    }
}

async fn organizations() -> Result<AnyView, Problem> {
    // [show:organizations]
    let context = logto_context(ContextOptions::default().with_user_info(true)).await?;
    let info = context
        .user_info
        .ok_or_else(|| SessionError::without_user(context.state))?;
    let mut tokens = Vec::new();
    for organization in &info.organization_data {
        let issued = organization_token_ssr(&organization.id).await;
        tokens.push(issued.map(|issued| TokenView::from(&issued)));
    }
    // [/show]
    let tokens: Vec<_> = tokens.into_iter().map(section_result).collect::<Result<_, _>>()?;
    if info.organization_data.is_empty() {
        return Ok(no_organization().into_any());
    }
    let profile = info.profile;
    let sections: Vec<_> = info
        .organization_data
        .into_iter()
        .zip(tokens)
        .map(|(organization, token)| {
            let roles = profile.roles_in(&organization.id);
            let shown = Organization {
                roles: roles.into_iter().flatten().map(str::to_owned).collect(),
                id: organization.id,
                name: organization.name,
                description: organization.description,
                token,
            };
            part(shown)
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
    token: Result<TokenView, Problem>,
}

fn part(organization: Organization) -> impl IntoView {
    let Organization {
        id,
        name,
        description,
        roles,
        token,
    } = organization;
    let none = || view! { <span class="muted">"none"</span> }.into_any();
    let roles = if roles.is_empty() {
        none()
    } else {
        scopes(roles).into_any()
    };
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
                    {token_or_problem(token, "Obtained while rendering")}
                </div>
                <div>
                    <OrganizationTokenByAction organization_id=id />
                </div>
            </div>
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
