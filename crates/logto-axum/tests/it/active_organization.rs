//! The active organization of a session: the form, the check of membership, and tokens.

use axum::{Router, body::Body, http::header, routing::get};
use http::{Request, StatusCode};
use logto_axum::{AuthSession, Diagnose as _, SessionError, TokenTarget, WebConfig, scope};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, TestProvider, TokenFault};

use crate::{
    app::{App, BASE, Browser},
    cross_site::CROSS_SITE,
    faulty_store::FaultyStore,
};

async fn active(session: AuthSession) -> Result<String, SessionError> {
    Ok(session.active_organization().await?.unwrap_or_else(|| "none".into()))
}

/// The organizations of two tokens: one for the active organization, and one that names none.
async fn tokens(session: AuthSession) -> String {
    let resource = || TokenTarget::resource(DEFAULT_RESOURCE);
    let mut shown = Vec::new();
    for request in [
        TokenTarget::active_organization(),
        resource().in_active_organization(),
        resource().in_active_organization().fresh(),
        resource().into(),
    ] {
        shown.push(match session.access_token(request).await {
            Ok(issued) => issued.target.organization_id.unwrap_or_else(|| "none".into()),
            Err(error) => error.code().to_owned(),
        });
    }
    shown.join(" ")
}

/// Shows the organizations of several tokens. The first two requests for a resource name no
/// organization, and the next two do. The last token is for userinfo.
async fn default_tokens(session: AuthSession) -> Result<String, SessionError> {
    let resource = || TokenTarget::resource(DEFAULT_RESOURCE);
    let mut shown = Vec::new();
    for request in [
        resource().into(),
        resource().fresh(),
        resource().without_active_organization(),
        resource().in_organization("acme").into(),
        TokenTarget::USER_INFO.into(),
    ] {
        let issued = session.access_token(request).await?;
        shown.push(issued.target.organization_id.unwrap_or_else(|| "none".into()));
    }
    Ok(shown.join(" "))
}

/// The scopes of a token for the resource, and whether the requirement is met.
async fn read_products(session: AuthSession) -> Result<String, SessionError> {
    let issued = session.access_token(TokenTarget::resource(DEFAULT_RESOURCE)).await?;
    let required = session.require(scope("read:products")).await;
    let code = required.map_or_else(|error| error.code().to_owned(), |_| "allowed".to_owned());
    Ok(format!("{}: {code}", issued.token.scopes.join(" ")))
}

fn with_routes(app: App) -> App {
    let own = Router::new()
        .route("/active", get(active))
        .route("/active-tokens", get(tokens))
        .route("/default-tokens", get(default_tokens))
        .route("/read-products", get(read_products))
        .layer(app.logto.layer());
    app.map_router(|router| router.merge(own))
}

async fn app(change: impl FnOnce(WebConfig) -> WebConfig) -> App {
    with_routes(App::configured(change).await)
}

async fn switch(browser: &Browser<'_>, id: &str) -> StatusCode {
    let form = format!("organization_id={id}");
    browser.post("/organization", &form).await.status
}

#[tokio::test]
async fn a_form_sets_and_removes_the_active_organization_and_returns_to_the_page() {
    for store in [None, Some(FaultyStore::default())] {
        let put = |web: WebConfig| match &store {
            Some(store) => web.with_store(store.clone()),
            None => web,
        };
        let app = app(put).await;
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get("/active").await.body, "none");
        let answer = browser
            .post("/organization", "organization_id=globex&return_to=/page?tab=1")
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        assert_eq!(answer.location(), format!("{BASE}/page?tab=1"));
        assert_eq!(browser.get("/active").await.body, "globex");
        let other = with_routes(app.second_instance(put));
        let copy = other.browser_with(browser.cookies.borrow().clone());
        assert_eq!(copy.get("/active").await.body, "globex");
        app.provider.clock().advance(3601);
        browser.post("/token", "").await;
        assert_eq!(browser.get("/active").await.body, "globex", "a refresh keeps it");
        assert_eq!(switch(&browser, "").await, StatusCode::SEE_OTHER);
        assert_eq!(browser.get("/active").await.body, "none");
    }
}

#[tokio::test]
async fn another_sign_in_of_the_same_user_keeps_the_active_organization() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    switch(&browser, "globex").await;
    app.provider.sign_in_as("ada");
    browser.sign_in("/").await;
    assert_eq!(browser.get("/active").await.body, "globex");
    app.provider.sign_in_as("bob");
    browser.sign_in("/").await;
    assert_eq!(browser.get("/active").await.body, "none");
}

#[tokio::test]
async fn the_form_never_leads_to_another_site() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let form = "organization_id=acme&return_to=//evil.example";
    assert_eq!(browser.post("/organization", form).await.location(), format!("{BASE}/"));
}

#[tokio::test]
async fn only_token_requests_that_name_the_active_organization_use_it() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let missing = "no_active_organization";
    assert_eq!(
        browser.get("/active-tokens").await.body,
        format!("{missing} {missing} {missing} none"),
        "no request falls back to a token without an organization"
    );
    switch(&browser, "acme").await;
    assert_eq!(browser.get("/active-tokens").await.body, "acme acme acme none");
    switch(&browser, "globex").await;
    assert_eq!(browser.get("/active-tokens").await.body, "globex globex globex none");
}

