//! The status of server functions and pages that fail because of the session.
//!
//! Leptos answers every failed server function with 500, and every page with 200.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, StatusCode, header};
use logto::Diagnose as _;

use crate::{
    error::SessionError,
    headers::security::is_page,
    session::{AuthSession, inner::FunctionFailure},
};

/// The code of a server function whose caller sent invalid arguments.
const INVALID_ARGUMENTS: &str = "invalid_arguments";

/// Marks the response of a failed server function (`server_fn::error::SERVER_FN_ERROR_HEADER`).
static SERVER_FN_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

impl AuthSession {
    /// Notes an error with which a server function may fail; for crates that integrate this one
    /// into a framework.
    #[doc(hidden)]
    pub fn note_function_error(&self, error: &SessionError) {
        let mut inner = self.lock();
        inner.noted_errors.retain(|earlier| earlier.code() != error.code());
        inner.noted_errors.push(error.clone());
    }

    /// Records the noted error with which a server function fails, by its code: the layer replaces
    /// the status 500 with that of the error, or with 400 for `invalid_arguments`.
    #[doc(hidden)]
    pub fn fail_function(&self, code: &str) {
        let mut inner = self.lock();
        let failed = inner.noted_errors.iter().find(|noted| noted.code() == code);
        inner.function_failure = match failed {
            _ if code == INVALID_ARGUMENTS => Some(FunctionFailure::InvalidArguments),
            failed => failed.cloned().map(FunctionFailure::Session),
        };
    }

    /// Sets the status of a server function or page that has failed.
    pub(crate) fn apply_failure(&self, response: &mut Response) {
        let (function_failure, page_error) = {
            let mut inner = self.lock();
            (inner.function_failure.take(), inner.page_error.take())
        };
        let (status, headers) = (response.status(), response.headers());
        let error = if status == StatusCode::INTERNAL_SERVER_ERROR && headers.contains_key(&SERVER_FN_ERROR) {
            match function_failure {
                Some(FunctionFailure::InvalidArguments) => {
                    *response.status_mut() = StatusCode::BAD_REQUEST;
                    return;
                }
                // A 204 would hide the error from the caller.
                Some(FunctionFailure::Session(error)) if error != SessionError::Prefetch => Some(error),
                _ => None,
            }
        } else if status == StatusCode::OK && is_page(headers) {
            page_error
        } else {
            None
        };
        let Some(error) = error else { return };
        if error == SessionError::Prefetch {
            *response = error.into_response();
            return;
        }
        *response.status_mut() = error.status();
        if let Some(wait) = error.wait() {
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
    }
}
