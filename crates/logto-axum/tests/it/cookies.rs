//! Attributes, sizes and validation of cookies.

use http::StatusCode;
use logto_testing::{TestProvider, User};

use crate::app::{App, SESSION};

#[tokio::test]
async fn the_session_cookie_is_http_only_and_same_site_lax() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let answer = app.browser().sign_in("/").await;
    let cookie = answer
        .cookies
        .iter()
        .find(|cookie| cookie.starts_with(SESSION))
        .unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "browsers ignore `Secure` cookies over http");
}

#[tokio::test]
async fn over_https_the_transaction_cookie_is_secure_and_host_only() {
    let provider = TestProvider::builder()
        .client("app", "secret")
        .redirect_uri("https://app.example/callback")
        .start()
        .await;
    let app = App::with(provider, |web| web.with_base_url("https://app.example"));
    let request = http::Request::post("/sign-in")
        .header("origin", "https://app.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = app.send(request).await;
    let cookie = &answer.cookies[0];
    assert!(
        cookie.starts_with("__Host-logto_tx_") && cookie.contains("Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn an_invalid_session_cookie_means_signed_out_and_is_removed() {
    let app = App::start().await;
    for garbage in ["x", "", "AAAA", &"A".repeat(3000), "%00%ff", "eyJhbGciOiJub25lIn0.e30."] {
        let browser = app.browser();
        browser.cookies.borrow_mut().insert(SESSION.into(), garbage.into());
        let answer = browser.get("/").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, "anonymous"),
            "{garbage}"
        );
        assert!(!browser.has(SESSION), "{garbage} is removed");
    }
}

#[tokio::test]
async fn a_cookie_that_is_not_utf_8_does_not_end_the_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let session = browser.cookies.borrow()[SESSION].clone();
    for (before, behind) in [(&b"theme=f\xfcr; "[..], &b""[..]), (b"", b"; theme=f\xfcr")] {
        let cookies = [before, format!("{SESSION}={session}").as_bytes(), behind].concat();
        let request = http::Request::get("/")
            .header("cookie", http::HeaderValue::from_bytes(&cookies).unwrap())
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.body, "active");
        assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
    }
}

#[tokio::test]
async fn a_session_ends_after_its_lifetime_even_if_the_browser_keeps_the_cookie() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(14 * 24 * 60 * 60);
    assert_eq!(browser.get("/").await.body, "anonymous");
    assert!(!browser.has(SESSION));
}

#[tokio::test]
async fn a_session_cookie_is_not_accepted_under_another_name() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let value = browser.cookies.borrow()[SESSION].clone();
    let transaction = app.browser();
    transaction
        .cookies
        .borrow_mut()
        .insert("logto_tx_AAAAAAAAAAAA".into(), value.clone());
    assert_eq!(transaction.get("/").await.body, "anonymous");
    let provider = TestProvider::builder().client("other", "secret").start().await;
    let other = App::with(provider, |web| web);
    let foreign = other.browser();
    foreign.cookies.borrow_mut().insert("logto_other".into(), value);
    assert_eq!(foreign.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_transaction_is_not_accepted_as_a_session() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    browser.go_to_provider("/").await;
    let transaction = browser.cookies.borrow().values().next().unwrap().clone();
    browser.cookies.borrow_mut().insert(SESSION.into(), transaction);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn cookies_stay_below_4_kilobytes_with_2_kilobytes_of_claims() {
    let mut user = User::new("wide").with_permission(logto_testing::DEFAULT_RESOURCE, "read:products");
    user.custom_data = serde_json::json!({});
    // About 2 kB of claims that do not compress.
    user.name = Some(
        (0..60_u32)
            .map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761).wrapping_pow(3)))
            .collect::<Vec<_>>()
            .join("-"),
    );
    let provider = TestProvider::builder()
        .client("app", "secret")
        .resource(logto_testing::DEFAULT_RESOURCE)
        .user(user)
        .start()
        .await;
    let app = App::with(provider, |web| web);
    let browser = app.signed_in("wide").await;
    for _ in 0..3 {
        let answer = browser.post("/token", "").await;
        assert!(answer.body.starts_with("read:products"), "{}", answer.body);
        assert!(answer.cookies.iter().all(|cookie| cookie.len() <= 4096));
    }
    assert_eq!(browser.get("/").await.body, "active");
}
