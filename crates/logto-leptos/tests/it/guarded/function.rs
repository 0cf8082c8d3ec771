//! Tests of the status of server functions.

use std::{future::ready, time::Duration};

use http::{Method, StatusCode};
use leptos::{
    prelude::*,
    server_fn::{
        codec::{GetUrl, Json, JsonEncoding},
        error::ServerFnErrorErr,
    },
};
use logto_leptos::{AuthError, AuthErrorKind};
use logto_testing::{Browser, Endpoint, HttpFault, Page};
use serde::{Deserialize, Serialize};

use super::{Guarded, HOUR};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
enum AppError {
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("there is no such order")]
    UnknownOrder,
    #[error("the call failed")]
    Call,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Call
    }
}

#[server(prefix = "/api", endpoint = "test/guarded")]
async fn guarded_by(by: String) -> Result<String, AppError> {
    use logto_leptos::{organization_token, require, require_user, role, scope, signed_in};

    if by == "token" {
        organization_token("unknown").await?;
    }
    let user = match by.as_str() {
        "role" => require(role("admin")).await?,
        "recent" => require(signed_in().within(Duration::from_secs(300))).await?,
        "scope" => require(scope("read:products")).await?,
        "unknown resource" => require(scope("read").on("https://unknown.example")).await?,
        "app error" => return Err(AppError::UnknownOrder),
        "handled" => {
            let _ = require(role("admin")).await;
            return Err(AppError::UnknownOrder);
        }
        "earlier error" => {
            let earlier = require(role("admin")).await;
            let _ = require(signed_in().within(Duration::ZERO)).await;
            earlier?
        }
        _ => require_user().await?,
    };
    Ok(user.id().to_owned())
}

#[server(prefix = "/api", endpoint = "test/whoami")]
async fn whoami() -> Result<Option<String>, AuthError> {
    let user = logto_leptos::user().await;
    Ok(user.map(|user| user.id().to_owned()))
}

#[server(prefix = "/api", endpoint = "test/auth-error")]
async fn for_members() -> Result<(), AuthError> {
    logto_leptos::require_user().await.map(drop)
}

#[server(prefix = "/api", endpoint = "test/double")]
async fn double(number: u32) -> Result<u32, AuthError> {
    ready(Ok(2 * number)).await
}

#[server(prefix = "/api", endpoint = "test/double-by-get", input = GetUrl)]
async fn double_by_get(number: u32) -> Result<u32, AuthError> {
    double(number).await
}

#[server(prefix = "/api", endpoint = "test/double-json", input = Json)]
async fn double_json(number: u32) -> Result<u32, AuthError> {
    double(number).await
}

#[server(prefix = "/api", endpoint = "test/handled")]
async fn handled_error() -> Result<bool, AuthError> {
    Ok(logto_leptos::require_user().await.is_ok())
}

async fn call(browser: &Browser, function: &str, by: &str) -> Page {
    let visit = browser.fetch(&format!("/api/test/{function}")).method(Method::POST);
    visit.form([("by", by)]).await
}

/// Calls the function, and returns the error that its client gets.
async fn failure(browser: &Browser, by: &str) -> (StatusCode, AuthError) {
    let page = call(browser, "guarded", by).await;
    match AppError::de(page.body().to_owned().into()) {
        AppError::Auth(error) => (page.status(), error),
        error => panic!("{error:?} {page:?}"),
    }
}

async fn assert_fails(browser: &Browser, by: &str, status: u16, code: &str, kind: AuthErrorKind) {
    let (answered, error) = failure(browser, by).await;
    assert_eq!((error.code(), error.kind()), (code, kind));
    assert_eq!((answered.as_u16(), error.status()), (status, status), "{code}");
}

#[tokio::test]
async fn a_server_function_without_a_user_answers_401() {
    let app = Guarded::start().await;
    let browser = app.browser();
    assert_fails(&browser, "user", 401, "not_signed_in", AuthErrorKind::NotSignedIn).await;
    assert_fails(&browser, "role", 401, "not_signed_in", AuthErrorKind::NotSignedIn).await;
    assert_eq!(call(&browser, "whoami", "").await.body(), "null");
    let direct = call(&browser, "auth-error", "").await;
    assert_eq!(direct.status(), 401);
    assert_eq!(AuthError::de(direct.body().to_owned().into()).code(), "not_signed_in");
}

/// A function with its own error calls the functions of this crate with `?`.
#[tokio::test]
async fn a_token_that_the_provider_denies_answers_403() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    assert_fails(&browser, "token", 403, "access_denied", AuthErrorKind::Forbidden).await;
}

#[tokio::test]
async fn a_server_function_returns_the_user_who_meets_the_requirement() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    // Without `max_age`, the provider does not say when the user entered credentials.
    browser.post_form("/sign-in", [("max_age", "300")]).await;
    for by in ["user", "role", "recent", "scope"] {
        let page = call(&browser, "guarded", by).await;
        assert_eq!((page.status(), page.body()), (StatusCode::OK, "\"usr_ada\""), "{by}");
    }
    assert_eq!(call(&browser, "whoami", "").await.body(), "\"usr_ada\"");
}

