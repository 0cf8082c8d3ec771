//! Tests of the server function that tells the browser whether its user meets a requirement.

use http::{Method, StatusCode};
use logto_leptos::{Requirement, organization, scope};
use logto_testing::{Browser, CapturedLogs, DEFAULT_RESOURCE, Endpoint, Page};
use serde_json::{Value, json};

use super::Guarded;

async fn ask(browser: &Browser, requirement: impl Into<Requirement>) -> Page {
    let visit = browser.fetch("/api/logto/allows").method(Method::POST);
    visit.json(&json!({ "requirement": requirement.into() })).await
}

fn assert_refused(page: &Page, code: &str) {
    assert_eq!(page.status(), StatusCode::OK, "an answer, not a failure: {page:?}");
    let answer: Value = page.json();
    assert_eq!(answer["refused"]["code"], json!(code), "{page:?}");
}

#[tokio::test]
async fn a_browser_cannot_fill_the_log_with_requirements() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    let (logs, _capture) = CapturedLogs::of_this_thread();
    for required in [scope("invented"), scope("read").on("https://invented.example")] {
        for _ in 0..3 {
            assert_refused(&ask(&browser, required.clone()).await, "requirement_not_configured");
        }
    }
    for n in 0..100 {
        ask(&browser, scope(format!("invented {n}"))).await;
    }
    let text = logs.text();
    assert_eq!(text.matches("ERROR").count(), 0, "{text}");
    assert!(text.matches("WARN").count() <= 32, "{text}");
}

#[tokio::test]
async fn the_advice_about_a_requirement_of_the_app_is_in_the_log_once() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    let (logs, _capture) = CapturedLogs::of_this_thread();
    for _ in 0..3 {
        ask(&browser, scope("delete:products")).await;
    }
    let text = logs.text();
    assert_eq!(text.matches("needs the scope `delete:products`").count(), 1, "{text}");
}

#[tokio::test]
async fn a_requirement_is_a_few_kilobytes_long() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    let page = ask(&browser, logto_leptos::role("x".repeat(9 * 1024))).await;
    assert_eq!(page.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let page = ask(&browser, logto_leptos::role("x".repeat(7 * 1024))).await;
    assert_refused(&page, "forbidden");
}

#[tokio::test]
async fn no_token_is_requested_for_an_organization_of_others() {
    let read = |id: &str| organization(id).scope(scope("read:products").on(DEFAULT_RESOURCE));
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    for id in ["initech", "invented", ""] {
        assert_refused(&ask(&browser, read(id)).await, "forbidden");
    }
    assert!(app.provider.log().is_empty());
    assert_eq!(ask(&browser, read("acme")).await.body(), "\"allowed\"");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn userinfo_names_the_organizations_if_the_id_token_does_not() {
    let read = |id: &str| organization(id).scope(scope("read:products").on(DEFAULT_RESOURCE));
    let app = Guarded::without_id_token_claims(["organizations"]).await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    assert_refused(&ask(&browser, read("initech")).await, "forbidden");
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    assert_eq!(ask(&browser, read("acme")).await.body(), "\"allowed\"");
}
