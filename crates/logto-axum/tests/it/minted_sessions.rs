//! Sessions that begin without the app's provider, as tests of apps use them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Path, routing::get};
use http::{Request, StatusCode};
use logto::{
    HttpClient, HttpFuture, RequestError, SystemRandom, UserScope,
    session::store::{MemoryStore, SessionStore},
};
use logto_axum::{
    Acr, Amr, AuthSession, Environment, Logto, LogtoConfig, RequireUser, SessionError, TokenTarget, WebConfig,
    signed_in, testing,
};
use logto_testing::{Browser, Membership, NewSession, TestClock, TestProvider, User};
use serde_json::{Value, json};

use crate::app::{App, BASE};

const API: &str = "https://api.example.com";

/// Counts the requests that would leave the process.
#[derive(Default)]
struct NoNetwork(AtomicUsize);

impl HttpClient for NoNetwork {
    fn send(&self, _: Request<Vec<u8>>) -> HttpFuture<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Err(RequestError::Unreachable) })
    }
}

struct Offline {
    logto: Logto,
    app: Router,
    network: Arc<NoNetwork>,
    clock: TestClock,
}

impl Offline {
    fn app(base_url: &str, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        let config = LogtoConfig::new("https://tenant.logto.app", "app", "secret")
            .with_scopes([
                UserScope::Roles.as_str(),
                UserScope::Organizations.as_str(),
                UserScope::OrganizationRoles.as_str(),
                "read:orders",
                "invite:members",
            ])
            .with_resources([API]);
        let web = WebConfig::new(base_url, ["a secret of these tests, long enough".into()]);
        let (network, clock) = (Arc::new(NoNetwork::default()), TestClock::at(1_700_000_000));
        let environment = Environment::new(testing::clock(&clock), Arc::new(SystemRandom), network.clone());
        let logto = Logto::with_environment(config, change(web), environment).unwrap();
        let routes = Router::new()
            .route("/me", get(me))
            .route(
                "/token",
                get(async |session: AuthSession| token(session, TokenTarget::resource(API)).await),
            )
            .route("/token/{organization}", get(organization_token))
            .route(
                "/other",
                get(async |session: AuthSession| {
                    token(session, TokenTarget::resource("https://other.example.com")).await
                }),
            )
            .route(
                "/step-up",
                get(async |session: AuthSession| {
                    let recently = signed_in().within(Duration::from_secs(300));
                    session.require(recently).await.map(|_| "recently")
                }),
            )
            .route(
                "/second-factor",
                get(async |session: AuthSession| {
                    let user = session.require(signed_in().acr(Acr::Mfa)).await?;
                    let methods: Vec<_> = user.amr().map(Amr::as_str).collect();
                    Ok::<_, SessionError>(methods.join(" "))
                }),
            )
            .merge(logto.routes());
        let path = base_url.splitn(4, '/').nth(3).unwrap_or_default();
        let app = match path {
            "" => routes,
            path => Router::new().nest(&format!("/{path}"), routes),
        };
        Self {
            app: app.layer(logto.layer()),
            logto,
            network,
            clock,
        }
    }

    async fn browser_of(&self, session: impl Into<NewSession>) -> Browser {
        Browser::of(self.app.clone()).signed_in_as(&self.logto, session).await
    }
}

async fn me(user: RequireUser) -> axum::Json<Value> {
    let claims = user.claims();
    let profile = &claims.profile;
    axum::Json(json!({
        "sub": claims.sub,
        "roles": profile.roles,
        "organizations": profile.organizations,
        "organization_roles": profile.organization_roles,
    }))
}

async fn organization_token(Path(id): Path<String>, session: AuthSession) -> Result<String, SessionError> {
    token(session, TokenTarget::organization(id)).await
}

async fn token(session: AuthSession, target: TokenTarget) -> Result<String, SessionError> {
    let issued = session.access_token(target).await?;
    let claims = issued.token.unverified_claims().unwrap();
    assert_eq!(claims.scopes().collect::<Vec<_>>(), issued.token.scopes);
    Ok(claims.scope)
}

fn ada() -> User {
    User::new("ada")
        .with_role("admin")
        .with_permission(API, "read:orders")
        .with_permission(API, "write:orders")
        .with_organization(
            Membership::of("acme")
                .with_role("owner")
                .with_permission("invite:members"),
        )
        .with_organization("globex")
}

