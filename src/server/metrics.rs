//! Metrics for Prometheus, at an address of their own, so that the internet does not see them.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, response::IntoResponse, routing::get};
use http::header;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use super::serve::StartError;

/// Upper bounds of the histogram buckets, in seconds. From a look-up in memory to the time limit of
/// a request to the provider, and of a wait for another instance.
const BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// How often histograms are aggregated if nobody reads them.
const UPKEEP: Duration = Duration::from_secs(5);

/// Records metrics, and serves them at `GET /metrics` until the process ends, also while it
/// finishes its last requests. Call it before the sign-in is set up.
///
/// # Errors
///
/// If the app cannot listen on `address`.
pub async fn serve_metrics(address: SocketAddr) -> Result<(), StartError> {
    let failed = |source| StartError::Metrics { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let builder = PrometheusBuilder::new().set_buckets(&BUCKETS);
    let handle = builder
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| failed(std::io::Error::other(error)))?;
    tracing::info!("metrics at http://{}/metrics", listener.local_addr()?);
    tokio::spawn(upkeep(handle.clone()));
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router(handle)).await {
            tracing::error!(%error, "metrics are no longer served");
        }
    });
    Ok(())
}

fn router(handle: PrometheusHandle) -> Router {
    let render = move || async move { text(handle.render()) };
    Router::new().route("/metrics", get(render))
}

fn text(metrics: String) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        metrics,
    )
}

async fn upkeep(handle: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}
