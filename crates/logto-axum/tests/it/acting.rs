//! Acting as another user: token exchange, the way back, and the end.

use axum::{
    Form, Router,
    body::Body,
    extract::State,
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

/// The claims of a token for the API, as the other user: `sub`, `act` and the scopes.
async fn token(session: AuthSession) -> Result<String, SessionError> {
    let scopes = ["read:products", "write:products"];
    let issued = session
        .access_token_as(TokenTarget::resource(DEFAULT_RESOURCE), scopes)
        .await?;
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
        let issued = token(session.clone()).await;
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

/// Fails unless nothing is saved.
async fn assert_not_acting(browser: &Browser<'_>) {
    assert_eq!(acting(browser).await, "nobody");
    let answer = browser.get("/token-as").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::FORBIDDEN, "not_acting")
    );
}

#[tokio::test]
async fn a_user_acts_as_another_one_and_stops() {
    for store in stores() {
        let put = put(store.as_ref());
        let app = app(&put).await;
        let browser = app.signed_in("ada").await;
        assert_not_acting(&browser).await;
        act_as(&browser, "bob").await;
        let until = app.provider.clock().now() + 3600;
        assert_eq!(acting(&browser).await, format!("Bob Reader until {until}"));
        let (ada, bob) = (id(&app, "ada"), id(&app, "bob"));
        let wanted = format!("{bob} by {ada}: read:products");
        assert_eq!(browser.get("/token-as").await.body, wanted);
        let other = with_routes(app.second_instance(&put));
        let copy = other.browser_with(browser.cookies.borrow().clone());
        assert_eq!(copy.get("/token-as").await.body, wanted, "in another process");
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
        assert_not_acting(&browser).await;
        assert_eq!(browser.get("/own").await.body, "true Ada Lovelace Ada Lovelace true");
    }
}

/// The kept token is the subject of the second exchange, and the user's own token is the actor of
/// both.
#[tokio::test]
async fn each_exchange_names_the_user_of_the_session_as_the_actor() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    browser.get("/token-as").await;
    let exchanges = exchanges(&app);
    let values = |name| exchanges.iter().map(move |request| request.params.get(name));
    let types: Vec<_> = values("subject_token_type").collect();
    let impersonation = Some("urn:logto:token-type:impersonation_token");
    assert_eq!(
        types,
        [impersonation, Some("urn:ietf:params:oauth:token-type:access_token")]
    );
    let actors: Vec<_> = values("actor_token").collect();
    assert!(actors[0].is_some() && actors[0] == actors[1]);
    assert_eq!(exchanges[0].scope(), Some("email openid profile"));
    assert_eq!(exchanges[1].scope(), Some("read:products write:products"));
}

#[tokio::test]
async fn the_session_stays_that_of_its_own_user() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let before = (browser.get("/own").await.body, browser.get("/claims").await.body);
    assert_eq!(before.0, "true Ada Lovelace Ada Lovelace true");
    act_as(&browser, "bob").await;
    let after = (browser.get("/own").await.body, browser.get("/claims").await.body);
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_user_who_acts_already_acts_as_the_new_one() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    act_as(&browser, "carol").await;
    assert!(acting(&browser).await.starts_with("carol until"));
    assert_eq!(logged(&app, Endpoint::Revocation).len(), 1, "Bob's token is revoked");
    let wanted = format!("{} by {}: ", id(&app, "carol"), id(&app, "ada"));
    assert_eq!(browser.get("/token-as").await.body, wanted);
}

#[tokio::test]
async fn a_subject_token_of_another_user_is_refused_and_nothing_is_saved() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        let token = app.provider.subject_token("carol");
        let answer = try_act(&browser, &id(&app, "bob"), &token).await;
        assert_eq!(answer, (StatusCode::FORBIDDEN, "subject_token_mismatch".into()));
        assert_not_acting(&browser).await;
        assert_eq!(logged(&app, Endpoint::Revocation).len(), 1, "the token is revoked");
    }
}

/// The user keeps acting as the user before.
#[tokio::test]
async fn a_failed_exchange_changes_nothing() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    let token = app.provider.subject_token("carol");
    try_act(&browser, &id(&app, "bob"), &token).await;
    assert!(acting(&browser).await.starts_with("Bob Reader until"));
    assert!(browser.get("/token-as").await.body.starts_with(&id(&app, "bob")));
}

