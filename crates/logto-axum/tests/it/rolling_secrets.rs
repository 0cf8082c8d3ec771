//! Rotation of cookie secrets while only some instances have the new one.

use std::sync::Arc;

use axum::body::Body;
use http::{Request, header};
use logto::session::store::MemoryStore;
use logto_axum::WebConfig;
use logto_testing::{Endpoint, TestProvider};

use crate::{
    app::{App, BASE, Browser, SESSION},
    large_sessions::{app_with_large_user, get_token},
    lifetimes::open_page,
};

const OLD: &str = "the old secret, which every instance has";
const NEW: &str = "the new secret, which some instances have";
const HOUR: u64 = 3600;

fn secrets(web: WebConfig, secrets: &[&str]) -> WebConfig {
    web.with_cookie_secrets(secrets.iter().map(|secret| (*secret).into()))
}

async fn provider() -> TestProvider {
    TestProvider::builder().client("app", "secret").start().await
}

/// An instance with the old secret only, and one that seals with the new one. They share `store`.
async fn instances(store: Option<Arc<MemoryStore>>) -> (App, App) {
    let change = |web: WebConfig, ring: &[&str]| {
        let web = secrets(web, ring);
        store
            .clone()
            .into_iter()
            .fold(web, |web, store| web.with_shared_store(store))
    };
    let before = App::with(provider().await, |web| change(web, &[OLD]));
    let after = before.second_instance(|web| change(web, &[NEW, OLD]));
    (before, after)
}

/// Sends the next request of this browser to `app`; returns the state of the session.
async fn state_at(app: &App, browser: &Browser<'_>) -> String {
    let at_other = app.browser_with(browser.cookies.take());
    let state = open_page(&at_other).await;
    browser.cookies.replace(at_other.cookies.take());
    state
}

