//! The HTTP client of the users' browsers.

use std::time::Duration;

use http::{StatusCode, header};
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};

use super::{Failure, session::Session};

/// Shorter than the time after which Node closes an unused connection.
const IDLE: Duration = Duration::from_secs(2);

/// Requests to one app, over connections that are kept open.
pub(super) struct AppClient {
    client: Client,
    home: String,
}

impl AppClient {
    pub(super) fn new(home: &str) -> Result<Self, Failure> {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .pool_idle_timeout(IDLE)
            .build()?;
        let home = home.to_owned();
        Ok(Self { client, home })
    }

    /// Opens a page: a path of the app, or its whole address.
    pub(super) async fn open(&self, page: &str, session: &Session) -> Result<Response, Failure> {
        let path = page.strip_prefix(&self.home).unwrap_or(page);
        let request = self
            .client
            .get(format!("{}{path}", self.home))
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        self.send(request, session).await
    }

    /// Submits a form of the app.
    pub(super) async fn submit(&self, path: &str, form: String, session: &Session) -> Result<Response, Failure> {
        let request = self
            .client
            .post(format!("{}{path}", self.home))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.home)
            .body(form);
        self.send(request, session).await
    }

    async fn send(&self, request: RequestBuilder, session: &Session) -> Result<Response, Failure> {
        let request = request
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, session.header());
        Ok(request.send().await?)
    }

    /// Whether a redirect leads to the home page.
    pub(super) fn leads_home(&self, response: &Response) -> bool {
        let location = location(response).unwrap_or_default();
        location.strip_prefix(&self.home).unwrap_or(location) == "/"
    }
}

/// Where a redirect leads.
pub(super) fn location(response: &Response) -> Option<&str> {
    let location = response.headers().get(header::LOCATION)?;
    location.to_str().ok().filter(|_| response.status().is_redirection())
}

/// Reads the whole response, so that its connection can be used again.
pub(super) async fn read(response: Response) -> Result<(StatusCode, String), Failure> {
    let status = response.status();
    Ok((status, response.text().await?))
}

/// The error of an unexpected response.
pub(super) async fn unexpected(subject: &str, response: Response) -> Failure {
    let headers = format!("{:?}", response.headers());
    match read(response).await {
        Ok((status, body)) => {
            let body: String = body.chars().take(500).collect();
            format!("{subject} answers {status}\n{headers}\n{body}").into()
        }
        Err(error) => error,
    }
}