#[tokio::test]
async fn a_subject_token_that_is_used_expired_or_unknown_is_refused() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let bob = id(&app, "bob");
    let used = app.provider.subject_token("bob");
    try_act(&browser, &bob, &used).await;
    browser.post("/stop", "").await;
    let expired = app.provider.subject_token("bob");
    app.provider.clock().advance(601);
    let suspended = app.provider.subject_token("carol");
    app.provider.update_user("carol", |user| user.suspended = true);
    let carol = id(&app, "carol");
    for (user, token) in [
        (&bob, used.as_str()),
        (&bob, &expired),
        (&bob, "sub_unknown"),
        (&bob, ""),
        (&carol, &suspended),
    ] {
        let answer = try_act(&browser, user, token).await;
        assert_eq!(
            answer,
            (StatusCode::FORBIDDEN, "subject_token_rejected".into()),
            "{token}"
        );
        assert_not_acting(&browser).await;
    }
}

#[tokio::test]
async fn an_app_that_may_not_exchange_tokens_gets_advice() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = with_routes(App::with(provider, |web| web));
    let browser = app.signed_in("ada").await;
    let token = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &token).await;
    assert_eq!(answer, (StatusCode::INTERNAL_SERVER_ERROR, "grant_not_allowed".into()));
    let advice = SessionError::Exchange(logto_axum::GrantError::NotAllowed).to_string();
    assert!(advice.contains("Allow token exchange"), "{advice}");
    assert_not_acting(&browser).await;
}

#[tokio::test]
async fn acting_as_oneself_is_refused_without_a_request() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let token = app.provider.subject_token("ada");
    let answer = try_act(&browser, &id(&app, "ada"), &token).await;
    assert_eq!(answer, (StatusCode::BAD_REQUEST, "acting_as_self".into()));
    assert!(exchanges(&app).is_empty());
    assert_not_acting(&browser).await;
}

#[tokio::test]
async fn a_visitor_cannot_act() {
    let app = app(|web| web).await;
    let browser = app.browser();
    let token = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &token).await;
    assert_eq!(answer, (StatusCode::UNAUTHORIZED, "not_signed_in".into()));
    assert_eq!(acting(&browser).await, "nobody");
    assert_eq!(browser.get("/token-as").await.body, "not_signed_in");
    assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn acting_ends_when_the_exchanged_token_expires() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(600);
        act_as(&browser, "bob").await;
        app.provider.clock().advance(3599);
        assert!(acting(&browser).await.starts_with("Bob Reader until"));
        app.provider.clock().advance(1);
        assert_eq!(
            browser.get("/own").await.status,
            StatusCode::OK,
            "the session continues"
        );
        assert_not_acting(&browser).await;
        app.provider.clear_log();
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
        assert!(
            logged(&app, Endpoint::Revocation).is_empty(),
            "an expired token is not revoked"
        );
    }
}

#[tokio::test]
async fn acting_survives_a_refresh() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(3000);
        act_as(&browser, "bob").await;
        app.provider.clock().advance(601);
        assert!(browser.post("/token", "").await.body.ends_with("refreshed"));
        assert!(acting(&browser).await.starts_with("Bob Reader until"));
        assert!(browser.get("/token-as").await.body.starts_with(&id(&app, "bob")));
    }
}

#[tokio::test]
async fn acting_ends_with_a_sign_out_and_the_token_is_revoked() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        act_as(&browser, "bob").await;
        browser.post("/sign-out", "").await;
        let hints: Vec<_> = logged(&app, Endpoint::Revocation)
            .iter()
            .map(|request| request.params.get("token_type_hint").unwrap().to_owned())
            .collect();
        assert_eq!(hints, ["refresh_token", "access_token"]);
        app.provider.sign_in_as("ada");
        browser.sign_in("/").await;
        assert_not_acting(&browser).await;
    }
}

#[tokio::test]
async fn another_sign_in_begins_without_acting() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.sign_in_as("ada");
    browser.sign_in("/").await;
    assert_not_acting(&browser).await;
}

#[tokio::test]
async fn acting_ends_with_the_grant() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(3000);
        act_as(&browser, "bob").await;
        app.provider.revoke_grants("ada");
        app.provider.clock().advance(601);
        browser.post("/token", "").await;
        assert_eq!(acting(&browser).await, "nobody");
        assert_eq!(browser.get("/token-as").await.body, "sign_in_needed");
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
    }
}

/// An administrator of Logto can end it.
#[tokio::test]
async fn a_revoked_or_suspended_user_yields_no_token() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.update_user("bob", |user| user.suspended = true);
    let answer = browser.get("/token-as").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::FORBIDDEN, "subject_token_rejected")
    );
    app.provider.update_user("bob", |user| user.suspended = false);
    app.provider.revoke_grants("bob");
    assert_eq!(browser.get("/token-as").await.body, "subject_token_rejected");
    assert_eq!(browser.get("/own").await.status, StatusCode::OK);
}

