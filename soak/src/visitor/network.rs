//! HTTP requests of browsers.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use logto_testing::WebService;
use reqwest::{Client, redirect::Policy};

use crate::failure::Failure;

/// Longer than a request may wait for a lease.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The status of a page whose response did not arrive. No server sends it.
const NO_RESPONSE: u16 = 599;

/// Creates a client that opens a connection for each request, so that the instances take turns.
pub(crate) fn client() -> Result<Client, Failure> {
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .timeout(TIMEOUT)
        .build()?;
    Ok(client)
}

/// The site at `origin` (scheme, host and port), for a browser.
pub(super) fn site(client: Client, origin: String) -> impl WebService {
    tower::service_fn(move |request| {
        let (client, origin) = (client.clone(), origin.clone());
        async move {
            Ok::<_, Infallible>(
                send(&client, &origin, request)
                    .await
                    .unwrap_or_else(|error| no_response(&error)),
            )
        }
    })
}

/// The status of a response, or `None` if none arrived.
pub(super) fn status(status: StatusCode) -> Option<StatusCode> {
    (status != NO_RESPONSE).then_some(status)
}

async fn send(client: &Client, origin: &str, request: Request<Body>) -> Result<Response<Body>, Failure> {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await?;
    // The client sets both.
    parts.headers.remove(header::HOST);
    parts.headers.remove(header::CONTENT_LENGTH);
    let request = client
        .request(parts.method, format!("{origin}{}", parts.uri))
        .headers(parts.headers)
        .body(body);
    let response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    // Cookies count only with the whole response, as the visitor may not see the page otherwise.
    let body = response.bytes().await?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

fn no_response(error: &Failure) -> Response<Body> {
    let mut response = Response::new(Body::from(error.to_string()));
    *response.status_mut() = StatusCode::from_u16(NO_RESPONSE).unwrap_or_default();
    response
}
