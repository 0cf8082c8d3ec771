//! The user's account with the token of the session.

use logto_testing::{AccountField, Endpoint, HttpFault};

use crate::app::{App, Browser, SESSION};

async fn outcome(browser: &Browser<'_>, path: &str) -> (u16, String) {
    let answer = browser.get(path).await;
    (answer.status.as_u16(), answer.body)
}

fn of(status: u16, body: &str) -> (u16, String) {
    (status, body.to_owned())
}

#[tokio::test]
async fn a_handler_reads_and_changes_the_account_with_the_sessions_token() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(outcome(&browser, "/account").await, of(200, "Ada Lovelace"));
    assert_eq!(browser.post("/account?name=Countess", "").await.body, "Countess");
    assert_eq!(app.provider.user("ada").name.as_deref(), Some("Countess"));
}

#[tokio::test]
async fn an_expired_token_is_refreshed_before_the_call_and_saved() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(3601);
    let answer = browser.get("/account").await;
    assert_eq!(answer.body, "Ada Lovelace");
    assert!(!answer.cookies.is_empty(), "the refreshed token is saved");
    assert_eq!(app.provider.requests(Endpoint::Account), 1);
}

#[tokio::test]
async fn a_token_that_logto_rejects_is_refreshed_once_and_the_call_repeated() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault_once(HttpFault::Status(401).at(Endpoint::Account));
    let before = app.provider.requests(Endpoint::Token);
    assert_eq!(outcome(&browser, "/account").await, of(200, "Ada Lovelace"));
    assert_eq!(app.provider.requests(Endpoint::Token), before + 1);
    assert_eq!(app.provider.requests(Endpoint::Account), 2);

    app.provider.fault(HttpFault::Status(401).at(Endpoint::Account));
    assert_eq!(outcome(&browser, "/account").await, of(401, "sign_in_needed"));
    assert_eq!(app.provider.requests(Endpoint::Account), 4, "no endless renewal");
    app.provider.clear_faults();
    assert_eq!(
        outcome(&browser, "/account").await,
        of(200, "Ada Lovelace"),
        "the session is kept"
    );
}

#[tokio::test]
async fn a_revoked_grant_ends_the_session_here_too() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.revoke_grants("ada");
    assert_eq!(outcome(&browser, "/account").await, of(401, "sign_in_needed"));
    assert_eq!(outcome(&browser, "/who").await, of(200, "sign_in_needed"));
}

#[tokio::test]
async fn an_outage_during_the_renewal_keeps_the_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault_once(HttpFault::Status(401).at(Endpoint::Account));
    app.provider.fault_once(HttpFault::Status(503).at(Endpoint::Token));
    assert_eq!(outcome(&browser, "/account").await, of(503, "provider_unavailable"));
    assert_eq!(outcome(&browser, "/who").await, of(200, "active"));
}

#[tokio::test]
async fn a_user_without_access_to_the_app_keeps_the_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault_once(HttpFault::Status(401).at(Endpoint::Account));
    app.provider.update_user("ada", |user| user.access_denied = true);
    assert_eq!(outcome(&browser, "/account").await, of(403, "app_access_denied"));
    assert!(browser.has(SESSION));
    assert_eq!(outcome(&browser, "/who").await, of(200, "access_denied"));
}

#[tokio::test]
async fn without_a_user_no_request_is_sent() {
    let app = App::start().await;
    assert_eq!(outcome(&app.browser(), "/account").await, of(401, "not_signed_in"));
    assert_eq!(app.provider.requests(Endpoint::Account), 0);
}

#[tokio::test]
async fn refusals_have_their_status_and_code() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let rename = async || {
        let answer = browser.post("/account?name=X", "").await;
        (answer.status.as_u16(), answer.body)
    };
    app.provider.set_account_field("name", AccountField::ReadOnly);
    assert_eq!(rename().await, of(403, "account_field_not_editable"));
    app.provider.fault_once(HttpFault::Status(422).at(Endpoint::Account));
    assert_eq!(rename().await, of(400, "account_values_rejected"));
    app.provider
        .fault_once(HttpFault::RetryAfter(429, "30").at(Endpoint::Account));
    let answer = browser.post("/account?name=X", "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_str()),
        (503, "account_rate_limited")
    );
    assert_eq!(answer.headers["retry-after"], "30");
    app.provider.set_account_center(false);
    assert_eq!(rename().await, of(500, "account_not_enabled"));
}

#[tokio::test]
async fn a_page_of_the_account_center_leads_back_to_the_address_of_the_request() {
    let app = App::start().await;
    let browser = app.browser();
    let url = browser.get("/account-center?to=/account%3Fa%3D1").await.body;
    let endpoint = app.provider.endpoint();
    let back = "http%3A%2F%2Flocalhost%3A3000%2Faccount%3Fa%3D1";
    assert_eq!(url, format!("{endpoint}/account/password?redirect={back}"));
    for hostile in ["//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let body = browser.get(&format!("/account-center?to={hostile}")).await.body;
        assert_eq!(body, "invalid_parameter", "{hostile}");
    }
}
