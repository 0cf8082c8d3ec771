//! A small app under test, and a browser with cookies.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Query, State},
    response::{IntoResponse, Redirect},
    routing::{any, get, post},
};
use http::{Method, Request, Response, StatusCode, header};
use logto::{Clock, Environment, ExposeSecret, HttpLimits, ReqwestClient, Sleep, SystemRandom};
use logto_axum::{
    AuthError, AuthSession, Bearer, BearerError, ContextOptions, Diagnose as _, Logto, LogtoConfig, ServerFunctions,
    SignInOptions, SignedInUser, TokenTarget, UserScope, WebConfig,
};
use logto_testing::{API, TestClock, TestProvider};
use tokio::sync::Notify;
use tower::ServiceExt as _;

pub(crate) const BASE: &str = "http://localhost:3000";
pub(crate) const SESSION: &str = "logto_app";
/// How long it waits for the provider.
const TIME_LIMIT: Duration = Duration::from_millis(500);

struct ProviderClock(TestClock);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> Duration {
        Duration::from_secs(self.0.now())
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(self.0.sleep(duration))
    }
}

/// The app: provider, sign-in, and routes that show what a handler sees.
pub(crate) struct App {
    pub(crate) provider: Arc<TestProvider>,
    pub(crate) gate: Gate,
    pub(crate) logto: Logto,
    router: Router,
}

/// Holds `/slow` back: it has read the session, and answers when it is let go.
#[derive(Clone, Default)]
pub(crate) struct Gate {
    arrived: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    /// Waits until a request is held back.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Lets it go.
    pub(crate) fn open(&self) {
        self.open.notify_one();
    }
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(TestProvider::builder().client("app", "secret").start().await, |web| web)
    }

    /// That waits for the provider no longer than this.
    pub(crate) async fn with_time_limit(limit: Duration) -> Self {
        let provider = TestProvider::builder().client("app", "secret").start().await;
        Self::build(Arc::new(provider), &[], limit, |web| web)
    }

    pub(crate) fn with(provider: TestProvider, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::build(Arc::new(provider), &[], TIME_LIMIT, change)
    }

    /// An app that waits for a provider which is held back.
    pub(crate) fn patient(provider: TestProvider, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::build(Arc::new(provider), &[], Duration::from_secs(60), change)
    }

    pub(crate) fn with_resources(
        provider: TestProvider,
        resources: &[String],
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Self {
        Self::build(Arc::new(provider), resources, TIME_LIMIT, change)
    }

    /// The same with another router around it.
    pub(crate) fn mapped(self, map: impl FnOnce(Router) -> Router) -> Self {
        let router = map(self.router);
        Self { router, ..self }
    }

    /// Another process of the same app.
    pub(crate) fn second_instance(&self, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::build(Arc::clone(&self.provider), &[], TIME_LIMIT, change)
    }

    fn build(
        provider: Arc<TestProvider>,
        resources: &[String],
        timeout: Duration,
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Self {
        let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
            .with_scopes([
                UserScope::Email.as_str(),
                UserScope::CustomData.as_str(),
                UserScope::Organizations.as_str(),
                UserScope::OrganizationRoles.as_str(),
                "read:products",
            ])
            .with_resources([API.to_owned()].iter().chain(resources));
        let web = WebConfig::new(BASE, ["a secret of thirty-two bytes that is not in the manual".into()])
            .with_error_path("/failed");
        let web = change(web);
        let limits = HttpLimits::default().with_timeout(timeout);
        let environment = Environment::new(
            Arc::new(ProviderClock(provider.clock())),
            Arc::new(SystemRandom),
            Arc::new(ReqwestClient::new(limits).unwrap()),
        );
        let logto = Logto::with_environment(config, web, environment).unwrap();
        let gate = Gate::default();
        let router = Router::new()
            .route("/", get(state))
            .route("/slow", get(slow))
            .route("/twice", get(twice))
            .route("/id-token", get(id_token))
            .route("/static", get(|| async { "a file" }))
            .route("/page", get(|| async { axum::response::Html("<p>a page</p>") }))
            .route(
                "/me",
                get(|SignedInUser(claims): SignedInUser| async move { claims.sub.clone() }),
            )
            .route("/claims", get(claims))
            .route("/token", post(token))
            .route("/token-for", get(token_for))
            .route("/clear", post(clear))
            .route("/secret-of-token", get(secret_of_token))
            .route("/late-token", get(late_token))
            .route("/api", get(api))
            .route("/tokens", get(tokens))
            .route("/go", any(start_sign_in))
            .route("/fn/go", get(start_sign_in))
            .route("/welcome", any(start_sign_in))
            .route("/organizations", get(organizations))
            .route("/organization-tokens", get(organization_tokens))
            .route("/who", any(state))
            .route("/open/who", any(state))
            .route("/open/go", any(start_sign_in))
            .route("/fn/delete", get(|| async { "deleted" }))
            .route("/fn/search", get(|| async { "found" }))
            .route("/admin/fn/search", get(|| async { "found in secret" }))
            .route("/open/fn/who", get(state))
            .route(
                "/fn/save",
                post(|body: Body| async { to_bytes(body, usize::MAX).await.map_or("cut off", |_| "saved") }),
            )
            .nest(
                "/v1/fn",
                Router::new()
                    .fallback(|body: Body| async { to_bytes(body, usize::MAX).await.map_or("cut off", |_| "nested") }),
            )
            .merge(logto.routes())
            .layer(logto.layer().with_server_functions(server_functions()))
            .layer(Extension(gate.clone()))
            .with_state(logto.clone());
        Self {
            provider,
            gate,
            logto,
            router,
        }
    }

    /// A browser with no cookies yet.
    pub(crate) fn browser(&self) -> Browser<'_> {
        self.browser_with(BTreeMap::new())
    }

    /// A browser with these cookies, another one's perhaps.
    pub(crate) fn browser_with(&self, cookies: BTreeMap<String, String>) -> Browser<'_> {
        Browser {
            app: self,
            cookies: RefCell::new(cookies),
        }
    }

    /// A browser whose user has signed in.
    pub(crate) async fn signed_in(&self, user: &str) -> Browser<'_> {
        self.provider.sign_in_as(user);
        let browser = self.browser();
        browser.sign_in("/").await;
        browser
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }
}

