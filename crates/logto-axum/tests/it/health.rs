//! `GET /health` and `GET /ready`.

use std::{sync::atomic::Ordering, time::Duration};

use axum::{Router, body::Body};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use logto_testing::{Endpoint, HttpFault, TestProvider};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{app::App, faulty_store::FaultyStore};

async fn get(app: &App, path: &str) -> (StatusCode, String) {
    let router: Router = app.logto.health_routes();
    let response = router
        .oneshot(Request::get(path).body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn ready(app: &App) -> (StatusCode, Value) {
    let (status, body) = get(app, "/ready").await;
    (status, serde_json::from_str(&body).unwrap())
}

async fn app(store: &FaultyStore) -> App {
    App::with(TestProvider::builder().client("app", "secret").start().await, |web| {
        web.with_store(store.clone())
    })
}

fn discoveries(app: &App) -> usize {
    app.provider.requests(Endpoint::Discovery)
}

#[tokio::test]
async fn health_depends_on_nothing() {
    let store = FaultyStore::default();
    let app = app(&store).await;
    store.set_down(true);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    assert_eq!(get(&app, "/health").await, (StatusCode::OK, "ok".to_owned()));
    assert_eq!(discoveries(&app), 0);
}

#[tokio::test]
async fn an_instance_is_ready_when_provider_and_store_have_answered() {
    let app = app(&FaultyStore::default()).await;
    let expected = json!({
        "status": "ready",
        "provider": { "state": "ok", "metadata_age": 0 },
        "store": { "state": "ok" },
    });
    assert_eq!(ready(&app).await, (StatusCode::OK, expected));
}

#[tokio::test]
async fn sessions_in_cookies_need_no_store() {
    let app = App::with(TestProvider::builder().client("app", "secret").start().await, |web| web);
    let (status, body) = ready(&app).await;
    assert_eq!((status, &body["store"]), (StatusCode::OK, &json!({ "state": "none" })));
}

#[tokio::test]
async fn an_outage_of_the_shared_deny_list_makes_the_instance_unready() {
    let store = FaultyStore::default();
    let app = App::with(TestProvider::builder().client("app", "secret").start().await, |web| {
        web.with_deny_list(store.clone())
    });
    assert_eq!(ready(&app).await.0, StatusCode::OK);
    store.set_down(true);
    app.provider.clock().advance(1);
    assert_eq!(ready(&app).await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn an_outage_of_the_store_makes_the_instance_unready_until_it_is_over() {
    let store = FaultyStore::default();
    let app = app(&store).await;
    store.set_down(true);
    let (status, body) = ready(&app).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["status"], "not ready");
    assert_eq!(
        body["store"],
        json!({ "state": "unavailable", "code": "store_unavailable" })
    );
    store.set_down(false);
    app.provider.clock().advance(1);
    assert_eq!(ready(&app).await.0, StatusCode::OK);
}

#[tokio::test]
async fn an_instance_that_has_never_reached_the_provider_is_not_ready() {
    let app = app(&FaultyStore::default()).await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let (status, body) = ready(&app).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let expected = json!({ "state": "unavailable", "code": "provider_unavailable" });
    assert_eq!(body["provider"], expected);
    app.provider.clear_faults();
    app.provider.clock().advance(30);
    assert_eq!(ready(&app).await.0, StatusCode::OK);
}

#[tokio::test]
async fn an_instance_stays_ready_during_a_later_outage_of_the_provider() {
    let app = app(&FaultyStore::default()).await;
    assert_eq!(ready(&app).await.0, StatusCode::OK);
    app.provider.fault(HttpFault::Reset.at(Endpoint::Discovery));
    app.provider.clock().advance(30);
    let (status, body) = ready(&app).await;
    assert_eq!(status, StatusCode::OK);
    let expected = json!({ "state": "unavailable", "code": "provider_unreachable", "metadata_age": 30 });
    assert_eq!(body["provider"], expected);
}

#[tokio::test]
async fn a_flood_of_checks_asks_provider_and_store_once() {
    let store = FaultyStore::default();
    let app = app(&store).await;
    for _ in 0..3 {
        let flood = (0..200).map(|_| ready(&app));
        let answers = futures_util::future::join_all(flood).await;
        assert!(answers.iter().all(|(status, _)| *status == StatusCode::OK));
    }
    assert_eq!(discoveries(&app), 1);
    assert_eq!(store.loads.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_flood_of_checks_that_hang_up_asks_the_provider_once() {
    let app = App::with_long_time_limit(TestProvider::builder().client("app", "secret").start().await, |web| web);
    let held = app.provider.hold(Endpoint::Discovery);
    for _ in 0..50 {
        let cut_off = tokio::time::timeout(Duration::from_millis(1), ready(&app));
        assert!(cut_off.await.is_err());
    }
    held.release();
    assert_eq!(ready(&app).await.0, StatusCode::OK);
    assert_eq!(discoveries(&app), 1);
}

#[tokio::test]
async fn an_instance_that_drains_is_not_ready_but_healthy() {
    let app = app(&FaultyStore::default()).await;
    assert_eq!(ready(&app).await.0, StatusCode::OK);
    app.logto.start_draining();
    let (status, body) = ready(&app).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&body["status"], &body["draining"]),
        (&json!("not ready"), &json!(true))
    );
    assert_eq!(get(&app, "/health").await.0, StatusCode::OK);
}

#[tokio::test]
async fn readiness_has_no_address_name_or_secret() {
    let store = FaultyStore::default();
    let app = app(&store).await;
    store.set_down(true);
    app.provider.fault(HttpFault::Reset.at(Endpoint::Discovery));
    let (_, body) = get(&app, "/ready").await;
    for part in [
        "127.0.0.1",
        "http",
        app.provider.app_id(),
        app.provider.app_secret(),
        "test",
    ] {
        assert!(!body.contains(part), "{part} in {body}");
    }
}
