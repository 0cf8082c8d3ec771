//! The routes of the protocol: HTML forms and redirects, no JavaScript.

mod backchannel_logout;
mod callback;
pub(crate) mod failure;
mod session_watch;
pub(crate) mod sign_in;
mod sign_out;
pub(crate) mod unverified_logouts;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderValue, StatusCode, header};

use crate::{headers::caching::forbid_caching, logto::Logto, pages::confirm};

/// Forms are a few short fields.
const MOST_FORM_BYTES: usize = 16 * 1024;

pub(crate) fn router<S: Clone + Send + Sync + 'static>(logto: &Logto) -> Router<S> {
    let paths = logto.shared.web.paths();
    let told_by_provider = logto.clone();
    Router::new()
        .route(&paths.sign_in, get(confirm::sign_in).post(sign_in::start))
        .route(&paths.callback, get(callback::finish))
        .route(&paths.sign_out, get(confirm::sign_out).post(sign_out::end))
        .route(
            &paths.backchannel_logout,
            post(|form| backchannel_logout::receive(told_by_provider, form)),
        )
        .route(&paths.session_script, get(session_watch::script))
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
}

/// 303: the browser follows with GET whatever the request was.
fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let headers = [
        (header::LOCATION, location),
        // The callback's address has the code in it.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    forbid_caching(response.headers_mut());
    response
}
