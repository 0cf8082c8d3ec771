//! The session: what is in it, where it is kept, how long it lives, and how it ends.

mod costs;

use http::{header, request::Parts};
use leptos::prelude::*;
use logto_leptos::{AuthSession, Lifetimes, SessionError, SignedIn, SignedOut, auth_session, browser::TokenView};

use self::costs::Costs;
use crate::{
    components::{CopyLine, Heading, Page, Problem, Section, Step, Tip, or_problem, panes, span},
    language::{Language, language},
    samples::{
        session_facts::SessionList,
        sign_out_options::{SignOutOfLogto, SignOutOfThisApp},
        token_card::TokenCard,
    },
    server::StoreKind,
    state::AppState,
};

#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let language = language();
    let yours = Heading::new("your-session", language.text("sessions-yours"));
    let tokens = Heading::new("access-tokens-kept", language.text("sessions-tokens"));
    let store = Heading::new("store", language.text("sessions-store"));
    let costs = Heading::new("costs", language.text("sessions-costs"));
    let own = Heading::new("own-store", language.text("sessions-own"));
    let life = Heading::new("how-long-it-lives", language.text("sessions-life"));
    let ways_out = Heading::new("two-ways-out", language.text("sessions-out"));
    let headings = [&yours, &tokens, &store, &costs, &own, &life, &ways_out];
    let lifetimes = auth_session().map_or_else(|_| Lifetimes::default(), |auth| auth.logto().lifetimes());
    view! {
        <Page
            step=Step::Sessions
            heading=language.text("sessions-heading")
            about=language.text("sessions-about")
            contents=headings.map(Clone::clone)
        >
            <Section heading=yours panes=[panes::SESSION_FACTS] supporting=[panes::EXPIRY, panes::ERROR_NOTE]>
                {or_problem(facts())}
            </Section>
            <Section heading=tokens>
                <p>{language.text("sessions-tokens-text")}</p>
                <SignedIn>{or_problem(kept_tokens())}</SignedIn>
                <SignedOut>
                    <p class="empty">{language.text("sessions-signed-out")}</p>
                </SignedOut>
            </Section>
            <Section heading=store panes=[panes::SESSION_STORE]>
                <Store />
            </Section>
            <Section heading=costs>
                <p>{language.text("sessions-costs-text")}</p>
                <Costs />
                <p class="muted" inner_html=language.text("sessions-costs-source-html").into_owned()></p>
            </Section>
            <Section heading=own panes=[panes::OWN_STORE]>
                <p inner_html=language.text("sessions-own-text-html").into_owned()></p>
                <p>{language.text("sessions-own-sealed")}</p>
            </Section>
            <Section heading=life>
                <Life lifetimes />
            </Section>
            <Section heading=ways_out panes=[panes::SIGN_OUT_OPTIONS]>
                <p>{language.text("sessions-out-logto")}</p>
                <p inner_html=language.text("sessions-out-app-html").into_owned()></p>
                <SignedIn>
                    <div class="actions">
                        <SignOutOfLogto>{language.text("sessions-out-logto-button")}</SignOutOfLogto>
                        <SignOutOfThisApp>{language.text("sessions-out-app-button")}</SignOutOfThisApp>
                    </div>
                </SignedIn>
                <SignedOut>
                    <p class="empty">{language.text("sessions-signed-out")}</p>
                </SignedOut>
            </Section>
        </Page>
    }
}

async fn facts() -> Result<impl IntoView, Problem> {
    logto_leptos::require_user().await?;
    let language = language();
    let auth = auth_session()?;
    let cookie = cookie(&auth).map(|(name, size)| {
        let size = language.text_with("sessions-cookie-size", [("size", size)]);
        view! { <p>{language.text("sessions-cookie")} " " <code>{name}</code> " " {size}</p> }
    });
    Ok(view! {
        <SessionList />
        {cookie}
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
        .then(|| view! { <p class="empty">{language().text("sessions-no-tokens")}</p> });
    Ok(view! { <div class="tokens">{tokens} {none}</div> })
}

/// Name and size in bytes of the session cookie that the browser sent. A large session is in several
/// cookies: `name`, `name.1` and so on.
fn cookie(auth: &AuthSession) -> Option<(String, usize)> {
    let parts = use_context::<Parts>()?;
    let headers = parts.headers.get_all(header::COOKIE).iter();
    let headers: Vec<_> = headers.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let cookies = || headers.iter().flat_map(|header| header.split("; "));
    let app_id = auth.logto().client().config().app_id();
    // With HTTPS, the name has a prefix.
    let names = ["", "__Host-", "__Secure-"].map(|prefix| format!("{prefix}logto_{app_id}"));
    let name = names
        .into_iter()
        .find(|name| cookies().any(|cookie| cookie.split('=').next() == Some(name)))?;
    let is_part = |cookie: &&str| {
        let rest = cookie.strip_prefix(&name);
        rest.is_some_and(|rest| rest.starts_with(['=', '.']))
    };
    let size = cookies().filter(is_part).map(str::len).sum();
    Some((name, size))
}

/// Cookies or a store: which one this app uses, and how to change it.
#[component]
fn Store() -> impl IntoView {
    let language = language();
    let kind = use_context::<AppState>().map_or_else(StoreKind::default, |state| state.settings.store);
    let kind = language.text(match kind {
        StoreKind::Cookies => "sessions-store-cookies",
        StoreKind::Memory => "sessions-store-memory",
        StoreKind::Redis => "sessions-store-redis",
        StoreKind::Postgres => "sessions-store-postgres",
    });
    view! {
        <p inner_html=language.text("sessions-store-cookies-text-html").into_owned()></p>
        <p>{language.text("sessions-store-text")}</p>
        <dl class="facts">
            <dt>{language.text("sessions-store-now")}</dt>
            <dd>
                <span class="tag ok">{kind}</span>
            </dd>
        </dl>
        <p inner_html=language.text("sessions-store-switch-html").into_owned()></p>
        <CopyLine text="LOGTO_STORE_URL=memory:" />
        <CopyLine text="LOGTO_STORE_URL=redis://127.0.0.1:6379/0" />
        <CopyLine text="LOGTO_STORE_URL=postgres://app:password@127.0.0.1/app" />
        <Tip>
            <p>{language.text("sessions-store-move")}</p>
        </Tip>
    }
}

#[component]
fn Life(lifetimes: Lifetimes) -> impl IntoView {
    let language = language();
    view! {
        <ol>
            <li inner_html=language.text("sessions-life-begins-html").into_owned()></li>
            <li inner_html=language.text("sessions-life-renewed-html").into_owned()></li>
            <li inner_html=language.text("sessions-life-away-html").into_owned()></li>
            <li inner_html=language.text("sessions-life-revoked-html").into_owned()></li>
            <li inner_html=limits(lifetimes, language)></li>
            <li inner_html=language.text("sessions-life-sign-out-html").into_owned()></li>
        </ol>
    }
}

fn limits(lifetimes: Lifetimes, language: Language) -> String {
    let (idle, absolute) = (span(lifetimes.idle(), language), span(lifetimes.absolute(), language));
    language.text_with("sessions-life-limits-html", [("idle", idle), ("absolute", absolute)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_the_configured_lifetimes() {
        let default = limits(Lifetimes::default(), Language::En).replace('\u{a0}', " ");
        assert!(default.contains("7 days") && default.contains("14 days"), "{default}");
        let short = Lifetimes::default().with_idle(1800).with_absolute(12 * 3600);
        let short = limits(short, Language::Fr).replace('\u{a0}', " ");
        assert!(short.contains("30 minutes") && short.contains("12 heures"), "{short}");
    }
}
