use leptos::{
    either::{Either, EitherOf3},
    ev::SubmitEvent,
    prelude::*,
    server_fn::ServerFn,
};
use logto_leptos::{AuthError, browser::TokenView};

use super::{error_note::ErrorNote, token_card::TokenCard};

/// Returns a token from the session. An expired one is refreshed and saved.
#[server(prefix = "/fn", endpoint = "access-token")]
pub async fn get_access_token(resource: String, organization_id: String) -> Result<TokenView, AuthError> {
    use logto_leptos::{TokenTarget, access_token};

    // Both come from the browser. Logto refuses a resource that the sign-in did not request, and an
    // organization that the user is not a member of.
    let target = match (resource.as_str(), organization_id.as_str()) {
        ("", id) => TokenTarget::organization(id),
        (resource, "") => TokenTarget::resource(resource),
        (resource, id) => TokenTarget::resource(resource).in_organization(id),
    };
    let issued = access_token(target).await?;
    // The token stays on the server. Its claims may reach the browser.
    Ok(TokenView::from(&issued).with_claims(&issued.token))
}

/// The error of a form without JavaScript, once for all forms of the page. The browser comes back
/// to this page: with the token in the session, or with the error in the address.
#[component]
pub fn AccessTokenError() -> impl IntoView {
    let answer = ServerAction::<GetAccessToken>::new().value().get_untracked();
    let error = answer.and_then(Result::err);
    error.map(|error| view! { <ErrorNote error /> })
}

/// A button that gets a token, and the token's card. The children are the label of the button.
#[component]
pub fn AccessTokenByAction(
    #[prop(optional, into)] resource: String,
    #[prop(optional, into)] organization_id: String,
    children: Children,
) -> impl IntoView {
    view! {
        <AccessTokenForm resource organization_id>
            {children()}
        </AccessTokenForm>
    }
}

#[island]
pub fn AccessTokenForm(resource: String, organization_id: String, children: Children) -> impl IntoView {
    let action = ServerAction::<GetAccessToken>::new();
    // The first view has to be the same in the browser, which does not read the address.
    action.clear();
    let (answer, pending) = (action.value(), action.pending());
    let input = GetAccessToken {
        resource,
        organization_id,
    };
    let fields = input.clone();
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        if !pending.get_untracked() {
            action.dispatch(input.clone());
        }
    };
    // The user has clicked, so the browser may leave for the sign-in. It comes back to this page.
    Effect::new(move |_| {
        if let Some(Err(error)) = answer.get() {
            error.sign_in();
        }
    });
    view! {
        <form class="forms" method="post" action=GetAccessToken::url() on:submit=submit>
            <input type="hidden" name="resource" value=fields.resource />
            <input type="hidden" name="organization_id" value=fields.organization_id />
            <button type="submit" class="button">
                {children()}
            </button>
        </form>
        <div class="outcome" aria-live="polite" aria-busy=move || pending.get().to_string()>
            {move || match answer.get() {
                _ if pending.get() => EitherOf3::A(view! { <p class="skeleton">"…"</p> }),
                None => EitherOf3::B(view! { <p class="empty">"–"</p> }),
                Some(Ok(token)) => EitherOf3::C(Either::Left(view! { <TokenCard token /> })),
                Some(Err(error)) => EitherOf3::C(Either::Right(view! { <ErrorNote error /> })),
            }}
        </div>
    }
}
