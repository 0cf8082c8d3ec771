//! Before every endpoint: log, hold, and break the answer where a fault says so.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::Provider;
use crate::{
    faults::{self, FOLLOWED},
    log::{Endpoint, LoggedRequest},
    params::Params,
};

pub(crate) async fn observe(State(shared): Provider, request: Request, next: Next) -> Response {
    let Some(endpoint) = Endpoint::at(request.uri().path()) else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Response::default();
    };
    let mut params = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let followed = params.get(FOLLOWED).is_some();
    params.extend(Params::parse(&body));
    shared.log.push(LoggedRequest {
        endpoint,
        method: parts.method.clone(),
        headers: parts.headers.clone(),
        params: params.clone(),
    });
    shared.gates.pass(endpoint).await;
    parts.extensions.insert(params);
    let request = Request::from_parts(parts, Body::from(body));
    match shared.faults.http(endpoint).filter(|_| !followed) {
        Some(fault) => faults::answer(fault, request, next).await,
        None => next.run(request).await,
    }
}
