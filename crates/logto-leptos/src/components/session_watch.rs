//! Reloads pages whose session has ended in another tab.

use leptos::{either::Either, nonce::use_nonce, prelude::*};

use super::{SignedIn, SignedOut};
use crate::browser::SessionView;

/// Reloads the page when the user has signed out in another tab.
///
/// A page that the Back button restores after a sign-out reloads too. Put the component once into
/// every page that shows a user's data.
///
/// It loads a small script from `Logto::routes`, with the nonce of
/// [`provide_nonce`](leptos::nonce::provide_nonce) if there is one, so that a content security
/// policy with `'self'` or with nonces allows it. Without JavaScript, the page shows the change at
/// the next click.
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
    /// The session state, if the page has it already. Otherwise the component loads it.
    #[prop(optional)]
    state: Option<SessionView>,
    /// Path of the script, if `Paths::with_session_script` changed it.
    #[prop(default = String::from("/logto-session.js"), into)]
    src: String,
) -> impl IntoView {
    let marker = match state {
        Some(state) => Either::Left(marker_of(state.is_authenticated())),
        None => Either::Right(view! {
            <SignedIn>{marker_of(true)}</SignedIn>
            <SignedOut>{marker_of(false)}</SignedOut>
        }),
    };
    view! {
        {marker}
        <script src=src defer nonce=use_nonce()></script>
    }
}

/// The element that the script and hydration read.
fn marker_of(signed_in: bool) -> impl IntoView {
    let state = if signed_in { "signed-in" } else { "signed-out" };
    view! { <span hidden data-logto-session=state></span> }
}
