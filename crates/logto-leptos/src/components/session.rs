//! What is shown by the state of the session.

use leptos::{either::Either, prelude::*};

use crate::browser::SessionView;

/// How the session of this request stands. The one server function of this crate: it tells the state and nothing else.
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
struct SessionResource(Resource<SessionView>);

/// Makes the state of the session known to [`SignedIn`] and [`SignedOut`] below: call it once in the app's root component, so that
/// they share one resource.
pub fn provide_session() {
    provide_context(SessionResource(session_resource()));
}

/// A page that cannot ask shows what a signed-out user may see: an error is never a pass.
fn session_resource() -> Resource<SessionView> {
    Resource::new_blocking(|| (), |()| async { session_state().await.unwrap_or_default() })
}

/// Shows its children to users who are signed in.
///
/// It decides what is shown, not what may be read: check again where the data is.
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
    let state = use_context::<SessionResource>().map_or_else(session_resource, |session| session.0);
    view! {
        <Suspense>
            {move || {
                let children = children.clone();
                Suspend::new(async move {
                    if shown(state.await) { Either::Left(children()) } else { Either::Right(()) }
                })
            }}
        </Suspense>
    }
}
