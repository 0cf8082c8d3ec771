//! Faults below the protocol: status, body, connection.

use std::{
    convert::Infallible,
    future::pending,
    io::{Read as _, repeat},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use flate2::{Compression, read::GzEncoder};
use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value, json};

/// A wrong HTTP response of one endpoint. Unless the documentation says otherwise, the endpoint
/// handles the request first.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum HttpFault {
    /// This status with an HTML page, as a proxy sends it; the request is not handled.
    Status(u16),
    /// Like [`Status`](Self::Status), with this `Retry-After` header: seconds or a date.
    RetryAfter(u16, &'static str),
    /// The connection is reset before the request is handled.
    Reset,
    /// The connection is closed before the request is handled.
    Close,
    /// The connection is closed without a response after the request is handled.
    LoseAnswer,
    /// The endpoint sends no response and keeps the connection open; the request is not handled.
    Hang,
    /// A redirect with this status to the same endpoint, which then responds correctly.
    Redirect(u16),
    /// A redirect with this status to this URL.
    RedirectTo(u16, String),
    /// The first half of the body; then the connection stays open.
    StallBody,
    /// One byte of the body per interval, in real time.
    SlowBody(Duration),
    /// The correct JSON with an additional field that pads it to this many bytes, announced by
    /// `Content-Length`.
    HugeBody(usize),
    /// Like [`HugeBody`](Self::HugeBody), in chunks without `Content-Length`.
    HugeBodyInChunks(usize),
    /// An endless body of spaces.
    EndlessBody,
    /// The first half of the correct JSON.
    InvalidJson,
    /// An empty body.
    EmptyBody,
    /// The correct body with this `Content-Type`.
    ContentType(&'static str),
    /// The correct body compressed with gzip, even if the client does not accept that.
    Gzip,
    /// This many spaces, which gzip compresses to about a thousandth.
    GzipBomb(usize),
}

/// How the connection ends without a response. `http_server` reads it from the response's
/// extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disconnect {
    Close,
    Reset,
}

/// Query parameter of a followed redirect, whose response is correct.
pub(crate) const FOLLOWED: &str = "redirect-followed";

pub(crate) async fn respond(fault: HttpFault, request: Request, next: Next) -> Response {
    match fault {
        HttpFault::Status(status) => page(status),
        HttpFault::RetryAfter(status, when) => {
            let mut response = page(status);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(when));
            response
        }
        HttpFault::Reset => disconnect(Disconnect::Reset),
        HttpFault::Close => disconnect(Disconnect::Close),
        HttpFault::LoseAnswer => {
            next.run(request).await;
            disconnect(Disconnect::Close)
        }
        HttpFault::Hang => pending().await,
        HttpFault::Redirect(status) => {
            let query = request
                .uri()
                .query()
                .map(|query| format!("&{query}"))
                .unwrap_or_default();
            redirect(status, &format!("{}?{FOLLOWED}=1{query}", request.uri().path()))
        }
        HttpFault::RedirectTo(status, to) => redirect(status, &to),
        other => replace_body(&other, next.run(request).await).await,
    }
}

fn page(status: u16) -> Response {
    let body = "<!doctype html><title>Error</title><h1>The upstream server is unavailable</h1>";
    (code(status), [(header::CONTENT_TYPE, "text/html")], body).into_response()
}

fn redirect(status: u16, to: &str) -> Response {
    (code(status), [(header::LOCATION, to)]).into_response()
}

fn disconnect(how: Disconnect) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(how);
    response
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("the fault has a valid status")
}

async fn replace_body(fault: &HttpFault, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the body is in memory");
    parts.headers.remove(header::CONTENT_LENGTH);
    let half = body.slice(..body.len() / 2);
    let body = match fault {
        HttpFault::StallBody => Body::from_stream(chunks([half]).chain(stream::pending())),
        HttpFault::SlowBody(interval) => slowly(body, *interval),
        HttpFault::HugeBody(bytes) => padded(&body, *bytes).into(),
        HttpFault::HugeBodyInChunks(bytes) => Body::from_stream(chunks([padded(&body, *bytes).into()])),
        HttpFault::EndlessBody => Body::from_stream(chunks(std::iter::repeat(Bytes::from_static(&[b' '; 8192])))),
        HttpFault::InvalidJson => half.into(),
        HttpFault::EmptyBody => Body::empty(),
        HttpFault::ContentType(content_type) => {
            parts
                .headers
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            body.into()
        }
        HttpFault::Gzip | HttpFault::GzipBomb(_) => {
            parts
                .headers
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            match fault {
                HttpFault::GzipBomb(bytes) => gzip(repeat(b' ').take(*bytes as u64)).into(),
                _ => gzip(&*body).into(),
            }
        }
        _ => unreachable!("`respond` handles {fault:?}"),
    };
    Response::from_parts(parts, body)
}

fn chunks(chunks: impl IntoIterator<Item = Bytes>) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    stream::iter(chunks).map(Ok)
}

fn slowly(body: Bytes, interval: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(interval).await;
        Some((Ok::<_, Infallible>(rest.split_to(1)), rest))
    }))
}

/// Valid JSON with the same content: only its size is a reason to reject it.
fn padded(body: &[u8], bytes: usize) -> Vec<u8> {
    let mut object: Map<String, Value> = serde_json::from_slice(body).expect("the body is a JSON object");
    object.insert(
        "padding".to_owned(),
        json!("x".repeat(bytes.saturating_sub(body.len()))),
    );
    serde_json::to_vec(&object).unwrap()
}

fn gzip(reader: impl std::io::Read) -> Vec<u8> {
    let mut compressed = Vec::new();
    GzEncoder::new(reader, Compression::best())
        .read_to_end(&mut compressed)
        .unwrap();
    compressed
}