#[tokio::test]
async fn a_missing_role_answers_403() {
    let app = Guarded::start().await;
    let browser = app.signed_in("bob").await;
    assert_fails(&browser, "role", 403, "forbidden", AuthErrorKind::Forbidden).await;
}

#[tokio::test]
async fn a_sign_in_that_is_too_old_answers_401_with_its_max_age() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR / 2);
    assert_fails(&browser, "recent", 401, "step_up_needed", AuthErrorKind::StepUpNeeded).await;
    let (_, error) = failure(&browser, "recent").await;
    assert_eq!(error.max_age(), Some(Duration::from_secs(300)));
}

#[tokio::test]
async fn a_grant_that_has_ended_answers_401() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.revoke_grants("ada");
    app.provider.clock().advance(2 * HOUR);
    assert_fails(&browser, "user", 401, "sign_in_needed", AuthErrorKind::SignInNeeded).await;
}

#[tokio::test]
async fn a_user_without_access_to_the_application_answers_403() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.update_user("ada", |user| user.access_denied = true);
    app.provider.clock().advance(2 * HOUR);
    assert_fails(&browser, "user", 403, "app_access_denied", AuthErrorKind::AccessDenied).await;
}

#[tokio::test]
async fn an_unavailable_provider_answers_503_with_retry_after() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    assert_fails(
        &browser,
        "scope",
        503,
        "provider_unavailable",
        AuthErrorKind::Unavailable,
    )
    .await;
    let page = call(&browser, "guarded", "scope").await;
    assert!(page.header("retry-after").is_some(), "{page:?}");
}

#[tokio::test]
async fn an_error_of_the_configuration_answers_500_without_its_details() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    let code = "requirement_not_configured";
    assert_fails(&browser, "unknown resource", 500, code, AuthErrorKind::Internal).await;
    let page = call(&browser, "guarded", "unknown resource").await;
    assert!(!page.body().contains("unknown.example"), "{page:?}");
}

#[tokio::test]
async fn an_error_of_the_app_keeps_its_status() {
    let app = Guarded::start().await;
    let browser = app.browser();
    let page = call(&browser, "guarded", "app error").await;
    assert_eq!(page.status(), 500);
    assert_eq!(AppError::de(page.body().to_owned().into()), AppError::UnknownOrder);
    let page = call(&browser, "handled", "").await;
    assert_eq!((page.status(), page.body()), (StatusCode::OK, "false"));
}

#[tokio::test]
async fn the_status_is_that_of_the_error_with_which_the_function_fails() {
    let app = Guarded::start().await;
    let browser = app.signed_in("bob").await;
    app.provider.clock().advance(HOUR / 2);
    let page = call(&browser, "guarded", "handled").await;
    assert_eq!(page.status(), 500, "the function has handled the other error: {page:?}");
    assert_eq!(AppError::de(page.body().to_owned().into()), AppError::UnknownOrder);
    assert_fails(&browser, "earlier error", 403, "forbidden", AuthErrorKind::Forbidden).await;
}

/// Leptos redirects to the page of the form, with the error in the address.
#[tokio::test]
async fn a_form_without_javascript_returns_to_its_page() {
    let app = Guarded::start().await;
    let browser = app.browser();
    browser.get("/").await;
    let answer = browser.post_form("/api/test/guarded", [("by", "user")]);
    let answer = answer.without_redirects().await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let location = answer.location().unwrap();
    assert!(location.contains("__err="), "{location}");
}

#[tokio::test]
async fn invalid_arguments_answer_400_instead_of_500() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let app = Guarded::start().await;
    let browser = app.browser();
    let valid = browser.fetch("/api/test/double").method(Method::POST);
    assert_eq!(valid.form([("number", "2")]).await.body(), "4");
    let invalid: [(&str, &str, &[u8]); 6] = [
        ("missing", FORM, b""),
        ("duplicate", FORM, b"number=1&number=2"),
        ("of another type", FORM, b"number=one"),
        ("too large", FORM, b"number=4294967296"),
        ("not UTF-8", FORM, b"number=\xff"),
        ("JSON", "application/json", b"{\"number\":1}"),
    ];
    for (name, content_type, body) in invalid {
        let visit = browser.fetch("/api/test/double").method(Method::POST);
        assert_invalid(&visit.body(content_type, body).await, name);
    }
    for body in ["", "{", "{}", r#"{"number":-1}"#] {
        let visit = browser.fetch("/api/test/double-json").method(Method::POST);
        assert_invalid(&visit.body("application/json", body).await, body);
    }
    assert_invalid(&browser.fetch("/api/test/double-by-get?number=").await, "GET");
}

fn assert_invalid(page: &Page, name: &str) {
    let error = AuthError::de(page.body().to_owned().into());
    assert_eq!(
        (error.code(), error.kind()),
        ("invalid_arguments", AuthErrorKind::InvalidRequest),
        "{name}: {page:?}"
    );
    assert_eq!((page.status().as_u16(), error.status()), (400, 400), "{name}");
}
