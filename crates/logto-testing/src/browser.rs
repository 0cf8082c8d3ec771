//! The browser: who is signed in at the provider, and following its redirects without visiting the
//! client.

use std::{collections::BTreeMap, error::Error, fmt};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{log::Endpoint, params::Params, provider::TestProvider, random, shared::BrowserSession};

/// An authorization request as it came, and the part of it that reached the sign-in page.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// Every parameter.
    pub params: Params,
    /// Logto's own parameters (`first_screen`, `login_hint`, …). Empty when one of them had an
    /// invalid value: Logto then drops them all.
    pub extra: BTreeMap<String, String>,
}

/// The provider answered an authorization request with an error page, not with a redirect.
#[derive(Clone, Debug)]
pub struct AuthorizationRefused {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body, or its text.
    pub body: Value,
}

impl fmt::Display for AuthorizationRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the provider refused the authorization request with {}: {}",
            self.status, self.body
        )
    }
}

impl Error for AuthorizationRefused {}

impl TestProvider {
    /// Signs a user, by username or id, in at the provider: a new browser session that begins now.
    pub fn sign_in_as(&self, name: &str) {
        let mut state = self.shared.state();
        let user_id = state.named(name).id.clone();
        let authenticated_at = self.shared.now();
        state.browser = Some(BrowserSession {
            sid: random::id(),
            user_id,
            authenticated_at,
        });
    }

    /// Forgets the browser's session without ending it properly, as clearing cookies does.
    pub fn sign_out_browser(&self) {
        self.shared.state().browser = None;
    }

    /// The username that is signed in at the provider, if one is.
    pub fn browser_user(&self) -> Option<String> {
        let state = self.shared.state();
        let session = state.browser.as_ref()?;
        state.user(&session.user_id).map(|user| user.username.clone())
    }

    /// The session id (`sid`) of the browser's session.
    pub fn sid(&self) -> Option<String> {
        self.shared.state().browser.as_ref().map(|session| session.sid.clone())
    }

    /// Plays the browser: follows an authorization URL and returns the callback URL, without
    /// visiting it.
    ///
    /// # Panics
    ///
    /// When the URL is not of this provider or the provider answers without a redirect; see
    /// [`try_authorize`](Self::try_authorize).
    pub async fn authorize(&self, url: &str) -> String {
        self.try_authorize(url)
            .await
            .unwrap_or_else(|refused| panic!("{refused}"))
    }

    /// Like [`authorize`](Self::authorize), where the provider may refuse.
    ///
    /// # Errors
    ///
    /// When the provider shows an error page, as for an unregistered redirect URI.
    ///
    /// # Panics
    ///
    /// When the URL is not of this provider.
    pub async fn try_authorize(&self, url: &str) -> Result<String, AuthorizationRefused> {
        let response = self.visit(Method::GET, url, Endpoint::Authorization.path(), "").await;
        if let Some(to) = location(&response) {
            return Ok(to);
        }
        let status = response.status().as_u16();
        let text = text(response).await;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Err(AuthorizationRefused { status, body })
    }

    /// Plays the browser at sign-out: opens the end-session URL, submits the form that the page
    /// submits by script, and returns where the provider sends the browser then: back to the
    /// client, or to its own page.
    ///
    /// # Panics
    ///
    /// When the URL is not of this provider or the provider refuses.
    pub async fn end_session(&self, url: &str) -> String {
        let response = self.visit(Method::GET, url, Endpoint::EndSession.path(), "").await;
        let status = response.status();
        let page = text(response).await;
        assert_eq!(
            status,
            StatusCode::OK,
            "the provider refused to end the session: {page}"
        );
        let field = |before: &str| {
            page.split(before)
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap()
                .to_owned()
        };
        let (action, xsrf) = (field("action=\""), field("name=\"xsrf\" value=\""));
        let path = action.strip_prefix(self.shared.public_endpoint()).unwrap();
        let confirmed = self
            .visit(Method::POST, &action, path, &format!("xsrf={xsrf}&logout=yes"))
            .await;
        location(&confirmed).expect("a redirect after sign-out")
    }

    async fn visit(&self, method: Method, url: &str, path: &str, form: &str) -> Response {
        let relative = url
            .strip_prefix(self.shared.public_endpoint())
            .filter(|rest| rest.split('?').next() == Some(path))
            .unwrap_or_else(|| panic!("{url} is not {}{path}", self.shared.public_endpoint()));
        let request = Request::builder()
            .method(method)
            .uri(relative)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap_or_else(|error| panic!("{url} is no URL: {error}"));
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }
}

fn location(response: &Response) -> Option<String> {
    let to = response
        .headers()
        .get(header::LOCATION)
        .filter(|_| response.status().is_redirection())?;
    Some(to.to_str().expect("a Location in ASCII").to_owned())
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("an own body");
    String::from_utf8_lossy(&bytes).into_owned()
}
