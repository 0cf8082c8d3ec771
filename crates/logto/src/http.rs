//! The HTTP client: a small trait, and its implementation with `reqwest`.

use std::{future::Future, pin::Pin, time::Duration};

use http::{Request, Response, StatusCode, header};

use crate::{error::RequestError, tls::TrustedCertificates};

/// A boxed future of an HTTP response.
pub type HttpFuture<'a> = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, RequestError>> + Send + 'a>>;

/// Sends requests to the provider.
///
/// An implementation MUST NOT follow redirects, MUST limit the duration and the size of a response,
/// and MUST NOT log headers or bodies, because they hold secrets.
pub trait HttpClient: Send + Sync + 'static {
    /// Sends `request` and reads the complete response.
    fn send(&self, request: Request<Vec<u8>>) -> HttpFuture<'_>;
}

/// Limits for requests to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    connect_timeout: Duration,
    timeout: Duration,
    max_body: usize,
}

impl HttpLimits {
    /// Sets the timeout for establishing the connection. 3 seconds by default.
    #[must_use]
    pub const fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the timeout for the whole exchange. 10 seconds by default, because a sign-in waits for
    /// up to five requests, usually three.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The timeout for the whole exchange.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sets the size limit of a response body, in **bytes**. 1 MiB by default; Logto's responses
    /// have about 10 kB.
    #[must_use]
    pub const fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(10),
            max_body: 1024 * 1024,
        }
    }
}

/// An [`HttpClient`] with `reqwest` and rustls.
///
/// It follows no redirects, decompresses nothing, and limits the duration and the size of a
/// response.
#[derive(Clone, Debug)]
pub struct ReqwestClient {
    client: reqwest::Client,
    max_body: usize,
}

/// The TLS client could not be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the TLS client cannot be created; check the system's certificate store (package ca-certificates)")]
pub struct NoHttpClient;

impl ReqwestClient {
    /// Creates a client with these limits. It uses the proxies in the environment variables
    /// `HTTPS_PROXY` and `NO_PROXY`.
    ///
    /// # Errors
    ///
    /// If the system's certificates cannot be read.
    pub fn new(limits: HttpLimits) -> Result<Self, NoHttpClient> {
        Self::with_certificates(limits, &TrustedCertificates::default())
    }

    /// Creates a client that trusts additional certificate authorities.
    ///
    /// # Errors
    ///
    /// The same as [`ReqwestClient::new`].
    pub fn with_certificates(limits: HttpLimits, trusted: &TrustedCertificates) -> Result<Self, NoHttpClient> {
        let certificates = trusted.iter().map(|der| reqwest::Certificate::from_der(der));
        let certificates: Vec<_> = certificates.collect::<Result<_, _>>().map_err(|_| NoHttpClient)?;
        let client = reqwest::Client::builder()
            // Another crate may enable reqwest's native TLS, which would then be the default.
            .tls_backend_rustls()
            .tls_certs_merge(certificates)
            .connect_timeout(limits.connect_timeout)
            .timeout(limits.timeout)
            .redirect(reqwest::redirect::Policy::none())
            // Another crate may enable these features. The size limit would then not apply to the
            // decompressed body.
            .no_gzip()
            .no_deflate()
            .no_brotli()
            .no_zstd()
            .user_agent(concat!("logto-rust/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| NoHttpClient)?;
        Ok(Self {
            client,
            max_body: limits.max_body,
        })
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, RequestError> {
        let request = reqwest::Request::try_from(request).map_err(|_| RequestError::Unreachable)?;
        let mut answer = self.client.execute(request).await.map_err(|error| classify(&error))?;
        let too_large = RequestError::TooLarge { limit: self.max_body };
        if answer
            .content_length()
            .is_some_and(|length| length > self.max_body as u64)
        {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| classify(&error))? {
            if body.len() + chunk.len() > self.max_body {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl HttpClient for ReqwestClient {
    fn send(&self, request: Request<Vec<u8>>) -> HttpFuture<'_> {
        Box::pin(self.exchange(request))
    }
}

/// Drops the error's text, which may contain the URL and therefore a code or a token.
fn classify(error: &reqwest::Error) -> RequestError {
    if error.is_timeout() {
        RequestError::TimedOut
    } else {
        RequestError::Unreachable
    }
}

/// Turns transient statuses, redirects and informational responses into errors. The caller handles
/// all others.
pub(crate) fn check_status(response: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, RequestError> {
    let status = response.status();
    let is_transient =
        matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS) || status.is_server_error();
    if is_transient {
        return Err(RequestError::Unavailable {
            status: status.as_u16(),
            retry_after: retry_after(&response),
        });
    }
    if status.is_redirection() || status.is_informational() {
        return Err(RequestError::UnexpectedStatus(status.as_u16()));
    }
    Ok(response)
}

/// Returns the body of a 200 response. Any other status is an error.
pub(crate) fn body_of_ok(response: Response<Vec<u8>>) -> Result<Vec<u8>, RequestError> {
    let response = check_status(response)?;
    match response.status() {
        StatusCode::OK => Ok(response.into_body()),
        other => Err(RequestError::UnexpectedStatus(other.as_u16())),
    }
}

pub(crate) fn retry_after(response: &Response<Vec<u8>>) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16) -> Response<Vec<u8>> {
        Response::builder()
            .status(status)
            .header("retry-after", "7")
            .body(Vec::new())
            .unwrap()
    }

    #[test]
    fn busy_and_failing_servers_are_transient_errors() {
        for status in [408, 429, 500, 502, 503, 504] {
            let expected = RequestError::Unavailable {
                status,
                retry_after: Some(Duration::from_secs(7)),
            };
            assert_eq!(check_status(answer(status)).unwrap_err(), expected);
        }
    }

    #[test]
    fn rejects_redirects() {
        for status in [301, 302, 303, 307, 308] {
            assert_eq!(
                check_status(answer(status)).unwrap_err(),
                RequestError::UnexpectedStatus(status)
            );
        }
    }

    #[test]
    fn a_client_error_is_returned_to_the_caller() {
        assert!(check_status(answer(400)).is_ok());
        assert_eq!(
            body_of_ok(answer(400)).unwrap_err(),
            RequestError::UnexpectedStatus(400)
        );
    }
}
