//! Access tokens for API resources, and API calls.

use leptos::prelude::*;

use crate::{
    components::{Code, Demo, Page, Problem, Step, snippets},
    samples::{access_token_action::AccessTokenByAction, access_token_on_page::AccessTokenOnPage, products::Products},
    server::authorize::require_user,
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
    let sections: Vec<_> = resources
        .into_iter()
        .enumerate()
        .map(|(position, resource)| section(resource, position == 0))
        .collect();
    let code = view! {
        <Code snippet=snippets::PRODUCTS />
        <Code snippet=snippets::CALL_API />
        <Code snippet=snippets::PROTECTED_API />
    };
    Ok(view! {
        {sections}
        <Demo heading="Call the API" code=code.into_any()>
            <p>
                "The first resource is an API of this site. GET wants the scope " <code>"read:products"</code> ", POST "
                <code>"write:products"</code> "."
            </p>
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
        </Demo>
    }
    .into_any())
}

fn section(resource: String, with_code: bool) -> impl IntoView {
    let code = with_code.then(|| {
        view! {
            <Code snippet=snippets::TOKEN_WHILE_RENDERING />
            <Code snippet=snippets::TOKEN_ACTION />
            <Code snippet=snippets::TOKEN_CARD />
            <Code snippet=snippets::EXPIRY />
            <Code snippet=snippets::ERROR_NOTE />
        }
    });
    view! {
        <Demo heading=resource.clone() code=code.into_any()>
            <div class="tokens">
                <div>
                    <h3>"Came with the page"</h3>
                    <AccessTokenOnPage resource=resource.clone() />
                </div>
                <div>
                    <AccessTokenByAction resource>"Get access token"</AccessTokenByAction>
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