#[tokio::test]
async fn an_app_may_use_the_active_organization_for_resources_by_default() {
    let app = app(|web| web.with_active_organization_by_default(true)).await;
    let browser = app.signed_in("ada").await;
    let without = "none none none acme none";
    assert_eq!(browser.get("/default-tokens").await.body, without);
    switch(&browser, "globex").await;
    assert_eq!(
        browser.get("/default-tokens").await.body,
        "globex globex none acme none"
    );
    switch(&browser, "").await;
    assert_eq!(browser.get("/default-tokens").await.body, without);
}

/// The user has the permission in one organization and in no other.
#[tokio::test]
async fn requirements_do_not_depend_on_the_active_organization() {
    let app = app(|web| web.with_active_organization_by_default(true)).await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/read-products").await.body, "read:products: allowed");
    switch(&browser, "globex").await;
    assert_eq!(browser.get("/read-products").await.body, ": allowed");
}

#[tokio::test]
async fn an_organization_of_others_cannot_become_active() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    switch(&browser, "acme").await;
    for id in ["initech", "ACME", "acme%00", "acme%2Cglobex", "*"] {
        let answer = browser.post("/organization", &format!("organization_id={id}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{id}");
        assert!(answer.body.contains("not_in_organization"), "{answer:?}");
    }
    assert_eq!(browser.get("/active").await.body, "acme");
}

#[tokio::test]
async fn an_organization_that_the_user_has_just_joined_can_become_active() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    assert_eq!(switch(&browser, "initech").await, StatusCode::FORBIDDEN);
    app.provider
        .update_user("ada", |user| *user = user.clone().with_organization("initech"));
    assert_eq!(switch(&browser, "initech").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/active").await.body, "initech");
}

#[tokio::test]
async fn without_a_refresh_token_the_known_claims_decide() {
    let app = app(|web| web).await;
    app.provider.fault(TokenFault::RefreshTokenMissing);
    let browser = app.signed_in("ada").await;
    assert_eq!(switch(&browser, "initech").await, StatusCode::FORBIDDEN);
    assert_eq!(switch(&browser, "acme").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_unavailable_provider_is_no_reason_to_call_the_user_no_member() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(500).at(Endpoint::Token));
    assert_eq!(switch(&browser, "initech").await, StatusCode::SERVICE_UNAVAILABLE);
}

/// Without the scope, no claim names an organization.
#[tokio::test]
async fn the_switch_needs_the_scope_of_organizations() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = with_routes(App::with_these_scopes(provider, &["roles"]));
    let browser = app.signed_in("ada").await;
    assert_eq!(switch(&browser, "acme").await, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_organization_that_the_user_has_left_is_not_active() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    switch(&browser, "acme").await;
    app.provider
        .update_user("ada", |user| user.memberships.retain(|it| it.organization_id != "acme"));
    app.provider.clock().advance(3601);
    browser.post("/token", "").await;
    assert_eq!(browser.get("/active").await.body, "none");
    assert_eq!(switch(&browser, "acme").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn userinfo_decides_if_the_id_token_names_no_organizations() {
    let builder = TestProvider::builder().client("app", "secret");
    let provider = builder.without_id_token_claims(["organizations"]).start().await;
    let app = with_routes(App::with(provider, |web| web));
    let browser = app.signed_in("ada").await;
    assert_eq!(switch(&browser, "initech").await, StatusCode::FORBIDDEN);
    assert_eq!(switch(&browser, "acme").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/active").await.body, "acme");
    assert!(app.provider.requests(Endpoint::UserInfo) > 0);
}

#[tokio::test]
async fn a_planted_form_cannot_switch_the_organization() {
    let app = app(|web| web.with_open_path("/organization")).await;
    let browser = app.signed_in("ada").await;
    switch(&browser, "acme").await;
    for headers in CROSS_SITE {
        let mut request =
            Request::post("/organization").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let form = Body::from("organization_id=globex");
        let answer = browser.send(request.body(form).unwrap()).await;
        assert!(
            answer.location().contains("cross_site_request"),
            "{headers:?} {answer:?}"
        );
        assert_eq!(browser.get("/active").await.body, "acme", "{headers:?}");
    }
}

#[tokio::test]
async fn a_form_without_the_field_changes_nothing() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    switch(&browser, "acme").await;
    let answer = browser.post("/organization", "return_to=/").await;
    assert!(answer.location().contains("invalid_parameter"), "{answer:?}");
    assert_eq!(browser.get("/active").await.body, "acme");
}

#[tokio::test]
async fn only_a_signed_in_user_has_an_active_organization() {
    let app = app(|web| web).await;
    assert_eq!(switch(&app.browser(), "acme").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_of_the_app_may_have_the_path_of_the_form() {
    let app = App::start().await;
    let page = get(|| async { "the organization" });
    let routes = Router::new().route("/organization", page).merge(app.logto.routes());
    let routes = routes.layer(app.logto.layer());
    let app = app.map_router(|_| routes);
    assert_eq!(app.browser().get("/organization").await.body, "the organization");
}

#[tokio::test]
async fn a_person_who_opens_the_address_of_a_form_is_led_home() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/organization", "/backchannel-logout"] {
        let opened = Request::get(path).header("sec-fetch-dest", "document");
        let answer = browser.send(opened.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.location(), format!("{BASE}/"));
        let by_program = browser.get(path).await;
        assert_eq!(by_program.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(by_program.headers[header::ALLOW], "POST");
    }
}
