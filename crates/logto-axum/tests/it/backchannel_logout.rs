//! Back-channel logout: the provider says that somebody has signed out, and the next click is
//! signed out.

use std::{sync::atomic::Ordering, time::Duration};

use axum::body::Body;
use http::{Request, StatusCode, header};
use logto::session::store::MemoryStore;
use logto_axum::WebConfig;
use logto_testing::{Endpoint, HeldRequests, HttpFault, Jwt, TestProvider};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{
    app::{Answer, App, BASE, Browser, SESSION},
    stores::{self, Switched},
};

const HOUR: u64 = 3600;

/// A provider whose ID tokens carry `sid`.
pub(crate) async fn provider() -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .backchannel_session_required()
        .start()
        .await
}

/// The same app with sessions in cookies, and with sessions in a store.
async fn both_kinds() -> [App; 2] {
    both_kinds_at(provider().await, provider().await)
}

fn both_kinds_at(first: TestProvider, second: TestProvider) -> [App; 2] {
    let store = Switched::default();
    [
        App::with(first, |web| web),
        App::with(second, |web| web.with_store(store)),
    ]
}

impl App {
    /// The provider's request: no cookie, no origin.
    pub(crate) async fn deliver(&self, token: &str) -> Answer {
        self.send_form(&format!("logout_token={token}")).await
    }

    async fn send_form(&self, form: &str) -> Answer {
        let request = Request::post("/backchannel-logout")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    fn token_for_session(&self, sid: &str) -> String {
        self.provider.logout_token(Some("usr_ada"), Some(sid), |_| {})
    }

    fn token_for_user(&self) -> String {
        self.provider.logout_token(Some("usr_ada"), None, |_| {})
    }

    /// A browser whose user has signed in, and its session at the provider.
    async fn signed_in_with_sid(&self, user: &str) -> (Browser<'_>, String) {
        let browser = self.signed_in(user).await;
        (browser, self.provider.sid().unwrap())
    }
}

pub(crate) fn assert_done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(answer.cookies.is_empty() && answer.body.is_empty(), "{answer:?}");
}

