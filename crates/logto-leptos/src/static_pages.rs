//! Pages that Leptos renders once for all users.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos_axum::AxumRouteListing;
use leptos_router::SsrMode;
use logto_axum::Logto;

static IS_LISTED: AtomicBool = AtomicBool::new(false);

/// Lists the routes with `SsrMode::Static`, for
/// [`LogtoLayer::with_static_pages`](crate::LogtoLayer::with_static_pages).
///
/// Leptos renders a static page once and sends that file to every user. Such a page has no session,
/// so `<SignedIn>` shows nothing on it. Its content security policy allows scripts by their hashes
/// instead of a nonce. A static page that the layer does not know is not hydrated, because the
/// browser runs none of its inline scripts.
///
/// Call this before pages are generated in advance (`StaticRouteGenerator::generate`).
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

/// Logs an error if a static page is rendered although the app has not called [`static_pages`], and
/// a policy blocks its scripts.
pub(crate) fn check_is_listed() {
    if Logto::is_policy_configured() && !IS_LISTED.swap(true, Ordering::Relaxed) {
        tracing::error!(
            code = "static_pages_not_listed",
            "browsers run no inline script of pages with `SsrMode::Static`: add \
             `.with_static_pages(logto_leptos::static_pages(&routes))` to the layer"
        );
    }
}
