use leptos::prelude::*;
use logto_leptos::{AuthError, SignIn, browser::TokenView};

use super::{error_note::ErrorNote, expiry::Expiry};

/// The card of a token, or the reason why there is none and a button if a sign-in helps.
pub fn token_or_error(token: Result<TokenView, AuthError>) -> AnyView {
    match token {
        Ok(token) => view! { <TokenCard token /> }.into_any(),
        Err(error) => {
            let sign_in = error
                .needs_sign_in()
                .then(|| view! { <SignIn class="button primary" /> });
            view! { <ErrorNote error /> {sign_in} }.into_any()
        }
    }
}

/// The properties and claims of a token. The token itself stays on the server.
#[component]
pub fn TokenCard(token: TokenView) -> impl IntoView {
    let TokenView {
        audience,
        scopes,
        expires_at,
        refreshed,
        claims,
        ..
    } = token;
    let none = scopes.is_empty().then(|| view! { <code>"[]"</code> });
    let scopes = scopes.into_iter().map(|scope| view! { <li>{scope}</li> });
    let claims = claims.into_iter().map(|claim| {
        view! {
            <dt>{claim.name}</dt>
            <dd>
                <code>{claim.json}</code>
            </dd>
        }
    });
    view! {
        <article class="token">
            <dl>
                <dt>"audience"</dt>
                <dd>
                    <code>{audience.unwrap_or_else(|| "null".to_owned())}</code>
                </dd>
                <dt>"scopes"</dt>
                <dd>
                    {none}
                    <ul class="chips">{scopes.collect_view()}</ul>
                </dd>
                <dt>"expires"</dt>
                <dd>
                    <Expiry at=expires_at />
                </dd>
                <dt>"refreshed"</dt>
                <dd>
                    <code>{refreshed.to_string()}</code>
                </dd>
                {claims.collect_view()}
            </dl>
        </article>
    }
}
