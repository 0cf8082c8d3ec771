//! The session and the user as signals, and components whose content depends on the session.

use leptos::prelude::*;

use super::{follow_redirects, page_session};
use crate::browser::{SessionView, UserView};

/// Returns a signal of the session state.
///
/// On the server, it logs an error outside a [`LogtoProvider`](crate::LogtoProvider).
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::use_session;
///
/// #[component]
/// fn Status() -> impl IntoView {
///     let session = use_session();
///     view! { <p>{move || if session.get().is_authenticated() { "Signed in" } else { "Signed out" }}</p> }
/// }
/// ```
#[doc(alias = "useSession")]
#[must_use]
pub fn use_session() -> Signal<SessionView> {
    let snapshot = page_session::signal();
    Memo::new(move |_| snapshot.read().state).into()
}

/// Returns the signed-in user, who follows the session: `None` once it has ended.
///
/// The app decides on the server what is in it, with `WebConfig::with_user_view`; by default the
/// id, name, email address, picture and organizations. Claims of the app have its own types:
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::use_user;
///
/// #[component]
/// fn Greeting() -> impl IntoView {
///     let user = use_user();
///     let name = move || user.get().map(|user| user.display_name().to_owned());
///     let plan = move || user.get().and_then(|user| user.claim::<String>("plan"));
///     view! {
///         <p>"Hello " {move || name().unwrap_or_else(|| "stranger".to_owned())}</p>
///         <p>"Your plan: " {plan}</p>
///     }
/// }
/// ```
#[doc(alias = "useUser")]
#[must_use]
pub fn use_user() -> Signal<Option<UserView>> {
    let snapshot = page_session::signal();
    Memo::new(move |_| snapshot.read().user.clone()).into()
}

/// Asks the server for the session again, such as after an action that changed the user's name.
///
/// The signals keep their values until the answer arrives. No-op on the server.
pub fn refetch() {
    page_session::refetch();
}

/// Shows its children to signed-in users.
///
/// It only hides content: check the session again where the data is read.
///
/// In the browser, the children follow the session like [`use_session`]. The component works inside
/// and outside islands.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::{SignIn, SignOut, SignedIn, SignedOut};
///
/// #[component]
/// fn Account() -> impl IntoView {
///     view! {
///         <SignedIn><SignOut>"Sign out"</SignOut></SignedIn>
///         <SignedOut><SignIn>"Sign in"</SignIn></SignedOut>
///     }
/// }
/// ```
#[component]
pub fn SignedIn(
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    show_if(SessionView::is_authenticated, children)
}

/// Shows its children to visitors who are not signed in.
///
/// It follows the session like [`SignedIn`].
#[component]
pub fn SignedOut(
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    show_if(SessionView::is_signed_out, children)
}

fn show_if(shown: fn(SessionView) -> bool, children: ChildrenFn) -> impl IntoView {
    follow_redirects();
    let session = use_session();
    // Rendering the same children again would discard what the user has typed.
    let is_shown = Memo::new(move |_| shown(session.get()));
    move || is_shown.get().then(|| children())
}
