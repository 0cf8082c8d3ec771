//! The same on Redis and PostgreSQL, the real servers: storms, and servers that die, hang and come
//! back.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use logto::session::{
    SessionStore,
    store::{PostgresStore, RedisStore},
};
use logto_testing::{Endpoint, StoreServer};

use crate::{
    app::{Answer, App, Browser, SESSION},
    fresh_tokens::assert_a_role_shows_on_both,
    sign_in::assert_one_finishes_a_sign_in,
    stores::{open_page, provider},
    storm,
};

const HOUR: u64 = 3600;

/// The connection string of a running server. A test that has none fails: it is never passed over.
fn address(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("set {variable} to a test server, or run script/test, which starts one"))
}

fn redis(address: &str) -> Arc<dyn SessionStore> {
    Arc::new(RedisStore::new(address, "test").unwrap())
}

fn postgres(address: &str) -> Arc<dyn SessionStore> {
    Arc::new(PostgresStore::new(address, "test").unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_instance_on_redis_refreshes_once_for_a_thousand_requests() {
    storm::one_instance(Some(redis(&address("REDIS_URL")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_instance_on_postgresql_refreshes_once_for_a_thousand_requests() {
    storm::one_instance(Some(postgres(&address("DATABASE_URL")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_redis_refresh_at_most_once_each_and_sign_nobody_out() {
    storm::two_instances(|| redis(&address("REDIS_URL"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_postgresql_refresh_at_most_once_each_and_sign_nobody_out() {
    storm::two_instances(|| postgres(&address("DATABASE_URL"))).await;
}

async fn one_of_two_instances_finishes_a_sign_in(store: impl Fn() -> Arc<dyn SessionStore>) {
    let app = App::with(provider().await, |web| web.with_shared_store(store()));
    let other = app.second_instance(|web| web.with_shared_store(store()));
    assert_one_finishes_a_sign_in(&app, &other).await;
}

/// In the same second too, when both write the same note.
#[tokio::test]
async fn rejects_a_callback_that_another_instance_on_redis_is_finishing() {
    one_of_two_instances_finishes_a_sign_in(|| redis(&address("REDIS_URL"))).await;
}

#[tokio::test]
async fn rejects_a_callback_that_another_instance_on_postgresql_is_finishing() {
    one_of_two_instances_finishes_a_sign_in(|| postgres(&address("DATABASE_URL"))).await;
}

async fn a_role_shows_on_both_instances(store: impl Fn() -> Arc<dyn SessionStore>) {
    let app = App::with(provider().await, |web| web.with_shared_store(store()));
    let other = app.second_instance(|web| web.with_shared_store(store()));
    assert_a_role_shows_on_both(&app, &other).await;
}

#[tokio::test]
async fn a_role_that_was_granted_shows_in_a_fresh_token_on_both_instances_on_redis() {
    a_role_shows_on_both_instances(|| redis(&address("REDIS_URL"))).await;
}

#[tokio::test]
async fn a_role_that_was_granted_shows_in_a_fresh_token_on_both_instances_on_postgresql() {
    a_role_shows_on_both_instances(|| postgres(&address("DATABASE_URL"))).await;
}

/// Asks again until the answer is what it should be: a server takes its time to come back.
async fn until_body(browser: &Browser<'_>, path: &str, body: &str) {
    let mut last = None;
    for _ in 0..300 {
        let answer = browser.get(path).await;
        if answer.body == body {
            return;
        }
        assert_ne!(answer.body, "anonymous", "signed out");
        last = Some(answer);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} is {last:?} and not {body}");
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers.contains_key("retry-after"));
    let session = answer.cookies.iter().any(|cookie| cookie.starts_with(SESSION));
    assert!(!session, "the session's cookie stays as it is");
}

/// The server goes and comes back, twice: nobody is signed out, and nothing is restarted but the
/// server.
async fn outage(
    mut server: StoreServer,
    store: fn(&str) -> Arc<dyn SessionStore>,
    go: fn(&mut StoreServer),
    come_back: fn(&mut StoreServer),
) {
    let app = App::with(provider().await, |web| web.with_shared_store(store(&server.url())));
    let browser = app.signed_in("ada").await;
    for _ in 0..2 {
        app.provider.clock().advance(HOUR + 1);
        app.provider.clear_log();
        go(&mut server);
        let answers = tokio::join!(
            open_page(&browser),
            browser.get("/me"),
            browser.post("/token", ""),
            browser.post("/sign-out", "")
        );
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            assert_unavailable(&answer);
        }
        assert_eq!(browser.get("/static").await.status, StatusCode::OK);
        assert_eq!(
            app.browser().get("/").await.body,
            "anonymous",
            "a visitor needs no store"
        );
        assert_eq!(
            app.provider.requests(Endpoint::Token),
            0,
            "what cannot be saved is not refreshed"
        );
        come_back(&mut server);
        until_body(&browser, "/", "stale").await;
        assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
        assert_eq!(open_page(&browser).await.body, "active");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_killed_and_returns() {
    outage(StoreServer::redis(), redis, StoreServer::kill, StoreServer::start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_is_killed_and_returns() {
    outage(StoreServer::postgres(), postgres, StoreServer::kill, StoreServer::start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_hangs_and_goes_on() {
    outage(StoreServer::redis(), redis, |s| s.freeze(), |s| s.thaw()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_hangs_and_goes_on() {
    outage(StoreServer::postgres(), postgres, |s| s.freeze(), |s| s.thaw()).await;
}

/// The server is not there when the app starts, and the first sign-in waits for it.
async fn late(mut server: StoreServer, store: fn(&str) -> Arc<dyn SessionStore>) {
    server.kill();
    let app = App::with(provider().await, |web| web.with_shared_store(store(&server.url())));
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let failed = browser.sign_in("/").await.location();
    assert!(failed.contains("code=store_unavailable&retry_after=5"), "{failed}");
    server.start();
    for _ in 0..300 {
        browser.sign_in("/").await;
        if browser.has(SESSION) {
            return assert_eq!(browser.get("/").await.body, "active");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody can sign in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_starts_before_redis_works_when_it_is_there() {
    late(StoreServer::redis(), redis).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_starts_before_postgresql_works_when_it_is_there() {
    late(StoreServer::postgres(), postgres).await;
}

/// The server dies while the provider is at work: the rotated token cannot be saved yet. It is, as
/// soon as the server is back, without another request to the instance that has it.
async fn dies_during_a_refresh(mut server: StoreServer, store: fn(&str) -> Arc<dyn SessionStore>) {
    let app = App::patient(provider().await, |web| web.with_shared_store(store(&server.url())));
    let other = app.second_instance(|web| web.with_shared_store(store(&server.url())));
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    let gate = app.provider.hold(Endpoint::Token);
    let meanwhile = async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        server.kill();
        gate.release();
    };
    let (answer, ()) = tokio::join!(browser.post("/token", ""), meanwhile);
    assert_eq!(answer.body, "read:products refreshed", "the token is good all the same");
    server.start();
    let elsewhere = other.browser_with(browser.cookies.borrow().clone());
    until_body(&elsewhere, "/", "active").await;
    // Beyond the window of three seconds the token from before would end the grant.
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(elsewhere.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_during_which_redis_dies_is_saved_when_it_is_back() {
    dies_during_a_refresh(StoreServer::redis(), redis).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_during_which_postgresql_dies_is_saved_when_it_is_back() {
    dies_during_a_refresh(StoreServer::postgres(), postgres).await;
}