#[tokio::test]
async fn stopping_twice_revokes_the_token_once() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    for _ in 0..2 {
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
    }
    assert_eq!(logged(&app, Endpoint::Revocation).len(), 1);
    assert_eq!(
        browser.get("/own").await.status,
        StatusCode::OK,
        "the own grant is alive"
    );
}

/// An outage must not keep the user in the other role.
#[tokio::test]
async fn acting_stops_even_if_the_token_cannot_be_revoked() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.fault(HttpFault::Status(500).at(Endpoint::Revocation));
    let (logs, _guard) = CapturedLogs::of_this_thread();
    assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
    assert!(logs.text().contains("could not be revoked"), "{}", logs.text());
    assert_not_acting(&browser).await;
}

#[tokio::test]
async fn an_outage_of_the_provider_is_transient_and_saves_nothing() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    for fault in [
        HttpFault::Status(503).at(Endpoint::Token),
        HttpFault::Status(503).at(Endpoint::UserInfo),
    ] {
        app.provider.fault(fault.clone());
        let token = app.provider.subject_token("bob");
        let (status, _) = try_act(&browser, &id(&app, "bob"), &token).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{fault:?}");
        app.provider.clear_faults();
        assert_not_acting(&browser).await;
    }
    act_as(&browser, "bob").await;
    app.provider.fault(TokenFault::Error(400, "invalid_target"));
    assert_eq!(browser.get("/token-as").await.body, "invalid_target");
    app.provider.clear_faults();
    assert!(acting(&browser).await.starts_with("Bob Reader until"));
}

#[tokio::test]
async fn showing_the_other_user_sends_no_request() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.clear_log();
    acting(&browser).await;
    assert!(app.provider.log().is_empty());
}

/// A cookie can no longer be set, but a token for an API needs none.
#[tokio::test]
async fn acting_cannot_change_while_the_body_streams() {
    for (store, changed) in stores().into_iter().zip([
        "response_started response_started issued Bob Reader",
        "subject_token_rejected stopped not_acting nobody",
    ]) {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        act_as(&browser, "bob").await;
        let body = browser.get("/late").await.body;
        assert!(body.starts_with(changed), "{body}");
    }
}

#[tokio::test]
async fn the_exchanged_token_reaches_neither_pages_nor_logs() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let subject = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &subject).await;
    assert!(answer.1.contains(&id(&app, "bob")), "{}", answer.1);
    browser.get("/token-as").await;
    let kept = exchanges(&app)[1].params.get("subject_token").unwrap().to_owned();
    browser.post("/stop", "").await;
    for token in [&subject, &kept] {
        assert!(!answer.1.contains(token.as_str()) && !logs.text().contains(token.as_str()));
        let cookies = browser.cookies.borrow();
        assert!(cookies.values().all(|cookie| !cookie.contains(token.as_str())));
    }
}

/// The flow of the documentation: the app checks the role of the agent and creates the subject
/// token itself.
#[tokio::test]
async fn only_users_with_the_role_of_the_app_act_through_the_management_api() {
    async fn support(
        session: AuthSession,
        State(management): State<ManagementClient>,
        user: String,
    ) -> Result<String, SessionError> {
        session.require(role("admin")).await?;
        let subject = management.create_subject_token(&user).await.unwrap();
        assert!(subject.secret.expose_secret().starts_with("sub_"));
        let acting = session.act_as(&user, subject.secret).await?;
        Ok(acting.user_id)
    }
    let machine = MachineApp::new("support", "a secret").with_management_api();
    let app = with_routes(App::with_scopes(
        provider().machine_app(machine).start().await,
        &["roles"],
        &[],
        |web| web,
    ));
    let management = app.logto.client().machine("support", "a secret").management();
    let routes = Router::new()
        .route("/support", post(support))
        .layer(app.logto.layer())
        .with_state(management);
    let app = app.map_router(|router| router.merge(routes));
    let carol = id(&app, "carol");
    let browser = app.signed_in("bob").await;
    assert_eq!(browser.post("/support", &carol).await.status, StatusCode::FORBIDDEN);
    assert_not_acting(&browser).await;
    assert_eq!(app.provider.requests(Endpoint::Management), 0);
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.post("/support", &carol).await.body, carol);
    let wanted = format!("{carol} by {}: ", id(&app, "ada"));
    assert_eq!(browser.get("/token-as").await.body, wanted);
}
