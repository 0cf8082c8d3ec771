//! The header: the name of the app, the session state, and the user's menu or the sign-in button.

use leptos::prelude::*;
use logto_leptos::{SignIn, SignOut, UserButton, browser::SessionView, use_session};

use super::{Icon, Symbol};
use crate::language::language;

/// The header of every page.
#[component]
pub(crate) fn Header(
    /// Whether a sign-in returns to the page. Otherwise it leads to the home page.
    is_step: bool,
) -> impl IntoView {
    let session = use_session();
    let language = language();
    view! {
        <header class="site">
            <a class="brand" href="/" aria-label=language.text("site-home")>
                <img src="/favicon.svg" alt="" width="28" height="28" />
                <span>"Logto" <span class="wide-only">" " {language.text("site-tagline")}</span></span>
            </a>
            <div class="account">
                {move || view! { <SessionState state=session.get() /> }}
                <Account is_step />
            </div>
        </header>
    }
}

#[component]
fn Account(is_step: bool) -> impl IntoView {
    let session = use_session();
    move || match session.get() {
        SessionView::Active | SessionView::Stale => view! { <UserButton /> }.into_any(),
        // A new sign-in does not help.
        SessionView::AccessDenied => view! { <SignOut class="button" /> }.into_any(),
        _ if is_step => view! { <SignIn class="button primary" /> }.into_any(),
        _ => view! { <SignIn class="button primary" return_to="/" /> }.into_any(),
    }
}

/// The state of the session, as a word with an icon.
#[component]
pub(crate) fn SessionState(state: SessionView) -> impl IntoView {
    let (class, symbol, word, explained) = match state {
        SessionView::Active => (
            "pill active",
            Symbol::Check,
            "session-active",
            "session-active-explained",
        ),
        SessionView::Stale => (
            "pill refreshing",
            Symbol::Refresh,
            "session-refreshing",
            "session-refreshing-explained",
        ),
        SessionView::AccessDenied => (
            "pill sign-in-needed",
            Symbol::Lock,
            "session-no-access",
            "session-no-access-explained",
        ),
        SessionView::SignInNeeded | SessionView::Expired => (
            "pill sign-in-needed",
            Symbol::Warning,
            "session-sign-in-needed",
            "session-sign-in-needed-explained",
        ),
        _ => (
            "pill",
            Symbol::Person,
            "session-signed-out",
            "session-signed-out-explained",
        ),
    };
    let language = language();
    view! {
        <span class=class title=language.text(explained)>
            <Icon symbol />
            <span class="visually-hidden">{language.text("session-label")} " "</span>
            {language.text(word)}
        </span>
    }
}
