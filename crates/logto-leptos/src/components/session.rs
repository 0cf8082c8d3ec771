//! The session and the user as signals, and components whose content depends on the session.

use leptos::{children::ViewFn, prelude::*};

use super::{SignOut, follow_redirects, page_session};
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
/// The server refreshes the ID token at Logto, so that the claims are current: at most once in five
/// seconds, and only for a session with a refresh token.
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
    show(SessionView::is_authenticated, move |is_shown| {
        is_shown.then(|| children())
    })
}

/// Shows its children to visitors who are not signed in.
///
/// A user who has lost access to the app sees the reason and a button that signs out instead: a
/// sign-in does not help them, and their session is kept until access is restored.
///
/// It follows the session like [`SignedIn`].
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::{SignIn, SignOut, SignedOut};
///
/// #[component]
/// fn Account() -> impl IntoView {
///     let no_access = || view! { <p>"Your trial is over."</p> <SignOut /> };
///     view! {
///         <SignedOut no_access>
///             <SignIn />
///         </SignedOut>
///     }
/// }
/// ```
#[component]
pub fn SignedOut(
    /// The view for a user who has lost access to the app. By default the reason, with the class
    /// `logto-no-access`, and a button that signs out.
    #[prop(optional, into)]
    no_access: Option<ViewFn>,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let no_access = no_access.unwrap_or_else(|| ViewFn::from(|| view! { <NoAccess /> }));
    let kind = |state: SessionView| (state.is_signed_out(), state == SessionView::AccessDenied);
    show(kind, move |kind| match kind {
        (true, false) => Some(children()),
        (true, true) => Some(no_access.run()),
        (false, _) => None,
    })
}

/// The reason why a user who is signed in at Logto cannot use the app.
#[component]
fn NoAccess() -> impl IntoView {
    let message = page_session::texts().no_access;
    view! {
        <div class="logto-no-access" role="status">
            <p>{message}</p>
            <SignOut />
        </div>
    }
}

/// Shows the view of a kind of session state, and follows the session.
fn show<K: Copy + PartialEq + Send + Sync + 'static>(
    kind: fn(SessionView) -> K,
    view: impl Fn(K) -> Option<AnyView> + Send + 'static,
) -> impl IntoView {
    follow_redirects();
    let session = use_session();
    // Rendering the same children again would discard what the user has typed.
    let kind = Memo::new(move |_| kind(session.get()));
    page_session::with_notice(move || view(kind.get()))
}
