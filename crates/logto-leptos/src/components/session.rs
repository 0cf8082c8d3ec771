//! Components whose content depends on the session state.

use leptos::{either::Either, prelude::*};

use super::{follow_redirects, session_signal};
use crate::browser::SessionView;

/// Returns the session state of this request: the only server function of this crate.
///
/// Its response holds the state and no other data of the session.
///
/// # Errors
///
/// If the request did not pass through the layer.
#[server(prefix = "/api", endpoint = "logto/session")]
pub async fn session_state() -> Result<SessionView, ServerFnError> {
    crate::set_up::check_page();
    let context = crate::logto_context(crate::ContextOptions::default()).await;
    let context = context.inspect_err(crate::server::log_unknown_session);
    Ok(context.map_err(ServerFnError::new)?.state.into())
}

/// The session state of a page, loaded once.
#[derive(Clone, Copy)]
struct SessionResource {
    state: Resource<SessionView>,
    /// Whether the browser creates this resource too. Outside islands only the server does.
    is_hydrated: bool,
}

impl SessionResource {
    fn new() -> Self {
        Self {
            state: session_resource(),
            is_hydrated: is_hydrated(),
        }
    }

    /// Returns the resource of the context, or a new one. Server and browser have to create the
    /// same resources, otherwise hydration fails.
    fn shared() -> Self {
        let shared = use_context::<Self>().filter(|shared| shared.is_hydrated || !is_hydrated());
        shared.unwrap_or_else(Self::new)
    }
}

/// Whether the browser hydrates the current part of the page.
#[cfg(feature = "ssr")]
pub(crate) fn is_hydrated() -> bool {
    use leptos::reactive::owner::IsHydrating;

    let by_context = || Owner::current_shared_context().is_some_and(|context| context.get_is_hydrating());
    use_context::<IsHydrating>().map_or_else(by_context, |IsHydrating(is_hydrating)| is_hydrating)
}

#[cfg(not(feature = "ssr"))]
pub(crate) const fn is_hydrated() -> bool {
    true
}

/// Loads the session state once for every [`SignedIn`] and [`SignedOut`] of the page.
///
/// Call it in the app's root component, before its view. It also [follows the
/// redirects](follow_redirects) of server functions: with full hydration the router would follow
/// them otherwise, without noticing that the session has changed.
///
/// Every page then depends on the session and is sent as `Cache-Control: private, no-store`. Do not
/// call it in an app with pages that shared caches should store.
pub fn provide_session() {
    follow_redirects();
    provide_context(SessionResource::new());
}

/// If the state cannot be loaded, the page renders as for a signed-out user.
fn session_resource() -> Resource<SessionView> {
    Resource::new_blocking(|| (), |()| async { session_state().await.unwrap_or_default() })
}

/// Shows its children to signed-in users.
///
/// It only hides content: check the session again where the data is read.
///
/// In the browser, the children follow a sign-out by an action and changes that the page notices
/// when the user returns to its tab. With [`SessionWatch`](crate::SessionWatch) on the page, they
/// also follow a sign-out in another tab. The component works inside and outside islands.
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
    show_if(|state| !state.is_authenticated(), children)
}

fn show_if(shown: fn(SessionView) -> bool, children: ChildrenFn) -> impl IntoView {
    follow_redirects();
    let SessionResource { state, .. } = SessionResource::shared();
    view! {
        <Suspense>
            {move || {
                let children = children.clone();
                let known = session_signal::get();
                Suspend::new(async move {
                    let state = match known {
                        Some(state) => state,
                        None => state.await,
                    };
                    session_signal::set_untracked(state);
                    if shown(state) { Either::Left(children()) } else { Either::Right(()) }
                })
            }}
        </Suspense>
    }
}
