//! Access tokens for API resources, and API calls.

mod access_token;
mod products;

use leptos::prelude::*;
use logto_leptos::{TokenTarget, access_token_ssr, browser::TokenView};

use self::{access_token::AccessTokenByAction, products::ProductsByAction};
use crate::{
    components::{Code, Demo, Page, Problem, Step, snippets, token_or_problem},
    server::authorize::{require_user, section_result},
    state::AppState,
};

#[component]
pub(crate) fn Resources() -> impl IntoView {
    view! {
        <Page
            step=Step::Resources
            heading="API resources"
            about="An API of yours is a resource in Logto. The server gets an access token for it, from the session \
            while it is valid and with the refresh token after that, and sends it along when it calls the API. The \
            browser gets the answer, not the token."
            code=snippets::TOKEN_WHILE_RENDERING
            body=Box::pin(body())
        />
    }
}

async fn body() -> Result<AnyView, Problem> {
    require_user().await?;
    let resources = use_context::<AppState>().map_or_else(Vec::new, |state| state.settings.resources.clone());
    if resources.is_empty() {
        return Ok(no_resource().into_any());
    }
    let mut sections = Vec::new();
    for (position, resource) in resources.into_iter().enumerate() {
        // [show:token-while-rendering]
        let issued = access_token_ssr(TokenTarget::resource(&resource)).await;
        // A `TokenView` may reach the browser: it does not contain the token.
        let token = issued.map(|issued| TokenView::from(&issued));
        // [/show]
        sections.push(section(resource, section_result(token)?, position == 0));
    }
    Ok(view! {
        {sections}
        <Demo
            heading="Call the API"
            code=view! { <Code snippet=snippets::CALL_API /> <Code snippet=snippets::PROTECTED_API /> }.into_any()
        >
            <p>
                "The first resource is an API of this site. GET wants the scope " <code>"read:products"</code> ", POST "
                <code>"write:products"</code> "."
            </p>
            <ProductsByAction />
            <noscript>
                <p class="muted">"Without JavaScript the calls are made, but their answers are not shown here."</p>
            </noscript>
        </Demo>
    }
    .into_any())
}

fn section(resource: String, token: Result<TokenView, Problem>, with_code: bool) -> impl IntoView {
    let code = with_code.then(|| {
        view! {
            <Code snippet=snippets::TOKEN_WHILE_RENDERING />
            <Code snippet=snippets::TOKEN_SERVER_FUNCTION />
            <Code snippet=snippets::TOKEN_FORM />
        }
    });
    view! {
        <Demo heading=resource.clone() code=code.into_any()>
            <div class="tokens">
                <div>
                    <h3>"Came with the page"</h3>
                    {token_or_problem(token, "Obtained while rendering")}
                </div>
                <div>
                    <AccessTokenByAction resource />
                </div>
            </div>
        </Demo>
    }
}

pub(super) fn no_resource() -> impl IntoView {
    view! {
        <Demo heading="No API resource yet" code=view! { <Code snippet=snippets::TOKEN_WHILE_RENDERING /> }.into_any()>
            <div class="note">
                <p class="note-title">"No API resource is set up"</p>
                <p>
                    "Register one in the Logto console under API resources, put its identifier into "
                    <code>"LOGTO_RESOURCES"</code>
                    ", restart the app and sign in again."
                </p>
            </div>
        </Demo>
    }
}
