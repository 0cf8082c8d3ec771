//! Pages notice that the session has ended.

use leptos::{nonce::use_nonce, prelude::*};

use super::{SignedIn, SignedOut};

/// Makes a page notice that the user has signed out in another tab, and that it comes back by the Back button after a sign-out: it is
/// loaded again then. Put it into every page that shows what belongs to a user, once.
///
/// It loads a small script of `logto_axum::Logto::routes`, with the nonce of [`provide_nonce`](leptos::nonce::provide_nonce) if there is
/// one: a Content Security Policy with `'self'` or nonces allows it. Without JavaScript the next click shows how the session stands.
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
    /// The script, if it was moved: `logto_axum::Paths::session_script`.
    #[prop(default = String::from("/logto-session.js"), into)]
    src: String,
) -> impl IntoView {
    view! {
        <SignedIn>
            <span hidden data-logto-session="signed-in"></span>
        </SignedIn>
        <SignedOut>
            <span hidden data-logto-session="signed-out"></span>
        </SignedOut>
        <script src=src defer nonce=use_nonce()></script>
    }
}