#[tokio::test]
async fn a_minted_session_has_the_claims_and_tokens_of_its_user() {
    let offline = Offline::app(BASE, |web| web);
    let browser = offline.browser_of(ada()).await;
    let claims: Value = browser.get("/me").await.json();
    let expected = json!({
        "sub": "usr_ada",
        "roles": ["admin"],
        "organizations": ["acme", "globex"],
        "organization_roles": ["acme:owner"],
    });
    assert_eq!(claims, expected);
    // Only the scopes that the app requests.
    assert_eq!(browser.get("/token").await.body(), "read:orders");
    assert_eq!(browser.get("/token/acme").await.body(), "invite:members");
    assert_eq!(browser.get("/token/globex").await.body(), "");
    assert_eq!(offline.network.0.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_token_that_the_session_does_not_have_is_an_error_without_a_request() {
    let offline = Offline::app(BASE, |web| web);
    let browser = offline.browser_of(ada()).await;
    for path in ["/other", "/token/initech"] {
        let page = browser.get(path).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{path}: {}", page.body());
    }
    assert_eq!(offline.network.0.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_minted_session_says_when_the_user_entered_credentials() {
    let offline = Offline::app(BASE, |web| web);
    let step_up = async |session: NewSession| {
        let page = offline.browser_of(session).await.fetch("/step-up").await;
        page.status().as_u16()
    };
    assert_eq!(step_up(NewSession::of(ada())).await, 401);
    assert_eq!(step_up(NewSession::of(ada()).with_authentication_age(0)).await, 200);
    assert_eq!(step_up(NewSession::of(ada()).with_authentication_age(200)).await, 200);
    assert_eq!(step_up(NewSession::of(ada()).with_authentication_age(600)).await, 401);
}

#[tokio::test]
async fn a_minted_session_says_whether_the_user_has_a_second_factor() {
    let offline = Offline::app(BASE, |web| web);
    let page = offline.browser_of(ada()).await.fetch("/second-factor").await;
    assert_eq!((page.status().as_u16(), page.body()), (401, "step_up_needed"));
    let session = NewSession::of(ada()).with_second_factor();
    let page = offline.browser_of(session.clone()).await.fetch("/second-factor").await;
    assert_eq!((page.status().as_u16(), page.body()), (200, "pwd otp mfa"));
    let old = session.with_authentication_age(600);
    let page = offline.browser_of(old).await.fetch("/step-up").await;
    assert_eq!(page.status().as_u16(), 401);
}

#[tokio::test]
async fn a_browser_without_a_minted_session_is_signed_out() {
    let offline = Offline::app(BASE, |web| web);
    offline.browser_of(ada()).await;
    let page = Browser::of(offline.app.clone()).fetch("/me").await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_minted_session_ends_with_the_lifetimes_of_sessions() {
    let offline = Offline::app(BASE, |web| web);
    let (idle, absolute) = (offline.logto.lifetimes().idle(), offline.logto.lifetimes().absolute());
    let browser = offline.browser_of(ada()).await;
    offline.clock.advance(idle - 1);
    assert_eq!(browser.get("/me").await.status(), StatusCode::OK);
    assert_eq!(browser.get("/token").await.body(), "read:orders");
    offline.clock.advance(absolute - idle - 1);
    assert_eq!(browser.get("/me").await.status(), StatusCode::OK);
    offline.clock.advance(1);
    assert_eq!(browser.get("/me").await.status(), StatusCode::OK);
    offline.clock.advance(1);
    assert!(browser.cookies().is_empty());
    assert_eq!(browser.fetch("/me").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(offline.network.0.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_minted_session_is_in_the_store_of_the_app() {
    let store = Arc::new(MemoryStore::default());
    let shared: Arc<dyn SessionStore> = Arc::<MemoryStore>::clone(&store);
    let offline = Offline::app(BASE, |web| web.with_shared_store(shared));
    let browser = offline.browser_of(ada()).await;
    assert_eq!(browser.get("/token").await.body(), "read:orders");
    assert_eq!(store.delete_by_sub("usr_ada").await.unwrap(), 1);
    assert_eq!(browser.fetch("/me").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_logout_ends_earlier_minted_sessions_and_no_later_one() {
    let app = App::with(TestProvider::builder().client("app", "secret").start().await, |web| web);
    let router = app.router();
    let mint = async || {
        Browser::of(router.clone())
            .signed_in_as(&app.logto, User::new("ada"))
            .await
    };
    let before = mint().await;
    assert_eq!(before.get("/me").await.body(), "usr_ada");
    let token = app.provider.logout_token(Some("usr_ada"), None, |_| {});
    let provider = Browser::of(router.clone());
    let logout = provider
        .fetch("/backchannel-logout")
        .form([("logout_token", token.as_str())]);
    assert_eq!(logout.await.status(), StatusCode::OK);
    assert_eq!(before.fetch("/me").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(mint().await.get("/me").await.body(), "usr_ada");
}

#[tokio::test]
async fn playwright_gets_the_cookies_as_the_app_sets_them() {
    for (base_url, name, path) in [
        ("https://app.example.com", "__Host-logto_app", "/"),
        ("https://app.example.com/shop", "__Secure-logto_app", "/shop"),
        ("http://localhost:3000", "logto_app", "/"),
    ] {
        let offline = Offline::app(base_url, |web| web);
        let browser = offline.browser_of(User::new("ada")).await;
        let page = browser.get(&format!("{}/me", path.trim_end_matches('/'))).await;
        assert_eq!(page.status(), StatusCode::OK, "{base_url}");
        let state = browser.storage_state();
        let is_https = base_url.starts_with("https");
        let expected = json!({
            "name": name,
            "value": browser.cookie(name).unwrap().value(),
            "domain": if is_https { "app.example.com" } else { "localhost" },
            "path": path,
            "expires": offline.clock.now() + offline.logto.lifetimes().idle(),
            "httpOnly": true,
            "secure": is_https,
            "sameSite": "Lax",
        });
        assert_eq!(state, json!({ "cookies": [expected], "origins": [] }));
    }
}

#[tokio::test]
async fn a_minted_session_needs_the_cookie_secret_of_the_app() {
    let offline = Offline::app(BASE, |web| web);
    let other = Offline::app(BASE, |web| {
        web.with_cookie_secrets(["another secret of these tests, long too".into()])
    });
    let browser = Browser::of(offline.app.clone()).signed_in_as(&other.logto, ada()).await;
    assert_eq!(browser.fetch("/me").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
#[should_panic(expected = "the app has not signed in ada")]
async fn a_user_who_may_not_use_the_app_gets_no_session() {
    let mut user = ada();
    user.access_denied = true;
    Offline::app(BASE, |web| web).browser_of(user).await;
}
