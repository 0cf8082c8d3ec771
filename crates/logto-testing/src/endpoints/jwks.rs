//! The key set, RFC 7517 §5, with Logto's `Cache-Control: no-cache` and an `ETag`.

use aws_lc_rs::digest;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use crate::{faults::JwksFault, provider::SharedProvider};

pub(crate) async fn jwks(State(provider): SharedProvider, headers: HeaderMap) -> Response {
    let mut keys: Vec<_> = provider.keys.published().iter().map(|key| key.jwk()).collect();
    for fault in provider.faults.take::<JwksFault>() {
        fault.apply(&mut keys, &provider.keys);
    }
    let body = json!({ "keys": keys }).to_string();
    let hash = digest::digest(&digest::SHA256, body.as_bytes());
    let etag = format!("\"{}\"", &BASE64_URL_SAFE_NO_PAD.encode(hash)[..27]);
    let not_modified = headers
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
    if not_modified {
        (StatusCode::NOT_MODIFIED, head).into_response()
    } else {
        (head, body).into_response()
    }
}
