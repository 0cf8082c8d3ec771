//! A small app with server functions, and a browser that stores cookies.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    routing::any,
};
use http::{HeaderMap, Request, StatusCode, header};
use leptos::{
    prelude::*,
    server_fn::{ServerFn as _, codec::GetUrl},
};
use logto_leptos::{
    Clock, ContextOptions, Diagnose as _, Environment, HttpLimits, Logto, LogtoConfig, ReqwestClient, SecurityHeaders,
    SignInOptions, SignOutOptions, SystemRandom, UserScope, WebConfig,
};
use logto_testing::{TestClock, TestProvider, TestProviderBuilder};
use tower::ServiceExt as _;

pub(crate) const BASE: &str = "http://localhost:3000";
pub(crate) const SESSION: &str = "logto_app";

/// Returns each organization with the audience of its token, or with the code of its error.
#[server(prefix = "/api", endpoint = "test/organizations")]
async fn organizations() -> Result<Vec<(String, Option<String>)>, ServerFnError> {
    let tokens = logto_leptos::organization_tokens().await.map_err(ServerFnError::new)?;
    let audience = |issued: &logto_leptos::IssuedToken| {
        let claims = issued.token.unverified_claims()?;
        claims.aud.as_slice().first().cloned()
    };
    let tokens = tokens.into_iter();
    let audiences = tokens.map(|organization| match organization.token {
        Ok(issued) => (organization.organization_id, audience(&issued)),
        Err(error) => (organization.organization_id, Some(error.code().to_owned())),
    });
    Ok(audiences.collect())
}

#[server(prefix = "/api", endpoint = "test/sign-in")]
async fn sign_in(post_redirect: String) -> Result<(), ServerFnError> {
    let options = SignInOptions::new().with_post_redirect(post_redirect);
    logto_leptos::sign_in(options).await.map_err(ServerFnError::new)
}

#[server(prefix = "/api", endpoint = "test/sign-out")]
async fn sign_out() -> Result<(), ServerFnError> {
    logto_leptos::sign_out(SignOutOptions::default())
        .await
        .map_err(ServerFnError::new)
}

/// A server function that uses GET.
#[server(prefix = "/api", endpoint = "test/delete", input = GetUrl)]
async fn delete() -> Result<String, ServerFnError> {
    search().await
}

/// A server function that uses GET and allows cross-site calls.
#[server(prefix = "/api", endpoint = "test/search", input = GetUrl)]
async fn search() -> Result<String, ServerFnError> {
    let context = logto_leptos::logto_context(ContextOptions::default()).await;
    context
        .map(|context| context.state.as_str().to_owned())
        .map_err(ServerFnError::new)
}

struct ProviderClock(TestClock);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> Duration {
        self.0.since_epoch()
    }
}

pub(crate) async fn provider_and_logto(builder: TestProviderBuilder) -> (TestProvider, Logto) {
    provider_and_changed_logto(builder, |web| web).await
}

async fn provider_and_changed_logto(
    builder: TestProviderBuilder,
    change: impl FnOnce(WebConfig) -> WebConfig,
) -> (TestProvider, Logto) {
    let provider = builder.client("app", "secret").start().await;
    let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
        .with_scopes([UserScope::Email, UserScope::Organizations]);
    let web = WebConfig::new(BASE, ["a secret of thirty-two bytes or more".into()])
        .with_security_headers(SecurityHeaders::strict());
    let web = change(web);
    let environment = Environment::new(
        Arc::new(ProviderClock(provider.clock())),
        Arc::new(SystemRandom),
        Arc::new(ReqwestClient::new(HttpLimits::default()).unwrap()),
    );
    let logto = Logto::with_environment(config, web, environment).unwrap();
    (provider, logto)
}

/// The app and its provider, used from one browser.
pub(crate) struct App {
    pub(crate) provider: TestProvider,
    cookies: RefCell<BTreeMap<String, String>>,
    router: Router,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(TestProvider::builder()).await
    }

    pub(crate) async fn with(builder: TestProviderBuilder) -> Self {
        Self::with_pages(builder, |web| web, Router::new()).await
    }

    /// Starts the app with further routes.
    pub(crate) async fn with_pages(
        builder: TestProviderBuilder,
        change: impl FnOnce(WebConfig) -> WebConfig,
        pages: Router,
    ) -> Self {
        let (provider, logto) = provider_and_changed_logto(builder, change).await;
        let server_functions = logto_leptos::server_functions().allow_get(Search::PATH);
        let router = Router::new()
            .route("/api/{*path}", any(leptos_axum::handle_server_fns))
            .merge(pages)
            .merge(logto.routes())
            .layer(logto.layer().with_server_functions(server_functions));
        Self {
            provider,
            cookies: RefCell::default(),
            router,
        }
    }

    /// Starts the app and signs a user in.
    pub(crate) async fn signed_in(user: &str) -> Self {
        let app = Self::start().await;
        app.sign_in(user).await;
        app
    }

    pub(crate) async fn sign_in(&self, user: &str) {
        self.provider.sign_in_as(user);
        let answer = self.post("/sign-in", "").await;
        self.finish_sign_in(&answer).await;
        assert!(self.has(SESSION));
    }

    /// Follows the redirect of `answer` to the provider, signs in there and opens the callback.
    pub(crate) async fn finish_sign_in(&self, answer: &Answer) -> Answer {
        let callback = self.provider.authorize(answer.location()).await;
        let path = callback.strip_prefix(BASE).unwrap();
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Submits a form of this site without JavaScript.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// Calls a server function from a script of this site, like the client of Leptos.
    pub(crate) async fn call(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-dest", "empty")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// Sends a GET request from a script. `site` is the value of `Sec-Fetch-Site`.
    pub(crate) async fn fetch(&self, path: &str, site: &str) -> Answer {
        let request = Request::get(path).header("sec-fetch-site", site);
        self.send(request.header("sec-fetch-dest", "empty").body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<_> = self.cookies.borrow().iter().map(|(k, v)| format!("{k}={v}")).collect();
        if !cookies.is_empty() {
            let cookies = cookies.join("; ").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookies);
        }
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                let value = rest.split(';').next().unwrap();
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn has(&self, cookie: &str) -> bool {
        self.cookies.borrow().contains_key(cookie)
    }

    pub(crate) fn transactions(&self) -> usize {
        let cookies = self.cookies.borrow();
        cookies.keys().filter(|name| name.starts_with("logto_tx_")).count()
    }
}

/// A response with its body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}
