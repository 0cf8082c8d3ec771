//! Access tokens for API resources, and API calls.

use leptos::prelude::*;

use crate::{
    components::{Heading, Page, Pane, Problem, Reading, Section, Step, or_problem, panes},
    samples::{access_token_action::AccessTokenByAction, access_token_on_page::AccessTokenOnPage, products::Products},
    server::authorize::require_user,
    state::AppState,
};

#[component]
pub(crate) fn Resources() -> impl IntoView {
    let resources = use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone());
    let sections: Vec<_> = resources
        .into_iter()
        .enumerate()
        .map(|(position, resource)| Heading::new(format!("resource-{}", position + 1), resource))
        .collect();
    let call = Heading::new("call-the-api", "Call the API");
    let none = Heading::new("no-api-resource", "No API resource yet");
    let contents = if sections.is_empty() {
        vec![none.clone()]
    } else {
        sections.iter().chain([&call]).cloned().collect()
    };
    let body = if sections.is_empty() {
        view! { <Section heading=none panes=[panes::ACCESS_TOKEN_ON_PAGE]>{no_resource()}</Section> }.into_any()
    } else {
        view! {
            {sections.into_iter().enumerate().map(|(position, heading)| section(heading, position == 0)).collect_view()}
            <Section heading=call panes=[panes::PRODUCTS, panes::CALL_API, panes::PROTECTED_API]>
                <p>
                    "The first resource is an API of this site. GET wants the scope " <code>"read:products"</code>
                    ", POST " <code>"write:products"</code> "."
                </p>
                {or_problem(calls())}
            </Section>
        }
        .into_any()
    };
    view! {
        <Page
            step=Step::Resources
            heading="API resources"
            about="An API of yours is a resource in Logto. The server gets an access token for it, from the session \
            while it is valid and with the refresh token after that, and sends it along when it calls the API. The \
            browser gets the answer, not the token."
            contents
            read_more=[
                Reading::new("API resources", "/authorization/global-api-resources"),
                Reading::new("Validate access tokens", "/authorization/validate-access-tokens"),
                Reading::new("Role-based access control", "/authorization/role-based-access-control"),
            ]
        >
            {body}
        </Page>
    }
}

fn section(heading: Heading, with_code: bool) -> impl IntoView {
    let panes: &[Pane] = if with_code {
        &[
            panes::ACCESS_TOKEN_ON_PAGE,
            panes::ACCESS_TOKEN_ACTION,
            panes::TOKEN_CARD,
            panes::EXPIRY,
            panes::ERROR_NOTE,
        ]
    } else {
        &[]
    };
    let resource = heading.text.clone();
    view! {
        <Section heading panes>
            {or_problem(tokens(resource))}
        </Section>
    }
}

async fn tokens(resource: String) -> Result<impl IntoView, Problem> {
    require_user().await?;
    Ok(view! {
        <div class="tokens">
            <div>
                <h3>"Came with the page"</h3>
                <AccessTokenOnPage resource=resource.clone() />
            </div>
            <div>
                <AccessTokenByAction resource>"Get access token"</AccessTokenByAction>
            </div>
        </div>
    })
}

async fn calls() -> Result<impl IntoView, Problem> {
    require_user().await?;
    Ok(view! {
        <div class="calls">
            <Products>
                <label for="product-name">"Name of a new product"</label>
                <div class="field">
                    <input id="product-name" name="name" required maxlength="60" autocomplete="off" />
                    <button type="submit" class="button">
                        "Call POST /api/products"
                    </button>
                </div>
            </Products>
        </div>
    })
}

pub(super) fn no_resource() -> impl IntoView {
    view! {
        <div class="note">
            <p class="note-title">"No API resource is set up"</p>
            <p>
                "Register one in the Logto console under API resources, put its identifier into "
                <code>"LOGTO_RESOURCES"</code> ", restart the app and sign in again."
            </p>
        </div>
    }
}
