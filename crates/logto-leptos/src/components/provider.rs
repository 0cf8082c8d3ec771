//! The component around an app.

use leptos::{nonce::use_nonce, prelude::*};

use super::{follow_redirects, page_session};
use crate::browser::{SessionView, Snapshot};

/// Makes the session known to every component below. Put it once around the `<Router>`.
///
/// - [`use_session`](crate::use_session) and [`use_user`](crate::use_user) follow a sign-out by an
///   action, the end of the session, and changes that the page notices when the user returns to its
///   tab.
/// - After a sign-out in another tab, the page reloads. So does a page that the Back button restores
///   after a sign-out.
/// - [`SignIn`](crate::SignIn) and [`SignOut`](crate::SignOut) know the paths of the routes.
/// - The browser follows the [redirects](follow_redirects) of server functions.
///
/// The server reads the session before it renders the children, so that the page is complete
/// without JavaScript in every `SsrMode`, except on pages with `SsrMode::Static`: there the browser
/// asks for the session. Every page depends on the session and is sent as `Cache-Control: private,
/// no-store`.
///
/// In a debug build the page says what is missing in the set-up.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_router::components::{Router, Routes};
/// use logto_leptos::{LogtoProvider, SignIn, SignOut, SignedIn, SignedOut};
///
/// #[component]
/// fn App() -> impl IntoView {
///     view! {
///         <LogtoProvider>
///             <Router>
///                 <header>
///                     <SignedIn><SignOut>"Sign out"</SignOut></SignedIn>
///                     <SignedOut><SignIn>"Sign in"</SignIn></SignedOut>
///                 </header>
///                 <Routes fallback=|| "Not found">{()}</Routes>
///             </Router>
///         </LogtoProvider>
///     }
/// }
/// ```
#[doc(alias = "LogtoContext")]
#[component]
pub fn LogtoProvider(
    /// The app.
    children: Children,
) -> impl IntoView {
    // Before the router sets its own hook.
    follow_redirects();
    let snapshot = page_session::start();
    let problems = snapshot.problems.iter().cloned().map(problem_notice).collect_view();
    view! {
        <span hidden data-logto-session=snapshot.state.marker() data-logto-snapshot=to_json(&snapshot)></span>
        <script src=snapshot.paths.session_script defer nonce=use_nonce()></script>
        {problems}
        {children()}
    }
}

/// Writes the snapshot for the browser.
#[cfg(feature = "ssr")]
fn to_json(snapshot: &Snapshot) -> String {
    serde_json::to_string(snapshot).unwrap_or_default()
}

/// The browser keeps the attribute that the server wrote.
#[cfg(not(feature = "ssr"))]
fn to_json(_: &Snapshot) -> String {
    String::new()
}

/// Shows a problem of the set-up on the page.
pub(super) fn problem_notice(problem: String) -> impl IntoView {
    view! {
        <p class="logto-problem" role="alert">
            {problem}
        </p>
    }
}

/// Reloads the page when the user has signed out in another tab, for pages that are not below a
/// [`LogtoProvider`].
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
/// use logto_leptos::{SessionWatch, browser::SessionView};
///
/// #[component]
/// fn Page(state: SessionView) -> impl IntoView {
///     view! { <SessionWatch state /> }
/// }
/// ```
#[component]
pub fn SessionWatch(
    /// The session state that the page shows.
    state: SessionView,
    /// The path of the script. By default the one that the server knows.
    #[prop(optional, into)]
    src: Option<String>,
) -> impl IntoView {
    let src = src.unwrap_or_else(|| page_session::paths().session_script);
    view! {
        <span hidden data-logto-session=state.marker()></span>
        <script src=src defer nonce=use_nonce()></script>
    }
}