fn server_functions() -> ServerFunctions {
    let registered = [
        ("/fn/delete", Method::GET),
        ("/fn/search", Method::GET),
        ("/fn/go", Method::GET),
        ("/admin/fn/search", Method::GET),
        ("/open/fn/who", Method::GET),
        ("/fn/save", Method::POST),
    ];
    ServerFunctions::new(registered)
        .allow_get("/fn/search")
        .with_body_limit(100)
}

/// What an app does that starts a sign-in by itself.
async fn start_sign_in(
    session: AuthSession,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Redirect, AuthError> {
    let options = match query.get("to") {
        Some(path) => SignInOptions::new().with_post_redirect(path),
        None => SignInOptions::new(),
    };
    session
        .start_sign_in(options)
        .await
        .map(|url| Redirect::to(url.as_str()))
}

async fn state(session: AuthSession) -> Result<&'static str, AuthError> {
    Ok(session.state().await?.as_str())
}

/// Two parts of a page, each with the session in hand.
async fn twice(session: AuthSession) -> String {
    let part = async |session: AuthSession| {
        session
            .state()
            .await
            .map_or_else(|error| error.code(), |state| state.as_str())
    };
    let (one, other) = tokio::join!(part(session.clone()), part(session));
    format!("{one} {other}")
}

async fn slow(session: AuthSession, Extension(gate): Extension<Gate>) -> Result<&'static str, AuthError> {
    let state = session.state().await?;
    gate.arrived.notify_one();
    gate.open.notified().await;
    Ok(state.as_str())
}

async fn id_token(session: AuthSession) -> Result<String, AuthError> {
    let id_token = session.id_token().await?;
    Ok(id_token.map_or_else(|| "none".to_owned(), |token| token.claims().sub.clone()))
}

async fn claims(session: AuthSession) -> Result<String, AuthError> {
    let context = session.context(ContextOptions::default().with_user_info(true)).await?;
    let theme = context
        .user_info
        .and_then(|info| info.custom_data)
        .map(|data| data["theme"].to_string());
    Ok(format!("{} {}", context.state.as_str(), theme.unwrap_or_default()))
}

async fn token(session: AuthSession) -> impl IntoResponse {
    match session.access_token(TokenTarget::resource(API)).await {
        Ok(issued) => format!(
            "{} {}",
            issued.token.scopes.join(","),
            if issued.refreshed { "refreshed" } else { "kept" }
        ),
        Err(error) => error.code().to_owned(),
    }
}

async fn token_for(session: AuthSession, Query(query): Query<BTreeMap<String, String>>) -> Result<String, AuthError> {
    let mut target = query
        .get("resource")
        .map_or(TokenTarget::USER_INFO, TokenTarget::resource);
    if let Some(id) = query.get("organization") {
        target = target.in_organization(id);
    }
    let issued = if query.contains_key("fresh") {
        session.access_token(target.fresh()).await?
    } else {
        session.access_token(target).await?
    };
    let how = if issued.refreshed { "refreshed" } else { "kept" };
    Ok(format!("{} {how}", issued.token.scopes.join(",")))
}

