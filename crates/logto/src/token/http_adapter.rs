//! The HTTP client of openidconnect.

use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::StatusCode;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use crate::{
    client::LogtoClient,
    error::RequestError,
    http::{check_status, retry_after},
    telemetry::Endpoint,
};

/// Sends the requests of openidconnect to the token endpoint. Transient errors are detected before the body is parsed.
pub(crate) struct HttpAdapter<'a> {
    client: &'a LogtoClient,
    recorded: Mutex<RecordedResponse>,
}

/// The parts of a response that are still needed if openidconnect rejects it.
#[derive(Default)]
pub(crate) struct RecordedResponse {
    pub(crate) status: Option<StatusCode>,
    pub(crate) retry_after: Option<Duration>,
    /// The body of a successful response, whose tokens have to be kept or revoked.
    pub(crate) body: Vec<u8>,
}

impl<'a> HttpAdapter<'a> {
    pub(crate) fn new(client: &'a LogtoClient) -> Self {
        Self {
            client,
            recorded: Mutex::default(),
        }
    }

    pub(crate) fn into_response(self) -> RecordedResponse {
        self.recorded.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpAdapter<'_> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RequestError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let response = check_status(self.client.send(Endpoint::Token, request).await?)?;
            let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
            recorded.status = Some(response.status());
            recorded.retry_after = retry_after(&response);
            if response.status().is_success() {
                recorded.body.clone_from(response.body());
            }
            drop(recorded);
            Ok(response)
        })
    }
}
