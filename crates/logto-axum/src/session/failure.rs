//! The status of server functions and pages that fail because of the session.
//!
//! Leptos answers every failed server function with 500, and every page with 200.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, StatusCode, header};

use crate::{error::SessionError, headers::security::is_page, session::AuthSession};

/// Marks the response of a failed server function (`server_fn::error::SERVER_FN_ERROR_HEADER`).
static SERVER_FN_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

impl AuthSession {
    /// Records the error with which a server function is about to fail. If it fails, the layer
    /// replaces the status 500 with that of the error; for crates that integrate this one into a
    /// framework.
    #[doc(hidden)]
    pub fn set_function_error(&self, error: &SessionError) {
        self.lock().function_error = Some(error.clone());
    }

    /// Sets the status of a server function or page that has failed.
    pub(crate) fn apply_failure(&self, response: &mut Response) {
        let (function_error, page_error) = {
            let mut inner = self.lock();
            (inner.function_error.take(), inner.page_error.take())
        };
        let (status, headers) = (response.status(), response.headers());
        let error = if status == StatusCode::INTERNAL_SERVER_ERROR && headers.contains_key(&SERVER_FN_ERROR) {
            // A 204 would hide the error from the caller.
            function_error.filter(|error| *error != SessionError::Prefetch)
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
