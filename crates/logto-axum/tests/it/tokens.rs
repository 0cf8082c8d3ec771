//! Tokens for handlers and pages, and how the refreshed session is saved.

use logto_testing::{Endpoint, HttpFault, Lifetimes, RotationRule, TestProvider};

use crate::app::{App, SESSION};

const HOUR: u64 = 3600;

#[tokio::test]
async fn a_token_for_a_handler_is_refreshed_once_and_saved() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    let first = browser.post("/token", "").await;
    assert_eq!(first.body, "read:products refreshed");
    assert_eq!(first.cookies.len(), 1, "saved with this response");
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_signed_in_page_makes_no_network_call() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    for _ in 0..3 {
        assert_eq!(browser.get("/me").await.status, 200);
    }
    assert!(app.provider.log().is_empty(), "{:?}", app.provider.log());
}

#[tokio::test]
async fn a_token_refreshed_while_the_body_streams_is_saved_with_the_next_response() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    let late = browser.get("/late-token").await;
    assert_eq!(late.body, "response_started rendered");
    assert!(late.cookies.is_empty(), "the head has already been sent");
    let next = browser.get("/").await;
    assert_eq!(next.cookies.len(), 1, "the next response saves the session");
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_slow_response_does_not_overwrite_a_newer_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    // Long enough for the visit to be recorded, so that the slow response sets the cookie.
    app.provider.clock().advance(601);
    let meanwhile = async {
        app.gate.arrived().await;
        assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
        app.gate.open();
    };
    let (slow, ()) = tokio::join!(browser.get("/slow"), meanwhile);
    assert_eq!(slow.cookies.len(), 1);
    // A new process has only the cookie.
    let other = app.second_instance(|web| web);
    let later = other.browser();
    later.cookies.replace(browser.cookies.borrow().clone());
    assert_eq!(later.post("/token", "").await.body, "read:products kept");
}

#[tokio::test]
async fn a_slow_response_does_not_overwrite_the_session_of_the_next_user() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(601);
    let meanwhile = async {
        app.gate.arrived().await;
        app.provider.sign_in_as("bob");
        browser.sign_in("/").await;
        app.gate.open();
    };
    let (slow, ()) = tokio::join!(browser.get("/slow"), meanwhile);
    assert!(slow.cookies.is_empty(), "{:?}", slow.cookies);
    assert_eq!(browser.get("/me").await.body, "usr_bob");
}

#[tokio::test]
async fn an_expired_id_token_is_refreshed_before_a_handler_reads_it() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    assert_eq!(browser.get("/id-token").await.body, "usr_ada");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_request_with_the_old_cookie_uses_the_rotated_token() {
    let provider = TestProvider::builder()
        .client("app", "secret")
        .rotation(RotationRule::EveryUse)
        .lifetimes(Lifetimes::default().with_access_token(30))
        .start()
        .await;
    let app = App::with(provider, |web| web);
    let browser = app.signed_in("ada").await;
    let old = browser.cookies.borrow()[SESSION].clone();
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    // After the reuse window of three seconds the old refresh token would end the grant.
    app.provider.clock().advance(30);
    browser.cookies.borrow_mut().insert(SESSION.into(), old);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn the_signed_in_user_extractor_refreshes_an_expired_id_token() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(
        browser.get("/").await.body,
        "stale",
        "reading the state does not refresh"
    );
    assert_eq!(browser.get("/me").await.status, 200);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_transient_error_of_the_provider_keeps_the_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    for fault in [
        HttpFault::Status(500),
        HttpFault::RetryAfter(429, "1"),
        HttpFault::Reset,
        HttpFault::Hang,
    ] {
        app.provider.fault(fault.at(Endpoint::Token));
        assert_eq!(
            browser.get("/me").await.status,
            200,
            "the expired claims are still available"
        );
        assert_eq!(browser.get("/").await.body, "stale");
        app.provider.clear_faults();
        // The back-off after a failure.
        app.provider.clock().advance(30);
    }
    assert_eq!(browser.get("/me").await.status, 200);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_revoked_grant_means_sign_in_needed() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.revoke_grants("ada");
    assert_eq!(browser.post("/token", "").await.body, "sign_in_needed");
    assert_eq!(browser.get("/").await.body, "sign_in_needed");
    assert_eq!(browser.get("/me").await.status, 401);
    app.provider.clear_log();
    assert_eq!(browser.post("/token", "").await.body, "sign_in_needed");
    assert!(app.provider.log().is_empty(), "no further request to the provider");
    browser.sign_in("/").await;
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn userinfo_adds_claims_that_the_id_token_lacks() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/claims").await.body, "active \"dark\"");
}

#[tokio::test]
async fn userinfo_of_a_suspended_user_ends_in_the_state_sign_in_needed() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.update_user("ada", |user| user.suspended = true);
    let answer = browser.get("/claims").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "sign_in_needed "));
    assert_eq!(browser.get("/claims").await.body, "sign_in_needed ");
}

#[tokio::test]
async fn a_request_without_a_session_gets_no_token() {
    let app = App::start().await;
    assert_eq!(app.browser().post("/token", "").await.body, "not_signed_in");
    assert_eq!(app.browser().get("/me").await.status, 401);
}

#[tokio::test]
async fn concurrent_requests_of_two_users_get_their_own_sessions() {
    let app = App::start().await;
    let ada = app.signed_in("ada").await;
    let bob = app.signed_in("bob").await;
    app.provider.clock().advance(HOUR + 1);
    let (of_ada, of_bob) = futures_util::join!(ada.get("/me"), bob.get("/me"));
    assert_eq!(of_ada.body, app.provider.user("ada").id);
    assert_eq!(of_bob.body, app.provider.user("bob").id);
}

#[tokio::test]
async fn a_token_for_an_empty_organization_or_resource_is_an_error_of_the_caller() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    for query in ["organization=", "resource=", "organization=&fresh"] {
        let answer = browser.get(&format!("/token-for?{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (400, "token_target_empty"),
            "{query}"
        );
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_token_that_no_response_has_saved_is_kept_for_an_hour() {
    let builder = TestProvider::builder().client("app", "secret");
    let app = App::with(builder.rotation(RotationRule::EveryUse).start().await, |web| web);
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/late-token").await.body, "response_started rendered");
    app.provider.clock().advance(HOUR - 100);
    assert_eq!(
        browser.get("/").await.cookies.len(),
        1,
        "the next response saves the session"
    );
    // A new process has only the cookie.
    let other = app.second_instance(|web| web);
    let later = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(later.post("/token", "").await.body, "read:products kept");
}
