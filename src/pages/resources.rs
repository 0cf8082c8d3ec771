//! Access tokens for API resources, and API calls.

mod access_token;
mod products;

use leptos::prelude::*;
use logto_leptos::{TokenTarget, access_token_ssr, browser::TokenView};

use self::{access_token::AccessTokenByAction, products::ProductsByAction};
use crate::{
    components::{Heading, Page, Pane, Problem, Reading, Section, Step, or_problem, panes, token_or_problem},
    server::authorize::{require_user, section_result},
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
        view! { <Section heading=none panes=[panes::TOKEN_WHILE_RENDERING]>{no_resource()}</Section> }.into_any()
    } else {
        view! {
            {sections.into_iter().enumerate().map(|(position, heading)| section(heading, position == 0)).collect_view()}
            <Section heading=call panes=[panes::CALL_API, panes::PROTECTED_API]>
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
            panes::TOKEN_WHILE_RENDERING,
            panes::TOKEN_SERVER_FUNCTION,
            panes::TOKEN_FORM,
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
    // [show:token-while-rendering]
    let issued = access_token_ssr(TokenTarget::resource(&resource)).await;
    // A `TokenView` may reach the browser: it does not contain the token.
    let token = issued.map(|issued| TokenView::from(&issued));
    // [/show]
    let token = section_result(token)?;
    Ok(view! {
        <div class="tokens">
            <div>
                <h3>"Came with the page"</h3>
                {token_or_problem(token, "Obtained while rendering")}
            </div>
            <div>
                <AccessTokenByAction resource />
            </div>
        </div>
    })
}

async fn calls() -> Result<impl IntoView, Problem> {
    require_user().await?;
    Ok(view! {
        <ProductsByAction />
        <noscript>
            <p class="muted">"Without JavaScript the calls are made, but their answers are not shown here."</p>
        </noscript>
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
