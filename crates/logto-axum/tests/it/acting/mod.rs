//! Acting as another user: token exchange, the way back, and the end.

mod begin;
mod end;
mod failures;

use axum::{
    Form, Router,
    body::Body,
    extract::{Query, State},
    routing::{get, post},
};
use http::StatusCode;
use logto_axum::{
    AuthSession, Diagnose as _, ExposeSecret as _, ManagementClient, RequireUser, SessionError, TokenTarget, WebConfig,
    role,
};
use logto_testing::{
    CapturedLogs, DEFAULT_RESOURCE, Endpoint, HttpFault, LoggedRequest, MachineApp, TestProvider, TestProviderBuilder,
    TokenFault, User,
};
use serde::Deserialize;

use crate::{
    app::{App, Browser},
    faulty_store::FaultyStore,
};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

#[derive(Deserialize)]
struct Act {
    user: String,
    token: String,
}

async fn act(session: AuthSession, Form(form): Form<Act>) -> Result<String, SessionError> {
    let acting = session.act_as(&form.user, form.token).await?;
    Ok(format!("{acting:?}"))
}

/// The other user: name and time.
async fn shown(session: AuthSession) -> Result<String, SessionError> {
    let acting = session.acting_as().await?;
    Ok(acting.map_or_else(
        || "nobody".to_owned(),
        |acting| {
            let name = acting.name.as_deref().unwrap_or("no name");
            format!("{name} until {}", acting.until.as_secs())
        },
    ))
}

/// The user that the page has shown.
#[derive(Default, Deserialize)]
struct Shown {
    user: Option<String>,
    scope: Option<String>,
}

/// The claims of a token for the API, as the other user: `sub`, `act` and the scopes. The page
/// shows the present user unless the request names one.
async fn token(session: AuthSession, Query(shown): Query<Shown>) -> Result<String, SessionError> {
    let present = session.acting_as().await?.map(|acting| acting.user_id);
    let user = shown.user.or(present).unwrap_or_default();
    let scopes = shown.scope.unwrap_or_else(|| "read:products write:products".to_owned());
    let target = TokenTarget::resource(DEFAULT_RESOURCE);
    let issued = session.access_token_as(&user, target, scopes.split(' ')).await?;
    let claims = issued.claims().unwrap();
    let actor = claims.act.unwrap();
    assert!(actor.act.is_none(), "no chain");
    Ok(format!("{} by {}: {}", claims.sub, actor.sub, claims.scope))
}

async fn stop(session: AuthSession) -> Result<(), SessionError> {
    session.stop_acting().await
}

/// Tries everything while the body streams.
async fn late(session: AuthSession) -> Body {
    Body::from_stream(futures_util::stream::once(async move {
        let code = |error: SessionError| error.code();
        let acted = session.act_as("other", "sub_token").await;
        let stopped = session.stop_acting().await;
        let issued = token(session.clone(), Query(Shown::default())).await;
        let shown = shown(session).await.unwrap();
        let (acted, stopped) = (
            acted.map_or_else(code, |_| "acted"),
            stopped.map_or_else(code, |()| "stopped"),
        );
        Ok::<_, std::convert::Infallible>(format!(
            "{acted} {stopped} {} {shown}",
            issued.map_or_else(code, |_| "issued")
        ))
    }))
}

/// A page of the user's own: the session is not that of the other user.
async fn own(user: RequireUser, session: AuthSession) -> Result<String, SessionError> {
    let own = session.access_token(TokenTarget::resource(DEFAULT_RESOURCE)).await?;
    let is_admin = session.require(role("admin")).await.is_ok();
    let account = session.account().await?.account().await?;
    let claims = own.claims().unwrap();
    assert!(claims.act.is_none());
    Ok(format!(
        "{} {} {} {is_admin}",
        user.id() == claims.sub,
        user.name().unwrap(),
        account.name.unwrap(),
    ))
}

fn with_routes(app: App) -> App {
    let own = Router::new()
        .route("/act-as", post(act))
        .route("/acting", get(shown))
        .route("/token-as", get(token))
        .route("/stop", post(stop))
        .route("/late", get(late))
        .route("/own", get(own))
        .layer(app.logto.layer());
    app.map_router(|router| router.merge(own))
}

/// Ada is an administrator, and Bob may only read products.
fn provider() -> TestProviderBuilder {
    let ada = User::new("ada")
        .with_name("Ada Lovelace")
        .with_role("admin")
        .with_permission(DEFAULT_RESOURCE, "read:products");
    let bob = User::new("bob").with_name("Bob Reader");
    TestProvider::builder()
        .client("app", "secret")
        .token_exchange()
        .user(ada)
        .user(bob.with_permission(DEFAULT_RESOURCE, "read:products"))
        .user(User::new("carol"))
}

async fn app(change: impl FnOnce(WebConfig) -> WebConfig) -> App {
    with_routes(App::with_scopes(provider().start().await, &["roles"], &[], change))
}

/// One configuration with cookies, one with a store.
fn stores() -> [Option<FaultyStore>; 2] {
    [None, Some(FaultyStore::default())]
}

fn put(store: Option<&FaultyStore>) -> impl Fn(WebConfig) -> WebConfig {
    move |web| match store {
        Some(store) => web.with_store(store.clone()),
        None => web,
    }
}

fn id(app: &App, user: &str) -> String {
    app.provider.user(user).id
}

async fn try_act(browser: &Browser<'_>, user: &str, token: &str) -> (StatusCode, String) {
    let answer = browser.post("/act-as", &format!("user={user}&token={token}")).await;
    (answer.status, answer.body)
}

async fn act_as(browser: &Browser<'_>, user: &str) {
    let token = browser.app.provider.subject_token(user);
    let answer = try_act(browser, &id(browser.app, user), &token).await;
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
}

async fn acting(browser: &Browser<'_>) -> String {
    browser.get("/acting").await.body
}

fn logged(app: &App, endpoint: Endpoint) -> Vec<LoggedRequest> {
    let log = app.provider.log().into_iter();
    log.filter(|request| request.endpoint == endpoint).collect()
}

fn exchanges(app: &App) -> Vec<LoggedRequest> {
    let requests = logged(app, Endpoint::Token).into_iter();
    requests
        .filter(|request| request.grant_type() == Some(EXCHANGE))
        .collect()
}

/// Asserts that the session keeps no other user.
async fn assert_not_acting(browser: &Browser<'_>) {
    assert_eq!(acting(browser).await, "nobody");
    let answer = browser.get("/token-as").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::FORBIDDEN, "not_acting")
    );
}
