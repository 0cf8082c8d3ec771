//! A thousand requests at once on a session whose tokens have expired.

use std::{collections::BTreeSet, sync::Arc};

use axum::body::Body;
use futures_util::future::join_all;
use http::{Request, StatusCode, header};
use logto::session::store::{MemoryStore, SessionStore};
use logto_testing::{Endpoint, RotationRule, TestProvider};
use tokio::sync::Notify;

use crate::app::{App, Browser, SESSION};

const REQUESTS: usize = 1000;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Seconds before each storm, less than the idle lifetime of a session. After ten days, 70 % of the
/// refresh token's lifetime have passed, so Logto rotates it for a Traditional web app too.
const STORMS: [u64; 2] = [5 * DAY, 5 * DAY];

const RULES: [RotationRule; 2] = [RotationRule::EveryUse, RotationRule::Traditional];

async fn provider(rotation: RotationRule) -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .rotation(rotation)
        .start()
        .await
}

/// Sends requests with the same cookie to the instances in turn; returns the distinct tokens.
async fn storm(instances: &[&App], browser: &Browser<'_>) -> BTreeSet<String> {
    let cookie = browser.cookies.borrow()[SESSION].clone();
    let first_answer = Notify::new();
    let requests = (0..REQUESTS).map(|number| {
        let request = Request::get("/secret-of-token")
            .header(header::COOKIE, format!("{SESSION}={cookie}"))
            .body(Body::empty())
            .unwrap();
        let first_answer = &first_answer;
        async move {
            let answer = instances[number % instances.len()].send(request).await;
            first_answer.notify_one();
            answer
        }
    });
    // The instance that has refreshed the session answers. Another one that waits for it looks again
    // when time passes.
    let clock = instances[0].provider.clock();
    let time = async {
        first_answer.notified().await;
        loop {
            clock.end_sleep_within(1).await;
        }
    };
    let answers = tokio::select! {
        answers = join_all(requests) => answers,
        () = time => unreachable!("time does not end"),
    };
    let bad = answers.iter().find(|answer| answer.status != StatusCode::OK);
    assert!(bad.is_none(), "{bad:?}");
    for answer in &answers {
        browser.keep_cookies(answer);
    }
    answers.into_iter().map(|answer| answer.body).collect()
}

/// The API accepts every token.
async fn assert_valid(app: &App, tokens: &BTreeSet<String>) {
    for token in tokens {
        let request = Request::get("/api")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let answer = app.send(request).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "usr_ada"));
    }
}

/// After the reuse window of three seconds the grant would be revoked if a rotated token had been
/// used, or the wrong one had been kept.
async fn assert_grant_is_valid(browser: &Browser<'_>, app: &App) {
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
}

pub(crate) async fn one_instance(store: Option<Arc<dyn SessionStore>>) {
    for rule in RULES {
        let app = App::with(provider(rule).await, |web| {
            store
                .clone()
                .into_iter()
                .fold(web, logto_axum::WebConfig::with_shared_store)
        });
        let browser = app.signed_in("ada").await;
        for seconds in STORMS {
            app.provider.clock().advance(seconds);
            app.provider.clear_log();
            let tokens = storm(&[&app], &browser).await;
            assert_eq!(app.provider.requests(Endpoint::Token), 1, "{rule:?} after {seconds} s");
            assert_eq!(tokens.len(), 1);
            assert_valid(&app, &tokens).await;
            assert_eq!(browser.post("/token", "").await.body, "read:products kept");
        }
        assert_grant_is_valid(&browser, &app).await;
    }
}

pub(crate) async fn two_instances(store: impl Fn() -> Arc<dyn SessionStore>) {
    for rule in RULES {
        let first = App::with(provider(rule).await, |web| web.with_shared_store(store()));
        let second = first.second_instance(|web| web.with_shared_store(store()));
        let browser = first.signed_in("ada").await;
        for seconds in STORMS {
            first.provider.clock().advance(seconds);
            first.provider.clear_log();
            let tokens = storm(&[&first, &second], &browser).await;
            assert_eq!(
                first.provider.requests(Endpoint::Token),
                1,
                "{rule:?} after {seconds} s"
            );
            assert_eq!(tokens.len(), 1);
            assert_valid(&second, &tokens).await;
            for app in [&first, &second] {
                let other = app.browser_with(browser.cookies.borrow().clone());
                assert_eq!(other.get("/").await.body, "active");
            }
        }
        let at_second = second.browser_with(browser.cookies.borrow().clone());
        assert_grant_is_valid(&at_second, &second).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_instance_refreshes_once_for_a_thousand_requests_with_cookies() {
    one_instance(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_instance_refreshes_once_for_a_thousand_requests_with_a_store() {
    one_instance(Some(Arc::new(MemoryStore::default()))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_one_store_refresh_once_and_keep_the_session() {
    let store = Arc::new(MemoryStore::default());
    two_instances(|| store.clone()).await;
}
