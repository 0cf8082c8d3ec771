//! Sessions in real Redis and PostgreSQL servers: concurrent requests, and servers that are killed,
//! hang and return.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use http::StatusCode;
use logto::session::store::{PostgresStore, RedisStore, SessionStore};
use logto_testing::{Endpoint, StoreServer};

use crate::{
    app::{Answer, App, Browser, SESSION},
    fresh_tokens::assert_a_role_shows_on_both,
    leases,
    sign_in::assert_one_instance_finishes,
    stores::{open_page, provider},
    storm,
};

const HOUR: u64 = 3600;

/// The longest wait for a server that has returned to answer again.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The connection string of a running server. Without one the test fails instead of being skipped.
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
async fn two_instances_on_redis_refresh_once_and_keep_the_session() {
    storm::two_instances(|| redis(&address("REDIS_URL"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_postgresql_refresh_once_and_keep_the_session() {
    storm::two_instances(|| postgres(&address("DATABASE_URL"))).await;
}

#[tokio::test]
async fn a_slow_refresh_at_another_instance_on_redis_keeps_the_user_signed_in() {
    leases::stays_signed_in(|web| web.with_shared_store(redis(&address("REDIS_URL")))).await;
}

#[tokio::test]
async fn a_slow_refresh_at_another_instance_on_postgresql_keeps_the_user_signed_in() {
    leases::stays_signed_in(|web| web.with_shared_store(postgres(&address("DATABASE_URL")))).await;
}

#[tokio::test]
async fn a_slow_refresh_keeps_the_user_signed_in_with_cookies_and_a_deny_list_on_redis() {
    leases::stays_signed_in(|web| web.with_shared_deny_list(redis(&address("REDIS_URL")))).await;
}

#[tokio::test]
async fn a_slow_refresh_keeps_the_user_signed_in_with_cookies_and_a_deny_list_on_postgresql() {
    leases::stays_signed_in(|web| web.with_shared_deny_list(postgres(&address("DATABASE_URL")))).await;
}

async fn one_of_two_instances_finishes_a_sign_in(store: impl Fn() -> Arc<dyn SessionStore>) {
    let app = App::with(provider().await, |web| web.with_shared_store(store()));
    let other = app.second_instance(|web| web.with_shared_store(store()));
    assert_one_instance_finishes(&app, &other).await;
}

/// Both instances write in the same second, and thus the same value.
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
async fn a_granted_role_shows_in_fresh_tokens_of_both_instances_on_redis() {
    a_role_shows_on_both_instances(|| redis(&address("REDIS_URL"))).await;
}

#[tokio::test]
async fn a_granted_role_shows_in_fresh_tokens_of_both_instances_on_postgresql() {
    a_role_shows_on_both_instances(|| postgres(&address("DATABASE_URL"))).await;
}

/// Polls until `attempt` succeeds: a server that has returned sends no signal.
async fn eventually(attempt: impl AsyncFn() -> Result<(), String>) {
    let mut last = String::new();
    let polls = async {
        let mut ticks = tokio::time::interval(POLL_INTERVAL);
        loop {
            ticks.tick().await;
            match attempt().await {
                Ok(()) => return,
                Err(error) => last = error,
            }
        }
    };
    let ended = tokio::time::timeout(PATIENCE, polls).await;
    assert!(ended.is_ok(), "after {PATIENCE:?} still {last}");
}

/// Whether the session has this state. Signed out is a failure, not a reason to wait.
async fn has_state(browser: &Browser<'_>, expected: &str) -> Result<(), String> {
    let answer = browser.get("/").await;
    assert_ne!(answer.body, "anonymous", "signed out");
    if answer.body == expected {
        return Ok(());
    }
    Err(format!("{answer:?} instead of {expected}"))
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers.contains_key("retry-after"));
    let session = answer.cookies.iter().any(|cookie| cookie.starts_with(SESSION));
    assert!(!session, "the session cookie does not change");
}

/// Stops and starts the server twice. The user stays signed in, and the app is not restarted.
async fn survives_outages(
    mut server: StoreServer,
    store: fn(&str) -> Arc<dyn SessionStore>,
    stop: fn(&mut StoreServer),
    resume: fn(&mut StoreServer),
) {
    let app = App::with(provider().await, |web| web.with_shared_store(store(&server.url())));
    let browser = app.signed_in("ada").await;
    for _ in 0..2 {
        app.provider.clock().advance(HOUR + 1);
        app.provider.clear_log();
        stop(&mut server);
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
            "a visitor without a session needs no store"
        );
        assert_eq!(
            app.provider.requests(Endpoint::Token),
            0,
            "no refresh while its result cannot be saved"
        );
        resume(&mut server);
        eventually(async || has_state(&browser, "stale").await).await;
        assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
        assert_eq!(open_page(&browser).await.body, "active");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_survives_a_killed_redis() {
    survives_outages(StoreServer::redis(), redis, StoreServer::kill, StoreServer::start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_survives_a_killed_postgresql() {
    survives_outages(StoreServer::postgres(), postgres, StoreServer::kill, StoreServer::start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_survives_a_redis_that_hangs() {
    survives_outages(StoreServer::redis(), redis, |s| s.freeze(), |s| s.thaw()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_survives_a_postgresql_that_hangs() {
    survives_outages(StoreServer::postgres(), postgres, |s| s.freeze(), |s| s.thaw()).await;
}

/// The app starts without a server; a sign-in fails until the server runs.
async fn starts_before_its_server(mut server: StoreServer, store: fn(&str) -> Arc<dyn SessionStore>) {
    server.kill();
    let app = App::with(provider().await, |web| web.with_shared_store(store(&server.url())));
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let failed = browser.sign_in("/").await.location();
    assert!(failed.contains("code=store_unavailable&retry_after=5"), "{failed}");
    server.start();
    eventually(async || {
        let location = browser.sign_in("/").await.location();
        browser.has(SESSION).then_some(()).ok_or(location)
    })
    .await;
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_starts_before_redis_works_once_it_runs() {
    starts_before_its_server(StoreServer::redis(), redis).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_starts_before_postgresql_works_once_it_runs() {
    starts_before_its_server(StoreServer::postgres(), postgres).await;
}

/// The server dies while the provider answers, so the rotated token cannot be saved. The instance
/// retries the save on its own and succeeds once the server is back.
async fn saves_a_refresh_after_an_outage(mut server: StoreServer, store: fn(&str) -> Arc<dyn SessionStore>) {
    let app = App::with_long_time_limit(provider().await, |web| web.with_shared_store(store(&server.url())));
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
    assert_eq!(answer.body, "read:products refreshed", "the caller gets the new token");
    server.start();
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    eventually(async || {
        // Ends the pause before the next retry, if the instance is in one.
        app.provider.clock().end_sleep().now_or_never();
        has_state(&at_other, "active").await
    })
    .await;
    // After the reuse window of three seconds the old refresh token would end the grant.
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(at_other.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_is_saved_after_redis_died_during_it() {
    saves_a_refresh_after_an_outage(StoreServer::redis(), redis).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_is_saved_after_postgresql_died_during_it() {
    saves_a_refresh_after_an_outage(StoreServer::postgres(), postgres).await;
}
