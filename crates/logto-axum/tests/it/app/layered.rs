//! Routes of a single test behind the layer.

use axum::{Router, body::Body};
use http::Request;
use logto_axum::{Logto, LogtoConfig, WebConfig};
use tower::ServiceExt as _;

use super::{Answer, BASE};

/// Routes of a test behind the layer, without a provider.
pub(crate) struct Layered(Router);

pub(crate) fn layered(routes: Router) -> Layered {
    layered_at(BASE, routes, |web| web)
}

pub(crate) fn layered_at(base_url: &str, routes: Router, change: impl FnOnce(WebConfig) -> WebConfig) -> Layered {
    let web = change(WebConfig::new(
        base_url,
        ["a secret of these tests, long enough".into()],
    ));
    let logto = Logto::new(LogtoConfig::new("https://tenant.logto.app", "app", "secret"), web).unwrap();
    Layered(routes.layer(logto.layer()))
}

impl Layered {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.0.clone().oneshot(request).await.unwrap()).await
    }
}
