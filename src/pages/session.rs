//! The content, the cookie and the lifetime of the session.

use http::{header, request::Parts};
use leptos::prelude::*;
use logto_leptos::{
    AuthSession, ContextOptions, Lifetimes, SessionError, SignOut, SignedIn, auth_session, browser::TokenView,
    logto_context,
};

use crate::{
    components::{Heading, Page, Problem, ProblemNote, Reading, Section, Step, or_problem, panes, span, time},
    language::language,
    samples::{expiry::Expiry, token_card::TokenCard},
};

#[component]
pub(crate) fn Session() -> impl IntoView {
    let facts_heading = Heading::new("your-session", "Your session");
    let tokens_heading = Heading::new("access-tokens-kept", "Access tokens kept");
    let sign_out = Heading::new("two-ways-out", "Two ways out");
    let life = Heading::new("how-long-it-lives", "How long it lives");
    let lifetimes = auth_session().ok().map(|auth| auth.logto().lifetimes());
    view! {
        <Page
            step=Step::Session
            heading="Session"
            about="The session is in encrypted cookies that scripts cannot read, unless a store is set up: an ID \
            token, a refresh token, and the access tokens obtained so far. The server needs no storage for cookies, \
            and no page contains a token."
            contents=[facts_heading.clone(), tokens_heading.clone(), sign_out.clone(), life.clone()]
            read_more=[
                Reading::new("Sign-out", "/end-user-flows/sign-out"),
            ]
        >
            <Section heading=facts_heading panes=[panes::SESSION]>
                {or_problem(facts())}
            </Section>
            <Section heading=tokens_heading>{or_problem(kept_tokens())}</Section>
            <Section heading=sign_out panes=[panes::SIGN_OUT]>
                <p>
                    "Signing out ends Logto's session too, so that the next sign-in asks for a password. Or only this \
                    app forgets you: others go on, and you come back here without one."
                </p>
                <SignedIn>
                    <WaysOut />
                </SignedIn>
            </Section>
            <Section heading=life>{lifetimes.map(|lifetimes| view! { <Life lifetimes /> })}</Section>
        </Page>
    }
}

async fn facts() -> Result<impl IntoView, Problem> {
    // Renews an expired ID token first, like every page.
    logto_context(ContextOptions::default()).await?;
    // [show:session]
    let auth = auth_session()?;
    let session = auth.session().await?.ok_or(SessionError::NotSignedIn)?;
    let (started, id_token_ends) = (session.started(), session.id_token().claims().exp);
    let can_refresh = session.refresh_token().is_some();
    // [/show]
    let state = auth.state().await?;
    let ended = (!state.is_authenticated()).then(|| {
        let problem = SessionError::without_user(state).into();
        view! { <ProblemNote problem /> }
    });
    let refresh_token = if can_refresh { "there is one" } else { "there is none" };
    Ok(view! {
        {ended}
        <dl class="facts">
            <dt>"State"</dt>
            <dd>
                <code>{state.as_str()}</code>
            </dd>
            <dt>"Began"</dt>
            <dd>{time(started.as_secs())}</dd>
            <dt>"ID token"</dt>
            <dd>
                <Expiry at=id_token_ends.to_rfc3339() />
            </dd>
            <dt>"Refresh token"</dt>
            <dd>{refresh_token}</dd>
            {cookie(&auth)
                .map(|(name, size)| {
                    view! {
                        <dt>"Cookie"</dt>
                        <dd>
                            <code>{name}</code>
                            {format!(", {size} bytes")}
                        </dd>
                    }
                })}
        </dl>
    })
}

async fn kept_tokens() -> Result<impl IntoView, Problem> {
    let session = auth_session()?.session().await?.ok_or(SessionError::NotSignedIn)?;
    let tokens = session.access_tokens();
    let tokens: Vec<_> = tokens
        .map(|(target, cached)| TokenView::cached(target, &cached.token).with_claims(&cached.token))
        .map(|token| view! { <TokenCard token /> })
        .collect();
    let none = tokens
        .is_empty()
        .then(|| view! { <p class="empty">"There is none."</p> });
    Ok(view! { <div class="tokens">{tokens} {none}</div> })
}

// [show:sign-out]
#[component]
fn WaysOut() -> impl IntoView {
    view! {
        <div class="actions">
            <SignOut class="button">"Sign out of Logto too"</SignOut>
            <SignOut this_app_only=true class="button">"Sign out of this app only"</SignOut>
        </div>
    }
}
// [/show]

/// Name and size in bytes of the session cookie that the browser sent.
fn cookie(auth: &AuthSession) -> Option<(String, usize)> {
    let parts = use_context::<Parts>()?;
    let name = format!("logto_{}", auth.logto().client().config().app_id());
    let headers = parts.headers.get_all(header::COOKIE);
    let mut cookies = headers
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "));
    cookies.find_map(|cookie| {
        let (sent, _) = cookie.split_once('=')?;
        // With HTTPS, the name has the prefix `__Host-`.
        (sent.trim_start_matches("__Host-") == name).then(|| (sent.to_owned(), cookie.len()))
    })
}

#[component]
fn Life(lifetimes: Lifetimes) -> impl IntoView {
    view! {
        <ol class="life">
            <li>
                <strong>"You sign in. "</strong>
                "Logto gives an ID token and access tokens for an hour, and a refresh token."
            </li>
            <li>
                <strong>"An hour passes. "</strong>
                "The next page renews the ID token and, when they are needed, the access tokens. You notice \
                nothing."
            </li>
            <li>
                <strong>"Logto cannot be reached. "</strong>
                "You stay signed in with the claims known last, and the state is Refreshing. A transient error \
                never signs you out."
            </li>
            <li>
                <strong>"The sign-in ends. "</strong>
                "When it is revoked at Logto, the state is Sign-in needed. "
                {limits(lifetimes)}
            </li>
            <li>
                <strong>"You sign out. "</strong>
                "The refresh token is revoked, the cookie is removed, no copy of it works, and Logto ends its own \
                session too. Other tabs notice. A sign-out at Logto or in another app ends this session as well."
            </li>
        </ol>
    }
}

fn limits(lifetimes: Lifetimes) -> String {
    let language = language();
    let (idle, absolute) = (span(lifetimes.idle(), language), span(lifetimes.absolute(), language));
    format!("After {idle} without a visit, or {absolute} in all, you are signed out.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_the_configured_lifetimes() {
        let default = "After 7 days without a visit, or 14 days in all, you are signed out.";
        assert_eq!(limits(Lifetimes::default()), default);
        let short = Lifetimes::default().with_idle(1800).with_absolute(12 * 3600);
        assert_eq!(
            limits(short),
            "After 30 minutes without a visit, or 12 hours in all, you are signed out."
        );
    }
}
