//! Delivery of logout tokens: checks, replays and redelivery.

use axum::body::Body;
use http::{Request, StatusCode, header};
use logto_testing::{Endpoint, HttpFault, Jwt};
use serde_json::json;
use tokio::sync::oneshot;

use super::{RECORDS, assert_accepted, assert_rejected, cookie_and_store_apps, provider, until_anonymous};
use crate::{app::App, faulty_store::FaultyStore};

#[tokio::test]
async fn a_logout_token_is_accepted_once() {
    for app in cookie_and_store_apps().await {
        let browser = app.signed_in("ada").await;
        let token = app.token_for_user();
        assert_accepted(&app.deliver(&token).await);
        assert_eq!(browser.get("/").await.body, "anonymous");
        app.provider.clock().advance(1);
        let again = app.signed_in("ada").await;
        // Until it expires.
        for _ in 0..=180 {
            let answer = app.deliver(&token).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            if answer.body.contains("logout_token_expired") {
                break;
            }
            assert_rejected(&answer, "invalid_request", "logout_token_replayed");
            app.provider.clock().advance(1);
        }
        assert!(app.deliver(&token).await.body.contains("logout_token_expired"));
        assert_eq!(again.get("/").await.body, "active");
    }
}

#[tokio::test]
async fn rejects_a_logout_token_with_an_invalid_signature_algorithm_event_or_type() {
    type Case = (fn(&mut Jwt), &'static str);
    let cases: [Case; 4] = [
        (Jwt::break_signature, "logout_token_signature"),
        (Jwt::unsign, "logout_token_algorithm"),
        (|jwt| drop(jwt.claims.remove("events")), "logout_token_event"),
        (|jwt| drop(jwt.header.remove("typ")), "logout_token_type"),
    ];
    for app in cookie_and_store_apps().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        for (tweak, code) in cases {
            let token = app.provider.logout_token(Some("usr_ada"), Some(&sid), tweak);
            assert_rejected(&app.deliver(&token).await, "invalid_request", code);
        }
        assert_eq!(browser.get("/").await.body, "active");
    }
}

#[tokio::test]
async fn rejects_a_request_that_is_not_a_form_with_one_logout_token() {
    let app = App::with(provider().await, |web| web);
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let token = app.token_for_session(&sid);
    for form in [
        String::new(),
        format!("token={token}"),
        format!("logout_token={token}&logout_token={token}"),
    ] {
        let answer = app.send_form(&form).await;
        assert_rejected(&answer, "invalid_request", "logout_request_malformed");
    }
    let json = Request::post("/backchannel-logout")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "logout_token": token }).to_string()))
        .unwrap();
    assert_rejected(&app.send(json).await, "invalid_request", "logout_request_malformed");
    let get = Request::get(format!("/backchannel-logout?logout_token={token}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(app.send(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let large = app.send_form(&format!("logout_token={}", "a".repeat(20_000))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_logout_can_be_redelivered_after_the_keys_were_unavailable() {
    let app = App::with(provider().await, |web| web);
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    // A restarted process does not know the keys.
    let app = app.second_instance(|web| web);
    let browser = app.browser_with(browser.cookies.take());
    let token = app.token_for_session(&sid);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    assert_rejected(&app.deliver(&token).await, "server_error", "provider_unavailable");
    assert_eq!(browser.get("/").await.body, "active");
    app.provider.clear_faults();
    assert_accepted(&app.deliver(&token).await);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_logout_can_be_redelivered_after_the_store_was_down() {
    for put in RECORDS {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let token = app.token_for_session(&sid);
        store.set_down(true);
        assert_rejected(&app.deliver(&token).await, "server_error", "store_unavailable");
        store.set_down(false);
        assert_accepted(&app.deliver(&token).await);
        assert_eq!(browser.get("/").await.body, "anonymous");
    }
}

/// Logto disconnects after 2.5 seconds.
#[tokio::test]
async fn a_logout_completes_after_the_provider_has_disconnected() {
    for put in RECORDS {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let (started, has_started) = oneshot::channel();
        let (resume, resumed) = oneshot::channel();
        *store.pause_next_save.lock().unwrap() = Some((started, resumed));
        let token = app.token_for_session(&sid);
        tokio::select! {
            answer = app.deliver(&token) => panic!("{answer:?} before the logout was saved"),
            started = has_started => started.unwrap(),
        }
        resume.send(()).expect("the save is still in progress");
        until_anonymous(&browser, &store).await;
    }
}
