//! Pages notice that the session has ended.

use leptos::{either::Either, nonce::use_nonce, prelude::*};

use super::{SignedIn, SignedOut};
use crate::browser::SessionView;

/// Makes a page notice that the user has signed out in another tab, and that it comes back by the
/// Back button after a sign-out: it is loaded again then. Put it into every page that shows what
/// belongs to a user, once.
///
/// It loads a small script of `Logto::routes`, with the nonce of
/// [`provide_nonce`](leptos::nonce::provide_nonce) if there is one: a Content Security Policy with
/// `'self'` or nonces allows it. Without JavaScript the next click shows how the session stands.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::{SessionWatch, provide_session};
///
/// #[component]
/// fn App() -> impl IntoView {
///     provide_session();
///     view! { <SessionWatch /> }
/// }
/// ```
#[component]
pub fn SessionWatch(
    /// How the session stands, where the page knows it already: nothing is asked and nothing waited
    /// for then.
    #[prop(optional)]
    state: Option<SessionView>,
    /// The script, if it was moved: `Paths::session_script`.
    #[prop(default = String::from("/logto-session.js"), into)]
    src: String,
) -> impl IntoView {
    let mark = match state {
        Some(state) => Either::Left(mark(state.is_authenticated())),
        None => Either::Right(view! {
            <SignedIn>{mark(true)}</SignedIn>
            <SignedOut>{mark(false)}</SignedOut>
        }),
    };
    view! {
        {mark}
        <script src=src defer nonce=use_nonce()></script>
    }
}

/// What the script looks for.
fn mark(signed_in: bool) -> impl IntoView {
    let state = if signed_in { "signed-in" } else { "signed-out" };
    view! { <span hidden data-logto-session=state></span> }
}
