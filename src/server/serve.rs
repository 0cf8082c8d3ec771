//! Listening, ending, logging, caching of static files.

use std::{io, net::SocketAddr};

use axum::{Router, extract::Request, middleware::Next, response::Response, serve::ListenerExt as _};
use http::{HeaderValue, StatusCode, header};
use logto_leptos::SetUpError;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tower_http::{
    classify::{ServerErrorsAsFailures, SharedClassifier},
    trace::TraceLayer,
};
use tracing::Span;
use tracing_subscriber::EnvFilter;

use super::settings::SettingsError;

/// The app could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The settings are not valid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The sign-in could not be set up.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    /// The address is taken or not allowed.
    #[error("cannot listen on {address}: {source}; choose another with LEPTOS_SITE_ADDR")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// No HTTP client can be made.
    #[error("no HTTP client can be made; check the system's certificate store (package ca-certificates): {0}")]
    Http(#[from] reqwest::Error),
    /// Signals or sockets failed.
    #[error("the server ended: {0}")]
    Io(#[from] io::Error),
}

/// Serves until SIGTERM or Ctrl-C, then lets the requests under way end.
///
/// # Errors
///
/// When the address cannot be listened on.
pub async fn serve(address: SocketAddr, router: Router) -> Result<(), StartError> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    // Without TCP_NODELAY the second chunk of a streamed page waits 40 ms for a delayed ACK.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let ended = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("ending: requests under way are finished first");
    };
    Ok(
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(ended)
            .await?,
    )
}

/// Logs to standard error; `RUST_LOG` decides what.
pub fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}

/// Logs requests by their path alone: the callback's query has the authorization code in it.
pub fn log_requests() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, fn(&Request) -> Span> {
    let span =
        |request: &Request| tracing::debug_span!("request", method = %request.method(), path = request.uri().path());
    TraceLayer::new_for_http().make_span_with(span as fn(&Request) -> Span)
}

/// Files below `/pkg` have their content's hash in the name and never change.
pub(super) async fn cache_static_files(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let status = response.status();
    if hashed && (status.is_success() || status == StatusCode::NOT_MODIFIED) {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, forever);
    }
    response
}
