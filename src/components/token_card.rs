//! Shows the properties of an access token: audience, scopes, expiry.

use leptos::{either::Either, prelude::*};
use logto_leptos::browser::TokenView;

use super::{Problem, ProblemNote, expiry};
use crate::server::authorize::requested_permissions;

/// Shows a token, or the problem of getting it.
pub(crate) fn token_or_problem(token: Result<TokenView, Problem>, obtained: &'static str) -> impl IntoView {
    match token {
        Ok(token) => Either::Left(view! { <TokenCard token obtained wanted=requested_permissions() /> }),
        Err(problem) => Either::Right(view! { <ProblemNote problem /> }),
    }
}

/// The card of a token.
#[component]
pub(crate) fn TokenCard(
    token: TokenView,
    /// How it was obtained.
    obtained: &'static str,
    /// The permissions that the app requests. The card lists them if none was granted.
    #[prop(optional, into)]
    wanted: Option<String>,
) -> impl IntoView {
    let (source, explained) = if token.refreshed {
        ("refreshed", "The provider was asked for it just now.")
    } else {
        ("cached", "It was in the session already.")
    };
    let missing = wanted.filter(|_| token.scopes.is_empty()).map(no_permission);
    view! {
        <article class="token">
            <p class="token-head">
                <strong>{obtained}</strong>
                <span class="tag" title=explained>
                    {source}
                </span>
            </p>
            <dl>
                <dt>"Audience"</dt>
                <dd>
                    <code>{token.audience.unwrap_or_else(|| "none: opaque, for userinfo".into())}</code>
                </dd>
                <dt>"Scopes"</dt>
                <dd>{scopes(token.scopes)}</dd>
                <dt>"Lifetime"</dt>
                <dd>{expiry(token.expires)}</dd>
            </dl>
            {missing}
        </article>
    }
}

/// Shows scopes as chips, or a tag if there are none.
pub(crate) fn scopes(scopes: Vec<String>) -> impl IntoView {
    if scopes.is_empty() {
        return Either::Left(view! { <span class="tag warn">"no permission"</span> });
    }
    let chips = scopes
        .into_iter()
        .map(|scope| view! { <li>{scope}</li> })
        .collect_view();
    Either::Right(view! { <ul class="chips">{chips}</ul> })
}

fn no_permission(wanted: String) -> impl IntoView {
    let wanted = if wanted.is_empty() {
        Either::Left("The app asks for no scope of an API: add them to its scopes.")
    } else {
        Either::Right(view! {
            "None of the permissions this app asks for is granted: "
            <code>{wanted}</code>
            ". Give the user a role with them in the Logto console, then sign in again."
        })
    };
    view! { <p class="missing">{wanted}</p> }
}
