//! `GET /health` and `GET /ready`, for load balancers and orchestrators.

mod probe;
pub(crate) mod readiness;
mod state;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header;

pub(crate) use self::state::HealthState;
use crate::logto::Logto;

/// No cache may answer for an instance.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

impl Logto {
    /// Returns the routes `GET /health` and `GET /ready`, which need neither the layer nor a session.
    ///
    /// `/health` answers 200 while the process handles requests: restart an instance if it does not.
    /// `/ready` answers with [`Logto::readiness`] as JSON: 200 if the instance should get requests,
    /// 503 if not.
    ///
    /// ```
    /// # use axum::Router;
    /// # use logto_axum::Logto;
    /// # fn app(logto: &Logto, routes: Router) -> Router {
    /// routes
    ///     .merge(logto.routes())
    ///     .merge(logto.health_routes())
    ///     .layer(logto.layer())
    /// # }
    /// ```
    pub fn health_routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let logto = self.clone();
        Router::new()
            .route("/health", get(health))
            .route("/ready", get(|| async move { logto.readiness().await }))
    }

    /// Makes [`Logto::readiness`] report that this instance is not ready any more, while it finishes
    /// its requests. Call it when the process is told to stop, before the server stops accepting
    /// connections, so that a load balancer notices.
    ///
    /// ```
    /// # use logto_axum::Logto;
    /// # async fn stop(logto: Logto, terminated: impl Future<Output = ()>) {
    /// terminated.await;
    /// logto.start_draining();
    /// // Serve requests for some more seconds, then shut down.
    /// # }
    /// ```
    pub fn start_draining(&self) {
        self.shared.health.start_draining();
    }
}

#[expect(clippy::unused_async, reason = "axum's handlers are async")]
async fn health() -> Response {
    (NO_STORE, "ok").into_response()
}
