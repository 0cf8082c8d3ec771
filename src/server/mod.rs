//! The server: settings -> state -> router.

#[cfg(test)]
mod endpoints;
mod fragment;
mod one_write;
mod product;
mod products_api;
pub mod products_client;
mod serve;
mod settings;
mod state;
mod stylesheet;
pub(crate) mod views;

use axum::{Router, middleware, routing::get};
use leptos::prelude::provide_context;
use leptos_axum::{ErrorHandler, LeptosRoutes as _, generate_route_list, site_pkg_dir_service};
use logto_axum::Logto;
use logto_leptos::server_functions;
use tower::{ServiceBuilder, util::MapResponseLayer};

use self::one_write::one_write;
pub use self::{
    fragment::Fragment,
    product::Product,
    serve::{StartError, log_requests, serve, start_logging},
    settings::{Settings, SettingsError},
    state::AppState,
};
use crate::app::{App, shell};

/// The whole app.
///
/// # Errors
///
/// When no HTTP client can be made.
pub fn router(settings: Settings, logto: &Logto) -> Result<Router, StartError> {
    // [show:set-up]
    let state = AppState::new(settings, logto.clone())?;
    let router = routes(&state)
        .merge(logto.routes())
        .layer((log_requests(), logto.layer().with_server_functions(server_functions())))
        .with_state(state);
    // [/show]
    Ok(router)
}

/// What the app has beside the sign-in.
pub fn routes(state: &AppState) -> Router<AppState> {
    let for_shell = state.leptos.clone();
    let for_errors = state.clone();
    let not_found =
        ErrorHandler::new_with_context(move || provide_context(for_errors.clone()), shell, state.leptos.clone());
    // Not by `file_and_error_handler`: it sends files with headers that belong to a page in progress, if a thread is at one.
    let files = site_pkg_dir_service(&state.leptos)
        .append_index_html_on_directories(false)
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    Router::new()
        .leptos_routes(state, generate_route_list(App), move || shell(for_shell.clone()))
        .layer(MapResponseLayer::new(one_write))
        .merge(products_api::routes())
        .route("/health", get(|| async { "ok" }))
        .fallback_service(
            ServiceBuilder::new()
                .layer(MapResponseLayer::new(one_write))
                .layer(middleware::from_fn(serve::cache_static_files))
                .service(files),
        )
}
