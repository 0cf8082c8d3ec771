//! Limits for the bodies of server function calls.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{body::Body, response::Response};
use http::Request;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::{
    address::Address,
    guard::{
        fetch_metadata::wants_page,
        refusal::Refusal,
        server_functions::{FunctionPath, ServerFunctions},
    },
    texts::Translation,
};

/// A limit for the body of a request, and whether the body exceeded it.
pub(crate) struct BodyLimit {
    exceeded: Arc<AtomicBool>,
    as_page: bool,
}

impl BodyLimit {
    /// Limits the body if the request calls a server function.
    pub(crate) fn apply(
        functions: Option<&ServerFunctions>,
        address: &Address,
        request: Request<Body>,
    ) -> (Request<Body>, Option<Self>) {
        let path = FunctionPath::new(address, request.uri().path());
        let Some(limit) = functions.and_then(|functions| functions.body_limit_for(request.method(), path)) else {
            return (request, None);
        };
        let exceeded = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&exceeded);
        let limited = Self {
            exceeded,
            as_page: wants_page(request.headers()),
        };
        let request = request.map(|body| {
            Body::new(Limited::new(body, limit).map_err(move |error| {
                if error.is::<LengthLimitError>() {
                    noted.store(true, Ordering::Relaxed);
                }
                error
            }))
        });
        (request, Some(limited))
    }

    /// Replaces the error response of a function whose body exceeded the limit.
    pub(crate) fn judge(&self, response: Response, texts: &Translation) -> Response {
        if self.exceeded.load(Ordering::Relaxed) {
            return Refusal::BodyTooLarge.response(self.as_page, texts);
        }
        response
    }
}
