//! The key set, RFC 7517 §5, as Logto serves it: `no-cache` with an `ETag`.

use aws_lc_rs::digest;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use super::Provider;

pub(crate) async fn jwks(State(shared): Provider, headers: HeaderMap) -> Response {
    let mut keys: Vec<_> = shared.keys.published().iter().map(|key| key.jwk()).collect();
    for fault in shared.faults.jwks() {
        fault.apply(&mut keys, &shared.keys);
    }
    let body = json!({ "keys": keys }).to_string();
    let hash = digest::digest(&digest::SHA256, body.as_bytes());
    let etag = format!("\"{}\"", &BASE64_URL_SAFE_NO_PAD.encode(hash)[..27]);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let head = [
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (
            header::CONTENT_TYPE,
            "application/jwk-set+json; charset=utf-8".to_owned(),
        ),
        (header::ETAG, etag),
    ];
    if known {
        (StatusCode::NOT_MODIFIED, head).into_response()
    } else {
        (head, body).into_response()
    }
}
