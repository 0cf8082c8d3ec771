//! What is shown by the state of the session.

use leptos::{either::Either, prelude::*};

use super::{follow_redirects, known};
use crate::browser::SessionView;

/// How the session of this request stands. The one server function of this crate: it tells the
/// state and nothing else.
///
/// # Errors
///
/// When the request did not pass through the layer.
#[server(prefix = "/api", endpoint = "logto/session")]
pub async fn session_state() -> Result<SessionView, ServerFnError> {
    let context = crate::logto_context(crate::ContextOptions::default()).await;
    let context = context.inspect_err(crate::server::log_unknown_session);
    Ok(context.map_err(ServerFnError::new)?.state.into())
}

/// The state of the session, asked for once per page.
#[derive(Clone, Copy)]
struct SessionResource {
    state: Resource<SessionView>,
    /// Whether the browser makes it too. One outside the islands stays on the server.
    is_hydrated: bool,
}

impl SessionResource {
    fn new() -> Self {
        Self {
            state: session_resource(),
            is_hydrated: is_hydrated(),
        }
    }

    /// The one of the context, or one of its own. Both sides have to make the same, or the browser
    /// cannot hydrate what the server has drawn.
    fn shared() -> Self {
        let shared = use_context::<Self>().filter(|shared| shared.is_hydrated || !is_hydrated());
        shared.unwrap_or_else(Self::new)
    }
}

/// Whether the browser hydrates what is made here.
#[cfg(feature = "ssr")]
fn is_hydrated() -> bool {
    use leptos::reactive::owner::IsHydrating;

    let by_context = || Owner::current_shared_context().is_some_and(|context| context.get_is_hydrating());
    use_context::<IsHydrating>().map_or_else(by_context, |IsHydrating(is_hydrating)| is_hydrating)
}

#[cfg(not(feature = "ssr"))]
const fn is_hydrated() -> bool {
    true
}

/// Makes the state of the session known to [`SignedIn`] and [`SignedOut`] below, so that they share
/// one resource. Call it once in the app's root component, before its view: with full hydration it
/// also [follows the redirects](follow_redirects) of server functions, which otherwise the router
/// does, without noticing that the session has changed.
///
/// It asks for the session on every page. So every page of the app is `private, no-store`: none can
/// stay `Cache-Control: public`.
pub fn provide_session() {
    follow_redirects();
    provide_context(SessionResource::new());
}

/// A page that cannot ask shows what a signed-out user may see: an error is never a pass.
fn session_resource() -> Resource<SessionView> {
    Resource::new_blocking(|| (), |()| async { session_state().await.unwrap_or_default() })
}

/// Shows its children to users who are signed in.
///
/// It decides what is shown, not what may be read: check again where the data is.
///
/// In the browser it follows the session: a sign-out by an action, and changes that the page learns
/// of when the user comes back to its tab. It works inside and outside islands. In a page with
/// [`SessionWatch`](crate::SessionWatch) other tabs follow too.
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
    /// What they see.
    children: ChildrenFn,
) -> impl IntoView {
    by_state(SessionView::is_authenticated, children)
}

/// Shows its children to everybody who is not signed in.
#[component]
pub fn SignedOut(
    /// What they see.
    children: ChildrenFn,
) -> impl IntoView {
    by_state(|state| !state.is_authenticated(), children)
}

fn by_state(shown: fn(SessionView) -> bool, children: ChildrenFn) -> impl IntoView {
    follow_redirects();
    let SessionResource { state, .. } = SessionResource::shared();
    view! {
        <Suspense>
            {move || {
                let children = children.clone();
                let known = known::known();
                Suspend::new(async move {
                    let state = match known {
                        Some(state) => state,
                        None => state.await,
                    };
                    known::keep(state);
                    if shown(state) { Either::Left(children()) } else { Either::Right(()) }
                })
            }}
        </Suspense>
    }
}