pub(crate) fn assert_refused(answer: &Answer, error: &str, code: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert!(answer.cookies.is_empty(), "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&body["error"], &body["code"]), (&json!(error), &json!(code)));
    assert!(!body["error_description"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_logout_with_a_sid_ends_that_session_on_its_next_request() {
    for app in both_kinds().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let (other, _) = app.signed_in_with_sid("ada").await;
        assert_done(&app.deliver(&app.token_for_session(&sid)).await);
        let answer = browser.get("/").await;
        assert_eq!(answer.body, "anonymous");
        assert!(!browser.has(SESSION), "the cookie is cleared: {answer:?}");
        assert_eq!(other.get("/").await.body, "active", "another browser of hers");
    }
}

#[tokio::test]
async fn a_logout_without_a_sid_ends_all_sessions_of_the_user_but_no_later_one() {
    for app in both_kinds().await {
        let (first, second) = (app.signed_in("ada").await, app.signed_in("ada").await);
        let bob = app.signed_in("bob").await;
        assert_done(&app.deliver(&app.token_for_user()).await);
        assert_eq!(first.get("/").await.body, "anonymous");
        assert_eq!(second.get("/").await.body, "anonymous");
        assert_eq!(bob.get("/").await.body, "active");
        app.provider.clock().advance(1);
        let again = app.signed_in("ada").await;
        assert_eq!(again.get("/").await.body, "active");
        assert_eq!(first.get("/").await.body, "anonymous");
    }
}

/// Theirs began before "session required" was switched on.
#[tokio::test]
async fn a_logout_with_a_sid_also_ends_sessions_of_the_user_without_a_sid() {
    for app in both_kinds_at(stores::provider().await, stores::provider().await) {
        let (ada, bob) = (app.signed_in("ada").await, app.signed_in("bob").await);
        assert_done(
            &app.deliver(&app.provider.logout_token(None, Some("a-sid"), |_| {}))
                .await,
        );
        assert_eq!(ada.get("/").await.body, "active", "nobody says that it is hers");
        assert_done(&app.deliver(&app.token_for_session("a-sid")).await);
        assert_eq!(ada.get("/").await.body, "anonymous");
        assert_eq!(bob.get("/").await.body, "active");
        app.provider.clock().advance(1);
        let again = app.signed_in("ada").await;
        assert_eq!(again.get("/").await.body, "active");
        assert_eq!(ada.get("/").await.body, "anonymous");
    }
}

/// The provider's clock may be ahead: what counts is when the news came.
#[tokio::test]
async fn a_logout_from_a_fast_clock_does_not_end_later_sign_ins() {
    for app in both_kinds().await {
        let ahead = app.provider.clock().now() + 50;
        let token = app.provider.logout_token(Some("usr_ada"), None, |jwt| {
            jwt.claims.insert("iat".to_owned(), json!(ahead));
        });
        assert_done(&app.deliver(&token).await);
        app.provider.clock().advance(1);
        assert_eq!(app.signed_in("ada").await.get("/").await.body, "active");
    }
}

#[tokio::test]
async fn a_copied_cookie_stays_signed_out_for_the_whole_session_lifetime() {
    let app = App::with(provider().await, |web| web);
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let copy = browser.cookies.borrow()[SESSION].clone();
    app.deliver(&app.token_for_session(&sid)).await;
    let day = 24 * HOUR;
    for _ in 0..14 {
        browser.cookies.borrow_mut().insert(SESSION.into(), copy.clone());
        assert_eq!(browser.get("/").await.body, "anonymous");
        app.provider.clock().advance(day);
    }
}

#[tokio::test]
async fn a_logout_token_is_accepted_once() {
    for app in both_kinds().await {
        let browser = app.signed_in("ada").await;
        let token = app.token_for_user();
        assert_done(&app.deliver(&token).await);
        assert_eq!(browser.get("/").await.body, "anonymous");
        app.provider.clock().advance(1);
        let again = app.signed_in("ada").await;
        // Until it is refused for its age.
        for _ in 0..=180 {
            let answer = app.deliver(&token).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            if answer.body.contains("logout_token_expired") {
                break;
            }
            assert_refused(&answer, "invalid_request", "logout_token_replayed");
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
    for app in both_kinds().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        for (tweak, code) in cases {
            let token = app.provider.logout_token(Some("usr_ada"), Some(&sid), tweak);
            assert_refused(&app.deliver(&token).await, "invalid_request", code);
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
        assert_refused(&answer, "invalid_request", "logout_request_malformed");
    }
    let json = Request::post("/backchannel-logout")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "logout_token": token }).to_string()))
        .unwrap();
    assert_refused(&app.send(json).await, "invalid_request", "logout_request_malformed");
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
    // A restart: the keys are not known yet.
    let app = app.second_instance(|web| web);
    let browser = app.browser_with(browser.cookies.take());
    let token = app.token_for_session(&sid);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    assert_refused(&app.deliver(&token).await, "server_error", "provider_unavailable");
    assert_eq!(browser.get("/").await.body, "active");
    app.provider.clear_faults();
    assert_done(&app.deliver(&token).await);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

/// The list of what has ended is in the store of the sessions, or there is one while they are in
/// cookies.
pub(crate) const KINDS: [fn(WebConfig, Switched) -> WebConfig; 2] = [
    |web, store| web.with_store(store),
    |web, store| web.with_deny_list(store),
];

#[tokio::test]
async fn a_logout_can_be_redelivered_after_the_store_was_down() {
    for put in KINDS {
        let store = Switched::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let token = app.token_for_session(&sid);
        store.set_down(true);
        assert_refused(&app.deliver(&token).await, "server_error", "store_unavailable");
        store.set_down(false);
        assert_done(&app.deliver(&token).await);
        assert_eq!(browser.get("/").await.body, "anonymous");
    }
}

/// Ends the pause before each retry until this browser is signed out. Only a save to the store can
/// sign it out.
pub(crate) async fn until_anonymous(browser: &Browser<'_>, store: &Switched) {
    let clock = browser.app.provider.clock();
    let signed_out = async {
        loop {
            let saved = store.saved.notified();
            if browser.get("/").await.body == "anonymous" {
                return;
            }
            tokio::select! {
                () = saved => {}
                () = clock.end_sleep() => {}
            }
        }
    };
    let limit = Duration::from_secs(30);
    tokio::time::timeout(limit, signed_out).await.expect("signed out");
}

/// Logto does not send it again.
#[tokio::test]
async fn a_logout_during_a_store_outage_ends_the_sessions_after_it() {
    type Logout = fn(&App) -> String;
    let logouts: [Logout; 2] = [
        |app| app.token_for_session(&app.provider.sid().unwrap()),
        |app| app.token_for_user(),
    ];
    for put in KINDS {
        for logout in logouts {
            let store = Switched::default();
            let app = App::with(provider().await, |web| put(web, store.clone()));
            let bob = app.signed_in("bob").await;
            let (browser, _) = app.signed_in_with_sid("ada").await;
            let other = app.second_instance(|web| put(web, store.clone()));
            let there = other.browser_with(browser.cookies.borrow().clone());
            assert_eq!(there.get("/").await.body, "active");
            store.set_down(true);
            assert_refused(&app.deliver(&logout(&app)).await, "server_error", "store_unavailable");
            store.set_down(false);
            until_anonymous(&there, &store).await;
            assert_eq!(browser.get("/").await.body, "anonymous");
            assert_eq!(bob.get("/").await.body, "active");
            let again = other.browser();
            app.provider.sign_in_as("ada");
            again.sign_in("/").await;
            assert_eq!(again.get("/").await.body, "active");
        }
    }
}

#[tokio::test]
async fn a_logout_during_a_store_outage_takes_effect_at_once_on_the_receiving_instance() {
    for put in KINDS {
        let store = Switched::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let bob = app.signed_in("bob").await;
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        store.set_down(true);
        app.deliver(&app.token_for_session(&sid)).await;
        store.set_down(false);
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert!(!browser.has(SESSION));
        assert_eq!(bob.get("/").await.body, "active");
    }
}

/// The notes are written, and then the store dies.
#[tokio::test]
async fn a_logout_ends_sessions_that_the_store_failed_to_delete() {
    let store = Switched::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    let other = app.second_instance(|web| web.with_store(store.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let bob = app.signed_in("bob").await;
    let elsewhere = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(elsewhere.get("/").await.body, "active");
    store.keeps_all.store(true, Ordering::SeqCst);
    assert_done(&app.deliver(&app.token_for_session(&sid)).await);
    for browser in [&elsewhere, &browser] {
        assert_eq!(browser.post("/token", "").await.body, "not_signed_in");
        assert_eq!(browser.get("/").await.body, "anonymous");
    }
    assert_eq!(bob.get("/").await.body, "active");
}

/// Logto waits 2.5 seconds.
#[tokio::test]
async fn a_logout_completes_after_the_provider_has_disconnected() {
    for put in KINDS {
        let store = Switched::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let (begun, has_begun) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel();
        *store.slow_save.lock().unwrap() = Some((begun, goes_on));
        let token = app.token_for_session(&sid);
        tokio::select! {
            answer = app.deliver(&token) => panic!("{answer:?} before it was saved"),
            begun = has_begun => begun.unwrap(),
        }
        go_on.send(()).expect("it has not been given up");
        until_anonymous(&browser, &store).await;
    }
}

#[tokio::test]
async fn a_shared_deny_list_signs_out_on_every_instance() {
    let list = Switched::default();
    let app = App::with(provider().await, |web| web.with_deny_list(list.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let token = app.token_for_session(&sid);
    let second = app.second_instance(|web| web.with_deny_list(list));
    let there = second.browser_with(browser.cookies.borrow().clone());
    assert_eq!(there.get("/").await.body, "active");
    assert_done(&app.deliver(&token).await);
    assert_eq!(there.get("/").await.body, "anonymous");
    assert_refused(
        &second.deliver(&token).await,
        "invalid_request",
        "logout_token_replayed",
    );
}

/// A deny list that does not answer must not let anybody in, and signs nobody out.
#[tokio::test]
async fn a_deny_list_outage_fails_requests_with_a_session_and_keeps_the_session() {
    let list = Switched::default();
    let app = App::with(provider().await, |web| web.with_deny_list(list.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    app.deliver(&app.token_for_session(&sid)).await;
    let (other, _) = app.signed_in_with_sid("bob").await;
    list.set_down(true);
    for browser in [&browser, &other] {
        let answer = browser.get("/").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.cookies.is_empty(), "{answer:?}");
    }
    assert_eq!(
        app.browser().get("/").await.body,
        "anonymous",
        "visitors are not concerned"
    );
    list.set_down(false);
    assert_eq!(browser.get("/").await.body, "anonymous");
    assert_eq!(other.get("/").await.body, "active");
}

/// Asks for a token while the provider holds the refresh back, and calls `meanwhile` when it does.
pub(crate) async fn during_a_refresh<F: Future<Output = ()>>(
    app: &App,
    browser: &Browser<'_>,
    meanwhile: impl FnOnce() -> F,
) -> Answer {
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    let gate: HeldRequests = app.provider.hold(Endpoint::Token);
    let (answer, ()) = tokio::join!(browser.post("/token", ""), async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        meanwhile().await;
        gate.release();
    });
    answer
}

#[tokio::test]
async fn a_refresh_in_flight_does_not_resurrect_the_session() {
    for app in both_kinds().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        during_a_refresh(&app, &browser, || async {
            assert_done(&app.deliver(&app.token_for_session(&sid)).await);
        })
        .await;
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert!(!browser.has(SESSION));
    }
}

/// The code was there before the logout, and is redeemed after it.
#[tokio::test]
async fn a_logout_during_the_code_exchange_leaves_no_session() {
    type Logout = fn(&App) -> String;
    let logouts: [Logout; 2] = [
        |app| app.token_for_session(&app.provider.sid().unwrap()),
        |app| app.token_for_user(),
    ];
    for app in both_kinds().await {
        for logout in logouts {
            app.provider.sign_in_as("ada");
            let browser = app.browser();
            let callback = browser.go_to_provider("/").await;
            app.provider.clear_log();
            let gate = app.provider.hold(Endpoint::Token);
            let meanwhile = async {
                app.provider.wait_for_requests(Endpoint::Token, 1).await;
                assert_done(&app.deliver(&logout(&app)).await);
                // That is not to make it a sign-in after the logout.
                app.provider.clock().advance(1);
                gate.release();
            };
            let (answer, ()) = tokio::join!(browser.get(&callback), meanwhile);
            assert_eq!(answer.location(), format!("{BASE}/"));
            assert_eq!(browser.get("/").await.body, "anonymous");
            assert!(!browser.has(SESSION));
            app.provider.clock().advance(1);
        }
    }
}

#[tokio::test]
async fn a_refresh_cached_by_another_instance_does_not_resurrect_the_session() {
    let store = Switched::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let second = app.second_instance(|web| web.with_store(store));
    let there = second.browser_with(browser.cookies.borrow().clone());
    assert_eq!(there.post("/token", "").await.body, "read:products refreshed");
    assert_done(&app.deliver(&app.token_for_session(&sid)).await);
    assert_eq!(there.post("/token", "").await.body, "not_signed_in");
    assert_eq!(there.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_cookie_session_is_not_migrated_to_the_store_after_its_logout() {
    let before = App::with(provider().await, |web| web);
    let (browser, sid) = before.signed_in_with_sid("ada").await;
    let cookies = browser.cookies.borrow().clone();
    let store = Switched::default();
    let app = before.second_instance(|web| web.with_store(store.clone()));
    assert_eq!(app.browser_with(cookies.clone()).get("/").await.body, "active");
    assert_done(&app.deliver(&app.token_for_session(&sid)).await);
    let elsewhere = before.second_instance(|web| web.with_store(store));
    for app in [&app, &elsewhere] {
        assert_eq!(app.browser_with(cookies.clone()).get("/").await.body, "anonymous");
    }
}

#[tokio::test]
async fn a_full_deny_list_keeps_the_newest_logouts() {
    let list = MemoryStore::new(10);
    let app = App::with(provider().await, |web| web.with_deny_list(list));
    for number in 0..50 {
        assert_done(&app.deliver(&app.token_for_session(&number.to_string())).await);
        // Of notes that end in the same second any may go.
        app.provider.clock().advance(1);
    }
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    app.deliver(&app.token_for_session(&sid)).await;
    assert_eq!(browser.get("/").await.body, "anonymous", "the newest are kept");
}
