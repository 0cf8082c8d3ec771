//! The server: settings, router, demo API.

#[cfg(test)]
pub(crate) mod endpoints;
mod health;
mod metrics;
mod problem;
pub(crate) mod products;
pub(crate) mod requested_scopes;
mod serve;
pub(crate) mod settings;
mod shutdown;
pub(crate) mod stylesheet;

use axum::{
    Router, middleware,
    routing::{MethodRouter, get},
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes as _, file_and_error_handler, generate_route_list};
use logto_leptos::{Logto, RouterExt as _};

use self::serve::log_requests;
pub use self::{
    health::{HealthError, check_health},
    metrics::serve_metrics,
    serve::{StartError, drain, serve, start_logging},
    settings::{Settings, SettingsError, StoreKind},
};
use crate::{
    app::{App, shell},
    language::choice,
    samples::{api::Api, organization_api::members, protected_api::products, sales_api::sales},
    state::AppState,
};

/// Builds the router of the app.
///
/// # Errors
///
/// If the HTTP client cannot be created.
pub fn router(settings: Settings, logto: &Logto) -> Result<Router, StartError> {
    let state = AppState::new(settings, logto.clone())?;
    let router = routes(&state).with_logto(logto).with_state(state);
    Ok(with_common_layers(router))
}

/// Adds the layers that have nothing to do with the sign-in: the visitor's language, and the log.
pub fn with_common_layers(router: Router) -> Router {
    router
        .layer(middleware::map_request(choice::apply_choice))
        .layer(log_requests())
}

/// Builds the routes of the app, without those of the sign-in.
pub fn routes(state: &AppState) -> Router<AppState> {
    let (api, options) = (state.api.clone(), state.leptos.clone());
    let files = Router::new()
        .fallback(file_and_error_handler::<AppState, _>(shell))
        .layer(middleware::from_fn(serve::cache_static_files));
    let pages = Router::new()
        .leptos_routes_with_context(
            state,
            generate_route_list(App),
            move || provide_context(api.clone()),
            move || shell(options.clone()),
        )
        .merge(files);
    let pages = pages.merge(state.logto.health_routes());
    plain_routes(&state.api)
        .into_iter()
        .fold(pages, |router, (path, methods)| router.route(path, methods))
}

/// The routes of the app that are neither pages nor server functions, as a list: a router cannot
/// list its routes, so the tests of the endpoints read them here.
fn plain_routes(api: &Api) -> [(&'static str, MethodRouter<AppState>); 4] {
    [
        ("/api/members", members().with_state(api.clone())),
        ("/api/products", products().with_state(api.clone())),
        ("/api/sales", sales().with_state(api.clone())),
        ("/language", get(choice::no_choice).post(choice::choose)),
    ]
}
