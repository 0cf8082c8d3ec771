//! Middleware of every endpoint: logs and holds the request, and applies HTTP faults.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::{
    faults::{self, FOLLOWED},
    provider::SharedProvider,
    requests::{Endpoint, LoggedRequest, Params},
};

pub(crate) async fn intercept(State(provider): SharedProvider, request: Request, next: Next) -> Response {
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
    provider.log.push(LoggedRequest {
        endpoint,
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        headers: parts.headers.clone(),
        params: params.clone(),
    });
    provider.barriers.wait(endpoint).await;
    parts.extensions.insert(params);
    let request = Request::from_parts(parts, Body::from(body));
    let answer_barrier = provider.answer_barriers.take(endpoint);
    let response = match provider.faults.take_http(endpoint).filter(|_| !followed) {
        Some(fault) => faults::respond(fault, request, next).await,
        None => next.run(request).await,
    };
    if let Some(barrier) = answer_barrier {
        barrier.wait().await;
    }
    response
}
