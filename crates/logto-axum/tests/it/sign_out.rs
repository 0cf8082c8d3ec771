//! Sign-out, here and at the provider.

use logto_testing::{Endpoint, HttpFault};

use crate::app::{App, BASE, SESSION};

#[tokio::test]
async fn sign_out_ends_the_session_here_the_grant_and_the_providers_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.post("/sign-out", "").await;
    assert!(!browser.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    let url = answer.location();
    assert!(url.contains("id_token_hint=") && url.contains("client_id=app"), "{url}");
    assert_eq!(app.provider.end_session(&url).await, format!("{BASE}/"));
    assert_eq!(app.provider.browser_user(), None);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn the_removal_has_the_attributes_of_the_cookie() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.post("/sign-out", "").await;
    let removal = answer
        .cookies
        .iter()
        .find(|cookie| cookie.starts_with(SESSION))
        .unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=0"] {
        assert!(removal.contains(attribute), "{attribute} in {removal}");
    }
}

#[tokio::test]
async fn a_copy_of_the_cookie_does_not_work_after_sign_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow()[SESSION].clone();
    browser.post("/sign-out", "").await;
    browser.cookies.borrow_mut().insert(SESSION.into(), copy);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn sign_out_works_while_the_provider_is_down() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Revocation));
    browser.post("/sign-out", "").await;
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn signing_out_twice_is_no_error() {
    let app = App::start().await;
    let answer = app.browser().post("/sign-out", "").await;
    assert_eq!(answer.location(), format!("{BASE}/"));
}
