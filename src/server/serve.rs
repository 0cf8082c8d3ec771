//! Listening, graceful shutdown, logging, and caching of static files.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, extract::Request, middleware::Next, response::Response, serve::ListenerExt as _};
use http::{HeaderValue, StatusCode, header};
use logto_leptos::{Logto, SetUpError};
use tokio::{net::TcpListener, sync::oneshot};
use tower_http::{
    classify::{ServerErrorsAsFailures, SharedClassifier},
    trace::TraceLayer,
};
use tracing::Span;
use tracing_subscriber::EnvFilter;

use super::{
    settings::SettingsError,
    shutdown::{Signals, limit_passed},
};

/// The app could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The settings are invalid.
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
        /// The error of the operating system.
        source: io::Error,
    },
    /// Metrics cannot be served.
    #[error("cannot serve metrics on {address}: {source}; choose another address with LOGTO_METRICS_ADDRESS")]
    Metrics {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system or of the exporter.
        source: io::Error,
    },
    /// The HTTP client could not be created.
    #[error(
        "the HTTP client could not be created; check the system's certificate store (package ca-certificates): {0}"
    )]
    Http(#[from] reqwest::Error),
    /// Accepting connections or waiting for a signal failed.
    #[error("the server stopped: {0}")]
    Io(#[from] io::Error),
}

/// Serves requests until SIGTERM or Ctrl-C, and then until `drained` ends: see [`drain`]. Then it
/// accepts no more connections, finishes the requests in flight, and closes those that take longer
/// than `drain_limit`.
///
/// # Errors
///
/// If the app cannot listen on `address`.
pub async fn serve(
    address: SocketAddr,
    router: Router,
    drained: impl Future<Output = ()> + Send + 'static,
    drain_limit: Duration,
) -> Result<(), StartError> {
    let signals = Signals::new()?;
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
    let (sender, draining) = oneshot::channel();
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(signals.wait(drained, sender));
    tokio::select! {
        ended = server => ended?,
        () = limit_passed(draining, drain_limit) => {
            tracing::warn!("requests that took longer than {drain_limit:?} were interrupted (LOGTO_DRAIN_LIMIT)");
        }
    }
    Ok(())
}

/// Lets `/ready` answer 503, and waits for `delay`, so that load balancers stop sending requests
/// before the app stops accepting them.
pub async fn drain(logto: Logto, delay: Duration) {
    logto.start_draining();
    tokio::time::sleep(delay).await;
}

/// Logs to standard error. `RUST_LOG` is the filter.
pub fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}

/// Logs requests without their query: that of the callback contains the authorization code.
pub(super) fn log_requests() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, fn(&Request) -> Span> {
    let span =
        |request: &Request| tracing::debug_span!("request", method = %request.method(), path = request.uri().path());
    TraceLayer::new_for_http().make_span_with(span as fn(&Request) -> Span)
}

/// Lets browsers cache files below `/pkg` forever. Their names contain a hash of the content.
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
