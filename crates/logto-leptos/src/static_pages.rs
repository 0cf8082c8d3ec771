//! Pages that are rendered once for all users.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos_axum::AxumRouteListing;
use leptos_router::SsrMode;

static IS_LISTED: AtomicBool = AtomicBool::new(false);

/// The routes with `SsrMode::Static`, for
/// [`LogtoLayer::with_static_pages`](crate::LogtoLayer::with_static_pages): without it the
/// browser runs no inline script of such a page, and nothing on it is hydrated.
///
/// Leptos renders a static page once and sends the file to every user. So it has no session
/// (`<SignedIn>` shows nothing there), and its content security policy allows its scripts by their
/// hashes instead of a nonce. Call this before pages are generated in advance
/// (`StaticRouteGenerator::generate`).
///
/// ```
/// # use axum::Router;
/// # use leptos::prelude::*;
/// # use leptos_axum::{LeptosRoutes, generate_route_list};
/// # #[component] fn App() -> impl IntoView {}
/// # fn shell(_: LeptosOptions) -> impl IntoView {}
/// # fn router(options: LeptosOptions, logto: &logto_leptos::Logto) -> Router {
/// let routes = generate_route_list(App);
/// let layer = logto.layer().with_static_pages(logto_leptos::static_pages(&routes));
/// # let for_shell = options.clone();
/// # Router::new().leptos_routes(&options, routes, move || shell(for_shell.clone())).layer(layer).with_state(options)
/// # }
/// ```
#[must_use]
pub fn static_pages(routes: &[AxumRouteListing]) -> Vec<String> {
    IS_LISTED.store(true, Ordering::Relaxed);
    let is_static = |route: &&AxumRouteListing| matches!(route.mode(), SsrMode::Static(_));
    routes
        .iter()
        .filter(is_static)
        .map(|route| route.path().to_owned())
        .collect()
}

/// Logs what to add when a static page is rendered and nothing has asked for the list.
pub(crate) fn check_is_listed() {
    if !IS_LISTED.swap(true, Ordering::Relaxed) {
        tracing::error!(
            code = "static_pages_not_listed",
            "a page with `SsrMode::Static` is rendered, and browsers will run no inline script on it: add \
             `.with_static_pages(logto_leptos::static_pages(&routes))` to the layer"
        );
    }
}
