//! The browser: its session at the provider, and its requests to the provider's pages.

use std::{error::Error, fmt};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use serde_json::Value;
use tower::ServiceExt as _;

use super::provider::TestProvider;
use crate::{provider::BrowserSession, requests::Endpoint};

/// The provider rejected an authorization request with an error page instead of a redirect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthorizationRefused {
    /// The HTTP status.
    pub status: u16,
    /// The body as JSON, or its text as a JSON string.
    pub body: Value,
}

impl fmt::Display for AuthorizationRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the provider rejected the authorization request with {}: {}",
            self.status, self.body
        )
    }
}

impl Error for AuthorizationRefused {}

impl TestProvider {
    /// Signs a user in at the provider, with a new browser session.
    pub fn sign_in_as(&self, name: &str) {
        let mut state = self.provider.state();
        let user_id = state.named(name).id.clone();
        let authenticated_at = self.provider.now();
        state.browser = Some(BrowserSession::new(user_id, authenticated_at, None));
    }

    /// Removes the browser's session without a sign-out, as when the user deletes cookies. Grants
    /// stay valid.
    pub fn sign_out_browser(&self) {
        self.provider.state().browser = None;
    }

    /// The username of the user who is signed in at the provider.
    pub fn browser_user(&self) -> Option<String> {
        let state = self.provider.state();
        let session = state.browser.as_ref()?;
        state.user(&session.user_id).map(|user| user.username.clone())
    }

    /// The session id (`sid`) of the browser's session.
    pub fn sid(&self) -> Option<String> {
        self.provider
            .state()
            .browser
            .as_ref()
            .map(|session| session.sid.clone())
    }

    /// Opens an authorization URL as the browser does. Returns the callback URL, which is not
    /// opened.
    ///
    /// # Panics
    ///
    /// If the URL belongs to another provider, or the provider does not redirect;
    /// [`try_authorize`](Self::try_authorize) returns the error instead.
    pub async fn authorize(&self, url: &str) -> String {
        self.try_authorize(url)
            .await
            .unwrap_or_else(|refused| panic!("{refused}"))
    }

    /// Opens an authorization URL as the browser does. Returns the callback URL, which is not
    /// opened.
    ///
    /// # Errors
    ///
    /// If the provider shows an error page, for example because the redirect URI is not
    /// registered.
    ///
    /// # Panics
    ///
    /// If the URL belongs to another provider.
    pub async fn try_authorize(&self, url: &str) -> Result<String, AuthorizationRefused> {
        let response = self.visit(Method::GET, url, Endpoint::Authorization.path(), "").await;
        if let Some(callback) = location(&response) {
            return Ok(callback);
        }
        let status = response.status().as_u16();
        let text = text(response).await;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Err(AuthorizationRefused { status, body })
    }

    /// Opens an end-session URL as the browser does, and submits the form of the page. Returns the
    /// URL to which the provider redirects: a URI of the client, or the provider's own page.
    ///
    /// # Panics
    ///
    /// If the URL belongs to another provider, or the provider rejects the request.
    pub async fn end_session(&self, url: &str) -> String {
        let response = self.visit(Method::GET, url, Endpoint::EndSession.path(), "").await;
        let status = response.status();
        let page = text(response).await;
        assert_eq!(
            status,
            StatusCode::OK,
            "the provider rejected the end-session request: {page}"
        );
        let field = |before: &str| {
            page.split(before)
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap()
                .to_owned()
        };
        let (action, xsrf) = (field("action=\""), field("name=\"xsrf\" value=\""));
        let path = action.strip_prefix(self.provider.public_endpoint()).unwrap();
        let confirmed = self
            .visit(Method::POST, &action, path, &format!("xsrf={xsrf}&logout=yes"))
            .await;
        location(&confirmed).expect("the provider redirects after sign-out")
    }

    async fn visit(&self, method: Method, url: &str, path: &str, form: &str) -> Response {
        let relative = url
            .strip_prefix(self.provider.public_endpoint())
            .filter(|rest| rest.split('?').next() == Some(path))
            .unwrap_or_else(|| panic!("{url} is not {}{path}", self.provider.public_endpoint()));
        let request = Request::builder()
            .method(method)
            .uri(relative)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap_or_else(|error| panic!("{url} is not a URL: {error}"));
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }
}

fn location(response: &Response) -> Option<String> {
    let location = response
        .headers()
        .get(header::LOCATION)
        .filter(|_| response.status().is_redirection())?;
    Some(location.to_str().expect("the Location header is ASCII").to_owned())
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX)
        .await
        .expect("the body is in memory");
    String::from_utf8_lossy(&bytes).into_owned()
}
