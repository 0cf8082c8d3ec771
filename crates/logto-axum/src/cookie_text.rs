//! Cookie headers as text. Some other app on the host may have set a cookie in Latin-1; a header with it would be unreadable as a whole,
//! and the session in it with it.

use std::task::{Context, Poll};

use http::{HeaderValue, Request, header};
use tower::Service;

/// Replaces what is not UTF-8 in cookie headers.
#[derive(Clone, Debug)]
pub struct CookieText<S> {
    inner: S,
}

impl<S> CookieText<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for CookieText<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let header::Entry::Occupied(mut cookies) = request.headers_mut().entry(header::COOKIE) {
            for value in cookies
                .iter_mut()
                .filter(|value| str::from_utf8(value.as_bytes()).is_err())
            {
                let text = String::from_utf8_lossy(value.as_bytes());
                // What HTTP let through it lets through again: the replacement is no control character.
                *value = HeaderValue::from_bytes(text.as_bytes()).unwrap_or(HeaderValue::from_static(""));
            }
        }
        self.inner.call(request)
    }
}