/// An instance without the new secret treats the user as signed out, and keeps every cookie.
async fn assert_cookies_kept(before: &App, browser: &Browser<'_>) {
    let at_other = before.browser_with(browser.cookies.borrow().clone());
    for path in ["/", "/page", "/static"] {
        let request = Request::get(path).header("sec-fetch-dest", "document");
        let answer = at_other.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, http::StatusCode::OK);
        assert!(answer.cookies.is_empty(), "{path}: {:?}", answer.cookies);
    }
    assert_eq!(at_other.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_session_survives_a_request_to_an_instance_without_the_new_secret() {
    for store in [None, Some(Arc::new(MemoryStore::default()))] {
        let (before, after) = instances(store).await;
        let browser = before.signed_in("ada").await;
        let old = browser.cookies.borrow().clone();
        before.provider.clock().advance(HOUR);
        assert_eq!(state_at(&after, &browser).await, "active");
        assert_ne!(*browser.cookies.borrow(), old, "the cookie was sealed again");
        assert_cookies_kept(&before, &browser).await;
        assert_eq!(state_at(&after, &browser).await, "active");
    }
}

#[tokio::test]
async fn every_part_of_a_large_session_with_an_unknown_key_is_kept() {
    let change = |web: WebConfig, ring: &[&str]| secrets(web, ring).with_cookie_budget(7_000);
    let (before, targets) = app_with_large_user(|web| change(web, &[OLD])).await;
    let after = before.second_instance(|web| change(web, &[NEW, OLD]));
    let browser = after.signed_in("heavy").await;
    for target in &targets {
        get_token(&browser, target).await;
    }
    assert!(browser.has(&format!("{SESSION}.1")));
    assert_cookies_kept(&before, &browser).await;
    assert_eq!(open_page(&browser).await, "active");
}

#[tokio::test]
async fn a_stored_session_sealed_with_a_new_secret_is_not_deleted_by_an_instance_without_it() {
    let (before, after) = instances(Some(Arc::new(MemoryStore::default()))).await;
    let browser = before.signed_in("ada").await;
    // A request in flight still has the ID sealed with the old secret.
    let in_flight = before.browser_with(browser.cookies.borrow().clone());
    before.provider.clock().advance(HOUR);
    assert_eq!(state_at(&after, &browser).await, "active");
    assert_cookies_kept(&before, &in_flight).await;
    assert_eq!(state_at(&after, &in_flight).await, "active");
}

#[tokio::test]
async fn an_invalid_duplicate_does_not_remove_a_transaction_with_an_unknown_key() {
    let (before, after) = instances(None).await;
    let browser = after.browser();
    let callback = browser.go_to_provider("/me").await;
    let (name, value) = browser.cookies.take().pop_first().unwrap();
    let pair = |value: &str| format!("{name}={value}");
    let (unknown, forged) = (pair(&value), pair("forged"));
    for (cookies, is_removed) in [
        (format!("{unknown}; {forged}"), false),
        (format!("{forged}; {unknown}"), false),
        (forged.clone(), true),
    ] {
        let request = Request::get(&callback).header(header::COOKIE, &cookies);
        let answer = before.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(!answer.cookies.is_empty(), is_removed, "{cookies}");
    }
}

#[tokio::test]
async fn a_sign_in_started_with_the_new_secret_finishes_on_an_instance_that_has_it() {
    let (before, after) = instances(None).await;
    after.provider.sign_in_as("ada");
    let browser = after.browser();
    let callback = browser.go_to_provider("/me").await;
    let at_other = before.browser_with(browser.cookies.borrow().clone());
    // A callback and another sign-in on an instance that cannot unseal the transaction.
    let answer = at_other.get(&callback).await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    at_other.go_to_provider("/").await;
    assert_eq!(at_other.transactions(), 2);
    browser.cookies.replace(at_other.cookies.take());
    assert_eq!(browser.get(&callback).await.location(), format!("{BASE}/me"));
    assert_eq!(browser.transactions(), 1);
}

#[tokio::test]
async fn transactions_with_an_unknown_key_do_not_pile_up() {
    let (before, after) = instances(None).await;
    let browser = after.browser();
    for _ in 0..5 {
        browser.go_to_provider("/").await;
    }
    let at_other = before.browser_with(browser.cookies.take());
    let callback = at_other.go_to_provider("/").await;
    assert_eq!(at_other.transactions(), 5);
    assert_eq!(at_other.get(&callback).await.location(), format!("{BASE}/"));
}

#[tokio::test]
async fn signing_in_on_an_instance_without_the_new_secret_replaces_the_session() {
    for store in [None, Some(Arc::new(MemoryStore::default()))] {
        let (before, after) = instances(store).await;
        let browser = after.signed_in("ada").await;
        let at_other = before.browser_with(browser.cookies.take());
        before.provider.sign_in_as("bob");
        at_other.sign_in("/").await;
        assert_eq!(at_other.get("/me").await.body, "usr_bob");
        browser.cookies.replace(at_other.cookies.take());
        assert_eq!(browser.get("/me").await.body, "usr_bob");
    }
}

/// Logto adds the sign-in to the grant of the session, which this instance cannot unseal.
#[tokio::test]
async fn a_failed_sign_in_on_an_instance_without_the_new_secret_does_not_end_the_grant() {
    let (before, after) = instances(None).await;
    let browser = after.signed_in("ada").await;
    let notes: Vec<u32> = (0..3000).map(|number| number * 7919).collect();
    before.provider.tweak_id_token(move |claims| {
        claims.insert("custom_data".to_owned(), serde_json::json!({ "notes": notes }));
    });
    let at_other = before.browser_with(browser.cookies.borrow().clone());
    let answer = at_other.sign_in("/me").await;
    assert!(answer.location().contains("session_too_large"), "{}", answer.location());
    assert_eq!(before.provider.requests(Endpoint::Revocation), 0);
}

#[tokio::test]
async fn signing_out_on_an_instance_without_the_new_secret_removes_the_cookie() {
    for store in [None, Some(Arc::new(MemoryStore::default()))] {
        let (before, after) = instances(store).await;
        let browser = after.signed_in("ada").await;
        let at_other = before.browser_with(browser.cookies.take());
        assert_eq!(at_other.post("/sign-out", "").await.status, http::StatusCode::SEE_OTHER);
        assert!(at_other.cookies.borrow().is_empty());
    }
}

#[tokio::test]
async fn signing_out_ends_a_stored_session_of_which_only_the_id_can_be_unsealed() {
    let (before, after) = instances(Some(Arc::new(MemoryStore::default()))).await;
    let browser = before.signed_in("ada").await;
    let in_flight = before.browser_with(browser.cookies.borrow().clone());
    before.provider.clock().advance(HOUR);
    assert_eq!(state_at(&after, &browser).await, "active");
    in_flight.post("/sign-out", "").await;
    assert_eq!(state_at(&after, &browser).await, "anonymous");
}

#[tokio::test]
async fn a_two_phase_rotation_keeps_the_user_signed_in() {
    for store in [None, Some(Arc::new(MemoryStore::default()))] {
        let rings: [&[&str]; 4] = [&[OLD], &[OLD, NEW], &[NEW, OLD], &[NEW]];
        let app = App::with(provider().await, |web| web);
        let instance = |ring: &[&str]| {
            app.second_instance(|web| {
                let web = secrets(web, ring);
                store
                    .clone()
                    .into_iter()
                    .fold(web, |web, store| web.with_shared_store(store))
            })
        };
        let instances = rings.map(instance);
        let browser = instances[0].signed_in("ada").await;
        for phase in instances.windows(2) {
            // During a rollout, instances of both phases answer and write cookies.
            for turn in [0, 1, 0, 1] {
                app.provider.clock().advance(HOUR);
                assert_eq!(state_at(&phase[turn], &browser).await, "active");
            }
        }
    }
}

#[tokio::test]
async fn a_cookie_with_an_unknown_key_does_not_hide_a_valid_one_of_the_same_name() {
    let (before, after) = instances(None).await;
    let unknown = after.signed_in("ada").await.cookies.borrow()[SESSION].clone();
    let valid = before.signed_in("bob").await.cookies.borrow()[SESSION].clone();
    for cookies in [
        format!("{SESSION}={unknown}; {SESSION}={valid}"),
        format!("{SESSION}={valid}; {SESSION}={unknown}"),
    ] {
        let request = Request::get("/me").header(header::COOKIE, cookies);
        let answer = before.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.body, "usr_bob");
        assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
    }
}
