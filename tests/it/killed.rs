//! The app is killed in the middle of sign-ins and refreshes: what it has acknowledged is there
//! when it is started again.

use std::sync::Mutex;

use futures_util::{StreamExt as _, stream};
use logto_testing::{Endpoint, Lifetimes, RotationRule, SigningAlgorithm, StoreServer, TestProvider};

use crate::process::{AppProcess, Browser};

/// Each is followed by a refresh: a thousand in all.
const SIGN_INS: usize = 500;
const AT_ONCE: usize = 20;

/// After how many acknowledged sign-ins it is killed.
const KILLS: [usize; 3] = [100, 225, 350];

/// Every page refreshes, and every refresh rotates: the hardest case, and one that Logto has for
/// public clients only. The provider's clock stands still while the app is down: it is started
/// again within the three seconds in which a rotated token may be used again.
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
        .for_each_concurrent(AT_ONCE, |_| async {
            let Ok(session) = browser.sign_in(&provider).await else {
                *failures.lock().unwrap() += 1;
                // The user waits until the app is back.
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
                app.start_again().await;
            }
            if browser.open("/health", &session).await.is_err() {
                *failures.lock().unwrap() += 1;
                drop(app.lock().await);
            }
        })
        .await;

    let (acknowledged, failures) = (acknowledged.into_inner().unwrap(), failures.into_inner().unwrap());
    assert!(failures > 0, "the kills have interrupted nothing");
    assert!(acknowledged.len() > SIGN_INS / 2, "{} sign-ins", acknowledged.len());
    assert!(
        provider.requests(Endpoint::Token) > SIGN_INS,
        "a sign-in and a refresh each"
    );
    app.lock().await.kill();
    app.lock().await.start_again().await;
    let browser = &browser;
    // What was interrupted is asked again; then the three seconds pass: whoever has a token that
    // was rotated is found out.
    all(&acknowledged, |session| async move {
        browser.open("/health", session).await.expect("the app is back");
    })
    .await;
    provider.clock().advance(10);
    all(&acknowledged, |session| async move {
        let page = browser.open("/session", session).await.expect("a page");
        assert!(page.contains("<code>active</code>"), "{page}");
    })
    .await;
}

async fn all<'a, F: Future<Output = ()>>(sessions: &'a [String], visit: impl FnMut(&'a String) -> F) {
    stream::iter(sessions).for_each_concurrent(AT_ONCE, visit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_session_on_redis_is_lost_and_no_grant_revoked_when_the_app_is_killed() {
    survives_kills(&StoreServer::redis()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_session_on_postgresql_is_lost_and_no_grant_revoked_when_the_app_is_killed() {
    survives_kills(&StoreServer::postgres()).await;
}
