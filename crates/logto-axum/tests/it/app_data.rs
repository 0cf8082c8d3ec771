//! Data of the app in the session.

use axum::body::Body;
use axum::{
    Router,
    routing::{delete, get, post},
};
use http::{Request, StatusCode};
use logto_axum::{AuthSession, Diagnose as _, SessionError, WebConfig};

use crate::{app::App, faulty_store::FaultyStore};

async fn read(session: AuthSession) -> Result<String, SessionError> {
    let Some(user) = session.user().await? else {
        return Ok("signed out".into());
    };
    Ok(user.data::<String>()?.unwrap_or_else(|| "none".into()))
}

async fn read_number(session: AuthSession) -> String {
    let user = session.user().await.unwrap().unwrap();
    match user.data::<u64>() {
        Ok(number) => format!("{number:?}"),
        Err(error) => error.code().to_owned(),
    }
}

async fn set(session: AuthSession, data: String) -> Result<(), SessionError> {
    session.set_data(&data).await
}

async fn remove(session: AuthSession) -> Result<String, SessionError> {
    session.set_data(&()).await?;
    read(session).await
}

pub(crate) fn with_routes(app: App) -> App {
    let own = Router::new()
        .route("/data", delete(remove))
        .route("/data", get(read))
        .route("/data", post(set))
        .route("/number", get(read_number))
        .layer(app.logto.layer());
    app.map_router(|router| router.merge(own))
}

#[tokio::test]
async fn app_data_lasts_as_long_as_the_session() {
    for store in [None, Some(FaultyStore::default())] {
        let put = |web: WebConfig| match &store {
            Some(store) => web.with_store(store.clone()),
            None => web,
        };
        let app = with_routes(App::configured(put).await);
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get("/data").await.body, "none");
        assert_eq!(browser.post("/data", "account 7").await.status, StatusCode::OK);
        assert_eq!(browser.get("/data").await.body, "account 7");
        app.provider.clock().advance(3601);
        assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
        let other = with_routes(app.second_instance(put));
        let copy = other.browser_with(browser.cookies.borrow().clone());
        assert_eq!(copy.get("/data").await.body, "account 7");
        app.provider.sign_in_as("ada");
        browser.sign_in("/").await;
        assert_eq!(browser.get("/data").await.body, "account 7", "the same user keeps it");
        app.provider.sign_in_as("bob");
        browser.sign_in("/").await;
        assert_eq!(browser.get("/data").await.body, "none");
    }
}

#[tokio::test]
async fn null_removes_app_data_at_once() {
    let app = with_routes(App::start().await);
    let browser = app.signed_in("ada").await;
    browser.post("/data", "account 7").await;
    let request = Request::delete("/data").header("sec-fetch-site", "same-origin");
    let answer = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.body, "none");
    assert_eq!(browser.get("/data").await.body, "none");
}

#[tokio::test]
async fn app_data_above_512_bytes_is_rejected_and_leaves_the_session_as_it_was() {
    let app = with_routes(App::start().await);
    let browser = app.signed_in("ada").await;
    browser.post("/data", "account 7").await;
    let answer = browser.post("/data", &"x".repeat(511)).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("app_data_invalid"), "{answer:?}");
    assert_eq!(browser.get("/data").await.body, "account 7");
    let fits = "x".repeat(510);
    browser.post("/data", &fits).await;
    assert_eq!(browser.get("/data").await.body, fits);
}

#[tokio::test]
async fn app_data_of_another_type_is_an_error_and_not_a_default() {
    let app = with_routes(App::start().await);
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/number").await.body, "None");
    browser.post("/data", "account 7").await;
    assert_eq!(browser.get("/number").await.body, "unexpected_app_data");
}

#[tokio::test]
async fn app_data_needs_a_session() {
    let app = with_routes(App::start().await);
    assert_eq!(app.browser().post("/data", "x").await.status, StatusCode::UNAUTHORIZED);
}
