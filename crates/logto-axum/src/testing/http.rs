//! An HTTP client whose requests stay in the process.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, Response, Uri};
use logto::{HttpClient, HttpFuture, RequestError};
use tower::ServiceExt as _;

/// The provider's paths begin with this segment, whatever the path of the endpoint.
const FIRST_SEGMENT: &str = "/oidc/";

/// Sends requests to the routes of a provider in memory.
pub(super) struct InMemory(pub(super) Router);

impl HttpClient for InMemory {
    fn send(&self, request: Request<Vec<u8>>) -> HttpFuture<'_> {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            parts.uri = path_of(&parts.uri).ok_or(RequestError::Unreachable)?;
            let request = Request::from_parts(parts, Body::from(body));
            let Ok(response) = self.0.clone().oneshot(request).await;
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX)
                .await
                .map_err(|_| RequestError::Unreachable)?;
            Ok(Response::from_parts(parts, body.to_vec()))
        })
    }
}

fn path_of(uri: &Uri) -> Option<Uri> {
    let path = uri.path_and_query()?.as_str();
    path[path.find(FIRST_SEGMENT)?..].parse().ok()
}
