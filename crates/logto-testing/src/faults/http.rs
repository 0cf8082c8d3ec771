//! Answers that are broken below the protocol: status, body, connection.

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

use super::Fault;
use crate::log::Endpoint;

/// What an endpoint does instead of answering well. Where nothing else is said, the request is
/// handled first.
#[derive(Clone, Debug)]
pub enum HttpFault {
    /// This status with an HTML page, as a proxy answers; the request is not handled.
    Status(u16),
    /// The same with a `Retry-After` header: seconds or a date.
    RetryAfter(u16, &'static str),
    /// The connection is reset before the request is handled.
    Reset,
    /// The connection is closed before the request is handled.
    Close,
    /// The request is handled, and the connection closed without an answer.
    LoseAnswer,
    /// Never answers; the request is not handled.
    Hang,
    /// A redirect with this status to the same endpoint, which then answers well.
    Redirect(u16),
    /// A redirect with this status to any address.
    RedirectTo(u16, String),
    /// The first half of the body, and then nothing more.
    StallBody,
    /// One byte of the body in each interval, in real time.
    SlowBody(Duration),
    /// The right JSON, with one more field that makes it so many bytes, announced by
    /// `Content-Length`.
    HugeBody(usize),
    /// The same in chunks, without `Content-Length`.
    HugeBodyInChunks(usize),
    /// White space without end.
    EndlessBody,
    /// The right JSON, cut off in the middle.
    InvalidJson,
    /// No body.
    EmptyBody,
    /// The right body under this `Content-Type`.
    ContentType(&'static str),
    /// The right body, compressed, whatever the client accepts.
    Gzip,
    /// So many bytes of white space, compressed to a thousandth.
    GzipBomb(usize),
}

impl HttpFault {
    /// This fault at `endpoint`.
    pub fn at(self, endpoint: Endpoint) -> Fault {
        Fault::Http(endpoint, self)
    }
}

/// How the connection ends in place of an answer. Travels in the response's extensions to
/// `connection`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Close,
    Reset,
}

/// The query parameter that exempts a followed redirect from the fault.
pub(crate) const FOLLOWED: &str = "redirect-followed";

pub(crate) async fn answer(fault: HttpFault, request: Request, next: Next) -> Response {
    match fault {
        HttpFault::Status(status) => page(status),
        HttpFault::RetryAfter(status, when) => {
            let mut response = page(status);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(when));
            response
        }
        HttpFault::Reset => cut(Cut::Reset),
        HttpFault::Close => cut(Cut::Close),
        HttpFault::LoseAnswer => {
            next.run(request).await;
            cut(Cut::Close)
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
        other => disfigure(&other, next.run(request).await).await,
    }
}

fn page(status: u16) -> Response {
    let body = "<!doctype html><title>Error</title><h1>The upstream server is unwell</h1>";
    (code(status), [(header::CONTENT_TYPE, "text/html")], body).into_response()
}

fn redirect(status: u16, to: &str) -> Response {
    (code(status), [(header::LOCATION, to)]).into_response()
}

fn cut(how: Cut) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(how);
    response
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a fault's status is a status")
}

async fn disfigure(fault: &HttpFault, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("an own body");
    parts.headers.remove(header::CONTENT_LENGTH);
    let half = body.slice(..body.len() / 2);
    let body = match fault {
        HttpFault::StallBody => Body::from_stream(in_pieces([half]).chain(stream::pending())),
        HttpFault::SlowBody(interval) => slowly(body, *interval),
        HttpFault::HugeBody(bytes) => padded(&body, *bytes).into(),
        HttpFault::HugeBodyInChunks(bytes) => Body::from_stream(in_pieces([padded(&body, *bytes).into()])),
        HttpFault::EndlessBody => Body::from_stream(in_pieces(std::iter::repeat(Bytes::from_static(&[b' '; 8192])))),
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
        _ => unreachable!("answered without a body: {fault:?}"),
    };
    Response::from_parts(parts, body)
}

fn in_pieces(pieces: impl IntoIterator<Item = Bytes>) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    stream::iter(pieces).map(Ok)
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

/// Still valid, and still saying the same: nothing but its size is a reason to refuse it.
fn padded(body: &[u8], bytes: usize) -> Vec<u8> {
    let mut object: Map<String, Value> = serde_json::from_slice(body).expect("only JSON objects can be padded");
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
