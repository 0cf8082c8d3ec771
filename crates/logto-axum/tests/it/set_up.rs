//! The self-check: what it finds, and what users see of it.

use http::StatusCode;
use logto_axum::{Diagnose as _, SetUpFinding};
use logto_testing::{Endpoint, HttpFault, TestProvider};
use serde_json::Value;

use crate::app::{App, BASE};

const UNREGISTERED: &str = "http://localhost:3000/elsewhere";

fn codes(findings: &[SetUpFinding]) -> Vec<&'static str> {
    findings.iter().map(SetUpFinding::code).collect()
}

async fn app_with_an_unregistered_callback(has_page: bool) -> App {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    App::with(provider, |web| {
        let paths = logto_axum::Paths::default().with_callback("/elsewhere");
        web.with_paths(if has_page { paths.with_error("/failed") } else { paths })
    })
}

#[tokio::test]
async fn a_good_set_up_has_no_finding() {
    let app = App::start().await;
    assert_eq!(app.logto.check_set_up().await, []);
}

#[tokio::test]
async fn the_secret_of_the_documentation_is_found_on_this_machine() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with(provider, |web| {
        let secrets = [web.cookie_secrets(), &["a secret of thirty-two bytes or more".into()]].concat();
        web.with_cookie_secrets(secrets)
    });
    assert_eq!(codes(&app.logto.check_set_up().await), ["cookie_secret_sample"]);
}

#[tokio::test]
async fn a_provider_that_is_down_is_found_and_the_app_serves_until_it_is_back() {
    let app = App::start().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    assert_eq!(codes(&app.logto.check_set_up().await), ["provider_unavailable"]);
    assert_eq!(app.browser().get("/").await.body, "anonymous");
    app.provider.clear_faults();
    assert_eq!(app.logto.check_set_up().await, []);
    app.signed_in("ada").await;
}

#[tokio::test]
async fn no_request_waits_for_the_self_check() {
    let app = App::start().await;
    let gate = app.provider.hold(Endpoint::Discovery);
    let check = tokio::spawn(app.logto.clone().watch_set_up());
    app.provider.wait_for_requests(Endpoint::Discovery, 1).await;
    assert_eq!(app.browser().get("/").await.body, "anonymous");
    assert!(!check.is_finished());
    gate.release();
    check.await.unwrap();
}

#[tokio::test]
async fn a_callback_that_is_not_registered_is_found_with_the_exact_address() {
    let app = app_with_an_unregistered_callback(true).await;
    let findings = app.logto.check_set_up().await;
    assert_eq!(findings, [SetUpFinding::RedirectUriNotRegistered(UNREGISTERED.into())]);
    assert!(findings[0].to_string().contains(UNREGISTERED));
}

#[tokio::test]
async fn a_post_sign_out_redirect_uri_that_is_not_registered_is_found_with_the_exact_address() {
    // Registered without the slash at the end.
    let provider = TestProvider::builder()
        .client("app", "secret")
        .post_logout_redirect_uri(BASE);
    let app = App::with(provider.start().await, |web| web);
    let findings = app.logto.check_set_up().await;
    let expected = SetUpFinding::PostSignOutRedirectUriNotRegistered(format!("{BASE}/"));
    assert_eq!(findings, [expected]);
    assert!(
        findings[0].to_string().contains(&format!("{BASE}/: ")),
        "{}",
        findings[0]
    );
    assert_eq!(codes(&findings), ["post_sign_out_redirect_uri_not_registered"]);
}

#[tokio::test]
async fn a_provider_without_an_end_session_endpoint_needs_no_post_sign_out_redirect_uri() {
    let provider = TestProvider::builder().client("app", "secret");
    let provider = provider.metadata("end_session_endpoint", Value::Null).start().await;
    assert_eq!(App::with(provider, |web| web).logto.check_set_up().await, []);
}

#[tokio::test]
async fn a_sign_in_that_could_not_come_back_ends_at_the_page_for_failures() {
    let app = app_with_an_unregistered_callback(true).await;
    app.logto.check_set_up().await;
    let browser = app.browser();
    let answer = browser.post("/sign-in", "").await;
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=redirect_uri_not_registered")
    );
    assert_eq!(browser.transactions(), 0);
}

#[tokio::test]
async fn the_plain_page_for_failures_shows_the_exact_address_to_register() {
    let app = app_with_an_unregistered_callback(false).await;
    app.logto.check_set_up().await;
    let browser = app.browser();
    let failed = browser.post("/sign-in", "").await.location();
    let answer = browser.get(failed.strip_prefix(BASE).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains(UNREGISTERED), "{}", answer.body);
}

#[tokio::test]
async fn in_doubt_whether_the_callback_is_registered_the_user_goes_to_the_provider() {
    let app = app_with_an_unregistered_callback(true).await;
    app.logto.check_set_up().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Authorization));
    let answer = app.browser().post("/sign-in", "").await;
    assert!(
        answer
            .location()
            .starts_with(&app.provider.url(Endpoint::Authorization))
    );
}

#[tokio::test]
async fn a_registered_callback_costs_a_sign_in_no_request_more() {
    let app = App::start().await;
    app.logto.check_set_up().await;
    let before = app.provider.requests(Endpoint::Authorization);
    app.browser().post("/sign-in", "").await;
    assert_eq!(app.provider.requests(Endpoint::Authorization), before);
}