async fn organizations(session: AuthSession) -> Result<String, AuthError> {
    Ok(session.organizations().await?.join(" "))
}

async fn organization_tokens(session: AuthSession) -> Result<String, AuthError> {
    let tokens = session.organization_tokens().await?;
    let ids: Vec<_> = tokens.into_iter().map(|token| token.organization_id).collect();
    Ok(ids.join(" "))
}

/// Drops one cached token, or all of them.
async fn clear(session: AuthSession, Query(query): Query<BTreeMap<String, String>>) -> Result<(), AuthError> {
    match query.get("organization") {
        Some(id) => {
            let target = TokenTarget::resource(API).in_organization(id);
            session.clear_access_token(target).await
        }
        None => session.clear_all_tokens().await,
    }
}

/// The token itself, as no page may show it.
async fn secret_of_token(session: AuthSession) -> Result<String, AuthError> {
    let issued = session.access_token(TokenTarget::resource(API)).await?;
    Ok(issued.token.secret.expose_secret().to_owned())
}

/// Asks for tokens while the body streams, after the head has gone out.
async fn late_token(session: AuthSession) -> Body {
    Body::from_stream(futures_util::stream::once(async move {
        let saved = session
            .access_token(TokenTarget::resource(API))
            .await
            .map_or_else(|error| error.code(), |_| "saved");
        let rendered = session
            .access_token_ssr(TokenTarget::resource(API))
            .await
            .map_or_else(|error| error.code(), |_| "rendered");
        Ok::<_, std::convert::Infallible>(format!("{saved} {rendered}"))
    }))
}

/// Every token there is, also one for an organization.
async fn tokens(session: AuthSession) -> Result<String, AuthError> {
    session.access_token(TokenTarget::organization("acme")).await?;
    let session = session.session().await?.ok_or(AuthError::NotSignedIn)?;
    let access = session.access_tokens().map(|(_, cached)| &cached.token.secret);
    let tokens = [session.id_token().raw()]
        .into_iter()
        .chain(session.refresh_token())
        .chain(access);
    Ok(tokens.map(ExposeSecret::expose_secret).collect::<Vec<_>>().join(" "))
}

async fn api(State(logto): State<Logto>, bearer: Bearer) -> Result<String, BearerError> {
    let rules = logto_axum::AccessTokenRules::resource(API).with_scope("read:products");
    Ok(logto.authorize(&bearer, &rules).await?.sub)
}

/// Routes of a test's own behind the layer. Nobody signs in here, and there is no provider.
pub(crate) struct Layered(Router);

pub(crate) fn layered(routes: Router) -> Layered {
    layered_at(BASE, routes, |web| web)
}

pub(crate) fn layered_at(base_url: &str, routes: Router, change: impl FnOnce(WebConfig) -> WebConfig) -> Layered {
    let web = change(WebConfig::new(
        base_url,
        ["a secret of these tests, long enough".into()],
    ));
    let logto = Logto::new(LogtoConfig::new("https://tenant.logto.app", "app", "secret"), web).unwrap();
    Layered(routes.layer(logto.layer()))
}

impl Layered {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.0.clone().oneshot(request).await.unwrap()).await
    }
}

/// A browser: it keeps cookies, sends them back, and says where a request comes from.
pub(crate) struct Browser<'a> {
    pub(crate) app: &'a App,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Submits a form of this site.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ");
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        }
        let answer = self.app.send(request).await;
        self.keep_cookies(&answer);
        answer
    }

    /// Does what an answer says about cookies.
    pub(crate) fn keep_cookies(&self, answer: &Answer) {
        let mut jar = self.cookies.borrow_mut();
        for cookie in &answer.cookies {
            let (name, rest) = cookie.split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
        }
    }

    /// Presses the sign-in button and signs in at the provider; returns the callback's address, not
    /// visited yet.
    pub(crate) async fn go_to_provider(&self, return_to: &str) -> String {
        let answer = self.post("/sign-in", &format!("return_to={return_to}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let callback = self.app.provider.authorize(&answer.location()).await;
        callback.strip_prefix(BASE).unwrap().to_owned()
    }

    pub(crate) async fn sign_in(&self, return_to: &str) -> Answer {
        let callback = self.go_to_provider(return_to).await;
        self.get(&callback).await
    }

    pub(crate) fn has(&self, cookie: &str) -> bool {
        self.cookies.borrow().contains_key(cookie)
    }

    pub(crate) fn transactions(&self) -> usize {
        self.cookies
            .borrow()
            .keys()
            .filter(|name| name.starts_with("logto_tx_"))
            .count()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

impl Answer {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let cookies = parts
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            cookies,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}
