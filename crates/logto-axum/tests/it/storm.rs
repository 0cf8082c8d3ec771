//! A thousand requests at once on a session whose tokens have expired, with refresh tokens that rotate on every use.

use std::sync::Arc;

use axum::body::Body;
use futures_util::future::join_all;
use http::{Request, header};
use logto::session::store::MemoryStore;
use logto_testing::{Endpoint, RotationRule, TestProvider};

use crate::app::{App, SESSION};

const REQUESTS: usize = 1000;
const HOUR: u64 = 3600;

async fn provider() -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .rotation(RotationRule::EveryUse)
        .start()
        .await
}

/// Sends requests that all carry the same cookie, alternately to the instances.
async fn storm(instances: &[&App], cookie: &str) -> Vec<String> {
    let requests = (0..REQUESTS).map(|number| {
        let request = Request::post("/token")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("{SESSION}={cookie}"))
            .body(Body::empty())
            .unwrap();
        instances[number % instances.len()].send(request)
    });
    join_all(requests).await.into_iter().map(|answer| answer.body).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_instance_refreshes_once_for_a_thousand_requests_and_every_one_has_a_token() {
    let app = App::with(provider().await, |_| {});
    let browser = app.signed_in("ada").await;
    let cookie = browser.cookies.borrow()[SESSION].clone();
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    let bodies = storm(&[&app], &cookie).await;
    assert!(
        bodies.iter().all(|body| body.starts_with("read:products")),
        "{:?}",
        bodies.iter().find(|body| !body.starts_with("read"))
    );
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_one_store_refresh_at_most_once_each_and_sign_nobody_out() {
    let store = Arc::new(MemoryStore::default());
    let first = App::with(provider().await, |web| web.store = Some(store.clone()));
    let second = first.second_instance(|web| web.store = Some(store.clone()));
    let browser = first.signed_in("ada").await;
    let cookie = browser.cookies.borrow()[SESSION].clone();
    for _ in 0..3 {
        first.provider.clock().advance(HOUR + 1);
        first.provider.clear_log();
        let bodies = storm(&[&first, &second], &cookie).await;
        assert!(
            bodies.iter().all(|body| body.starts_with("read:products")),
            "{:?}",
            bodies.iter().find(|body| !body.starts_with("read"))
        );
        assert!((1..=2).contains(&first.provider.requests(Endpoint::Token)));
        // Beyond the window of three seconds: a token that was rotated meanwhile would end the grant.
        first.provider.clock().advance(10);
        assert_eq!(browser.get("/").await.body, "active");
    }
}
