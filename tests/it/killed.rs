//! Kills the app during sign-ins and refreshes. Every acknowledged session survives.

use std::{sync::Mutex, time::Duration};

use futures_util::{StreamExt as _, stream};
use logto_testing::{Endpoint, Lifetimes, RotationRule, SigningAlgorithm, StoreServer, TestProvider};

use crate::process::{AppProcess, Browser};

/// Each of them is followed by a refresh.
const SIGN_INS: usize = 500;
const CONCURRENCY: usize = 20;

/// The numbers of acknowledged sign-ins at which the app is killed.
const KILLS: [usize; 3] = [100, 225, 350];

/// The longest wait for the leases of killed processes to end. They last for 15 seconds.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Every page refreshes, and every refresh rotates the refresh token, which Logto does for public
/// clients only. The provider's clock stands still, so that a rotated token stays valid until the
/// lease of the killed process has ended: its grace period is three seconds.
async fn provider(address: &str) -> TestProvider {
    let lifetimes = Lifetimes::default().with_access_token(20);
    TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("http://{address}/callback"))
        .lifetimes(lifetimes)
        .rotation(RotationRule::EveryUse)
        .signing_algorithm(SigningAlgorithm::Rs256)
        .start()
        .await
}

async fn survives_kills(server: &StoreServer) {
    let address = AppProcess::free_address();
    let provider = provider(&address).await;
    let app = tokio::sync::Mutex::new(AppProcess::start(&address, &provider, &server.url()).await);
    let browser = Browser::new(&address);
    let (acknowledged, failures) = (Mutex::new(Vec::new()), Mutex::new(0));

    stream::iter(0..SIGN_INS)
        .for_each_concurrent(CONCURRENCY, |_| async {
            let Ok(session) = browser.sign_in(&provider).await else {
                *failures.lock().unwrap() += 1;
                // Wait until the app is back.
                drop(app.lock().await);
                return;
            };
            let count = {
                let mut acknowledged = acknowledged.lock().unwrap();
                acknowledged.push(session.clone());
                acknowledged.len()
            };
            if KILLS.contains(&count) {
                let mut app = app.lock().await;
                app.kill();
                app.restart().await;
            }
            if browser.open("/health", &session).await.is_err() {
                *failures.lock().unwrap() += 1;
                drop(app.lock().await);
            }
        })
        .await;

    let (acknowledged, failures) = (acknowledged.into_inner().unwrap(), failures.into_inner().unwrap());
    assert!(failures > 0, "no request was interrupted");
    assert!(acknowledged.len() > SIGN_INS / 2, "{} sign-ins", acknowledged.len());
    assert!(
        provider.requests(Endpoint::Token) > SIGN_INS,
        "a sign-in and a refresh each"
    );
    app.lock().await.kill();
    app.lock().await.restart().await;
    let browser = &browser;
    // Every session refreshes once more. Then the grace period ends, and a session that holds a
    // rotated token would fail.
    let refreshed = tokio::time::timeout(PATIENCE, refresh_all(browser, &provider, &acknowledged)).await;
    assert!(refreshed.is_ok(), "a lease does not end");
    provider.clock().advance(10);
    all(&acknowledged, |session| async move {
        let page = browser.open("/sessions", session).await.expect("a page");
        assert!(page.contains("<code>active</code>"), "{page}");
    })
    .await;
}

/// Opens a page of every session until each visit has refreshed its session. While a killed process
/// still has the lease, a page uses the token that is still valid.
async fn refresh_all(browser: &Browser, provider: &TestProvider, sessions: &[String]) {
    let mut ticks = tokio::time::interval(POLL_INTERVAL);
    loop {
        ticks.tick().await;
        provider.clear_log();
        all(sessions, |session| async move {
            browser.open("/health", session).await.expect("the app is back");
        })
        .await;
        if provider.requests(Endpoint::Token) == sessions.len() {
            return;
        }
    }
}

async fn all<'a, F: Future<Output = ()>>(sessions: &'a [String], visit: impl FnMut(&'a String) -> F) {
    stream::iter(sessions).for_each_concurrent(CONCURRENCY, visit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_session_on_redis_is_lost_and_no_grant_revoked_when_the_app_is_killed() {
    survives_kills(&StoreServer::redis()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_session_on_postgresql_is_lost_and_no_grant_revoked_when_the_app_is_killed() {
    survives_kills(&StoreServer::postgres()).await;
}
