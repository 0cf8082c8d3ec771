//! The outcome of an operation, for the label `result` and the fields `outcome` and `code`.

use http::{Response, StatusCode};
use tracing::Span;

use crate::error::{Diagnose, RequestError};

/// The outcome of an operation: a fixed word, or the stable code of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    word: &'static str,
    code: Option<&'static str>,
}

impl Outcome {
    /// The operation has succeeded.
    pub const OK: Self = Self::word("ok");

    /// A compare-and-swap found another version.
    pub(crate) const CONFLICT: Self = Self::word("conflict");

    /// Another request, or another instance, has done the work.
    pub(crate) const SHARED: Self = Self::word("shared");

    /// The session was signed out meanwhile.
    pub(crate) const SIGNED_OUT: Self = Self::word("signed_out");

    const fn word(word: &'static str) -> Self {
        Self { word, code: None }
    }

    /// The operation has failed with this code. `&'static`, so that no text of a request or of an
    /// app becomes a label.
    #[must_use]
    pub const fn failed(code: &'static str) -> Self {
        Self {
            word: "error",
            code: Some(code),
        }
    }

    /// The outcome of a result.
    pub fn of<T, E: Diagnose>(result: &Result<T, E>) -> Self {
        result
            .as_ref()
            .err()
            .map_or(Self::OK, |error| Self::failed(error.code()))
    }

    /// The outcome of an operation with this error code, if it has failed.
    #[must_use]
    pub const fn from_code(code: Option<&'static str>) -> Self {
        match code {
            Some(code) => Self::failed(code),
            None => Self::OK,
        }
    }

    /// The outcome of a request to the provider. The caller judges the response, so only its status
    /// counts here. A redirect is the answer of endpoints for browsers.
    pub(crate) fn of_response(result: &Result<Response<Vec<u8>>, RequestError>) -> Self {
        match result.as_ref().map(Response::status) {
            Err(error) => Self::failed(error.code()),
            Ok(StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS) => Self::failed("provider_unavailable"),
            Ok(status) if status.is_server_error() => Self::failed("provider_unavailable"),
            Ok(status) if status.is_client_error() => Self::failed("refused"),
            Ok(_) => Self::OK,
        }
    }

    /// The value of the label `result`.
    #[must_use]
    pub(crate) const fn label(self) -> &'static str {
        match self.code {
            Some(code) => code,
            None => self.word,
        }
    }

    /// Records the fields `outcome` and `code`, which the span has to declare.
    pub fn record_in(self, span: &Span) {
        span.record("outcome", self.word);
        if let Some(code) = self.code {
            span.record("code", code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label_of(status: u16) -> &'static str {
        let response = Response::builder().status(status).body(Vec::new()).unwrap();
        Outcome::of_response(&Ok(response)).label()
    }

    #[test]
    fn the_status_of_a_response_decides_the_result() {
        for status in [200, 201, 204, 303] {
            assert_eq!(label_of(status), "ok", "{status}");
        }
        for status in [408, 429, 500, 503] {
            assert_eq!(label_of(status), "provider_unavailable", "{status}");
        }
        for status in [400, 401, 403, 404] {
            assert_eq!(label_of(status), "refused", "{status}");
        }
        let timed_out = Outcome::of_response(&Err(RequestError::TimedOut));
        assert_eq!(timed_out.label(), "provider_timed_out");
    }
}
