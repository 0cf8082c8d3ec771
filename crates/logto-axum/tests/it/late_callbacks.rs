//! Callbacks that arrive late, and sign-ins that fail: the return path is kept.

use http::StatusCode;
use logto_testing::{CallbackFault, Endpoint};

use crate::{
    app::{App, BASE, Browser, SESSION},
    sign_in::finished_sign_in,
};

/// The address of the app's error page with the return path.
fn failed(code: &str) -> String {
    format!("{BASE}/failed?code={code}&return_to=%2Fpage%3Ftab%3D1")
}

/// Does what the button "Sign in again" does.
async fn sign_in_again(browser: &Browser<'_>, failure: &str) {
    let (_, return_to) = failure.split_once("return_to=").unwrap();
    let answer = browser.sign_in(return_to).await;
    assert_eq!(answer.location(), format!("{BASE}/page?tab=1"));
    assert!(browser.has(SESSION));
}

#[tokio::test]
async fn a_user_has_an_hour_to_sign_in_on_any_instance() {
    let app = App::start().await;
    let other = app.second_instance(|web| web);
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let start = browser.post("/sign-in", "return_to=/page").await.location();
    app.provider.clock().advance(3599);
    let callback = app.provider.authorize(&start).await;
    let browser = other.browser_with(browser.cookies.take());
    assert_eq!(
        browser.get(callback.strip_prefix(BASE).unwrap()).await.location(),
        format!("{BASE}/page")
    );
    assert!(browser.has(SESSION));
}

#[tokio::test]
async fn a_late_callback_is_rejected_and_keeps_the_return_path() {
    for late in [3600, 7199] {
        let app = App::start().await;
        app.provider.sign_in_as("ada");
        let browser = app.browser();
        let callback = browser.go_to_provider("/page%3Ftab%3D1").await;
        app.provider.clock().advance(late);
        let answer = browser.get(&callback).await;
        assert_eq!(answer.location(), failed("transaction_expired"), "{late}");
        assert!(!browser.has(SESSION) && browser.transactions() == 0);
        assert_eq!(app.provider.requests(Endpoint::Token), 0);
        sign_in_again(&browser, &answer.location()).await;
    }
}

#[tokio::test]
async fn a_cancelled_or_invalid_sign_in_keeps_the_return_path() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    app.provider.fault_once(CallbackFault::error("access_denied"));
    let cancelled = browser.sign_in("/page%3Ftab%3D1").await.location();
    assert_eq!(cancelled, failed("access_denied"));
    sign_in_again(&browser, &cancelled).await;

    let start = browser.post("/sign-in", "return_to=/page%3Ftab%3D1&prompt=maybe").await;
    assert_eq!(start.location(), failed("invalid_parameter"));
    sign_in_again(&browser, &start.location()).await;
    let refused = app.browser().get("/callback?code=x&state=lost").await;
    let home = format!("{BASE}/failed?code=transaction_missing");
    assert_eq!(
        refused.location(),
        home,
        "without a transaction the return path is unknown"
    );
}

#[tokio::test]
async fn a_form_or_link_with_an_invalid_option_keeps_only_a_return_path_on_this_site() {
    let app = App::start().await;
    for (fields, failure) in [
        ("prompt=maybe&return_to=/page%3Ftab%3D1", failed("invalid_parameter")),
        (
            "return_to=&return_to=/page%3Ftab%3D1&max_age=x",
            failed("invalid_parameter"),
        ),
        (
            "return_to=//evil.example&prompt=maybe",
            format!("{BASE}/failed?code=invalid_parameter"),
        ),
        ("prompt=maybe", format!("{BASE}/failed?code=invalid_parameter")),
    ] {
        let form = app.browser().post("/sign-in", fields).await;
        assert_eq!(form.location(), failure, "{fields}");
        let link = app.browser().get(&format!("/sign-in?{fields}")).await;
        assert_eq!(link.location(), failure, "{fields}");
    }
}

#[tokio::test]
async fn the_plain_error_page_signs_in_again_with_the_return_path() {
    let app = App::configured(|web| web.with_paths(logto_axum::Paths::default())).await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/page%3Ftab%3D1").await;
    app.provider.clock().advance(3600);
    let failure = browser.get(&callback).await.location();
    let page = browser.get(failure.strip_prefix(BASE).unwrap()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for part in [
        "<h1>The sign-in took too long</h1>",
        "<code>transaction_expired</code>",
        r#"<form method=post action="http://localhost:3000/sign-in">"#,
        r#"<input type=hidden name="return_to" value="/page?tab=1">"#,
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("form-action 'self' {BASE}")), "{policy}");
    let foreign = browser
        .get("/callback?failed=access_denied&return_to=//evil.example")
        .await;
    assert!(!foreign.body.contains("evil"), "{}", foreign.body);
}

#[tokio::test]
async fn a_used_callback_is_rejected_until_its_transaction_expires() {
    let app = App::start().await;
    let (callback, thief) = finished_sign_in(&app).await;
    app.provider.clock().advance(3599);
    let answer = thief.get(&callback).await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}
