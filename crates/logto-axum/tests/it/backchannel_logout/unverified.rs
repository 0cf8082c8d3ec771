//! Logouts that arrive while the provider's keys are unavailable. Logto sends each of them once.

use http::StatusCode;
use logto_axum::WebConfig;
use logto_testing::{Endpoint, HttpFault, Jwt};
use serde_json::json;

use super::{RECORDS, assert_accepted, assert_rejected, provider, until_anonymous};
use crate::{
    app::{Answer, App},
    faulty_store::FaultyStore,
};

/// The app after a restart, which does not know the provider's keys and cannot fetch them.
fn restarted(app: &App, put: fn(WebConfig, FaultyStore) -> WebConfig, store: &FaultyStore) -> App {
    let app = app.second_instance(|web| put(web, store.clone()));
    app.provider.clear_log();
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    app
}

fn assert_retried(answer: &Answer) {
    assert_rejected(answer, "server_error", "provider_unavailable");
    assert!(answer.body.contains("tries again until it expires"), "{answer:?}");
}

#[tokio::test]
async fn a_logout_received_without_keys_ends_the_sessions_once_they_are_available() {
    for put in RECORDS {
        for names_session in [true, false] {
            let store = FaultyStore::default();
            let app = App::with(provider().await, |web| put(web, store.clone()));
            let bob = app.signed_in("bob").await.cookies.take();
            let ada = app.signed_in("ada").await.cookies.take();
            let sid = app.provider.sid().filter(|_| names_session);
            let token = app.provider.logout_token(Some("usr_ada"), sid.as_deref(), |_| {});
            let app = restarted(&app, put, &store);
            assert_retried(&app.deliver(&token).await);
            let (ada, bob) = (app.browser_with(ada), app.browser_with(bob));
            assert_eq!(ada.get("/").await.body, "active");
            app.provider.clear_faults();
            until_anonymous(&ada, &store).await;
            assert_eq!(bob.get("/").await.body, "active");
        }
    }
}

/// The app knows keys of the provider, but not the new one that signed the logout.
#[tokio::test]
async fn a_logout_signed_with_a_key_not_fetched_so_far_ends_the_session_later() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| RECORDS[0](web, store.clone()));
    let browser = app.signed_in("ada").await;
    app.provider.rotate_keys();
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    let token = app.provider.logout_token(Some("usr_ada"), None, |_| {});
    for _ in 0..2 {
        assert_retried(&app.deliver(&token).await);
    }
    app.provider.clear_faults();
    app.provider.clock().advance(30);
    until_anonymous(&browser, &store).await;
}

#[tokio::test]
async fn a_sign_in_while_a_logout_waits_for_the_keys_is_kept() {
    for put in RECORDS {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let before = app.signed_in("ada").await.cookies.take();
        let token = app.provider.logout_token(Some("usr_ada"), None, |_| {});
        let app = restarted(&app, put, &store);
        assert_retried(&app.deliver(&token).await);
        app.provider.clear_faults();
        let again = app.signed_in("ada").await;
        let before = app.browser_with(before);
        assert_eq!(
            before.get("/").await.body,
            "active",
            "the retry comes after the sign-in"
        );
        until_anonymous(&before, &store).await;
        assert_eq!(again.get("/").await.body, "active");
    }
}

#[tokio::test]
async fn a_logout_token_with_invalid_claims_is_rejected_before_the_keys_are_fetched() {
    let tweaks: [fn(&mut Jwt); 6] = [
        |jwt| drop(jwt.header.insert("typ".into(), json!("JWT"))),
        |jwt| drop(jwt.claims.insert("iss".into(), json!("https://evil.example"))),
        |jwt| drop(jwt.claims.insert("aud".into(), json!("another"))),
        |jwt| drop(jwt.claims.insert("exp".into(), json!(1))),
        |jwt| drop(jwt.claims.remove("events")),
        |jwt| drop(jwt.claims.remove("jti")),
    ];
    let app = App::with(provider().await, |web| web);
    let app = restarted(&app, |web, _| web, &FaultyStore::default());
    for tweak in tweaks {
        let token = app.provider.logout_token(Some("usr_ada"), None, tweak);
        let answer = app.deliver(&token).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("invalid_request"), "{answer:?}");
    }
    let requests = [Endpoint::Discovery, Endpoint::Jwks].map(|endpoint| app.provider.requests(endpoint));
    assert_eq!(requests, [0, 0]);
}

#[tokio::test]
async fn at_most_64_unverified_logouts_wait_for_the_keys() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| RECORDS[0](web, store.clone()));
    let browser = app.signed_in("ada").await.cookies.take();
    let app = restarted(&app, RECORDS[0], &store);
    let token = app.provider.logout_token(Some("usr_ada"), None, |_| {});
    assert_retried(&app.deliver(&token).await);
    let forged = app.provider.logout_token(Some("usr_bob"), None, Jwt::break_signature);
    for _ in 1..64 {
        assert_retried(&app.deliver(&forged).await);
    }
    let answer = app.deliver(&forged).await;
    assert_rejected(&answer, "server_error", "provider_unavailable");
    assert!(!answer.body.contains("tries again"), "{answer:?}");
    app.provider.clear_faults();
    until_anonymous(&app.browser_with(browser), &store).await;
    assert_accepted(
        &app.deliver(&app.provider.logout_token(Some("usr_bob"), None, |_| {}))
            .await,
    );
}
