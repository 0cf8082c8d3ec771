//! Requirements: the user of a request, guards of pages and APIs, step-up.

mod active_organization;
mod api;
mod facts;
mod guards;
mod step_up;
mod user;

use axum::{Router, body::Body, routing::any};
use http::{Request, StatusCode};
use logto_axum::{Logto, RequireUser, Requirement, UserScope, WebConfig};
use logto_testing::TestProvider;

use crate::app::{Answer, App, BASE, Browser};

const HOUR: u64 = 3600;

/// Scopes of the tests' requirements that the app does not request otherwise.
const SCOPES: [&str; 3] = [UserScope::Roles.as_str(), "write:products", "invite:members"];

async fn provider() -> TestProvider {
    TestProvider::builder().client("app", "secret").start().await
}

/// An app with the page `/guarded`, which shows the user's id to those who meet a requirement.
async fn guarded(requirement: impl Into<Requirement>) -> App {
    guarded_with(provider().await, requirement, |web| web)
}

fn guarded_with(
    provider: TestProvider,
    requirement: impl Into<Requirement>,
    change: impl FnOnce(WebConfig) -> WebConfig,
) -> App {
    let app = App::with_scopes(provider, &SCOPES, &[], change);
    let router = router(&app.logto, requirement);
    app.map_router(|_| router)
}

fn router(logto: &Logto, requirement: impl Into<Requirement>) -> Router {
    Router::new()
        .route("/guarded", any(async |user: RequireUser| user.id().to_owned()))
        .layer(logto.require(requirement))
        .merge(logto.routes())
        .layer(logto.layer())
}

/// Opens a page as a browser does.
async fn open(browser: &Browser<'_>, path: &str) -> Answer {
    let request = Request::get(path)
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header("accept", "text/html");
    browser.send(request.body(Body::empty()).unwrap()).await
}

/// Sends a GET as a script of this site does.
async fn fetch(browser: &Browser<'_>, path: &str) -> Answer {
    let request = Request::get(path)
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-dest", "empty");
    browser.send(request.body(Body::empty()).unwrap()).await
}

/// Follows a redirect to the provider and back. Returns the address that the browser ends at.
async fn pass_provider(browser: &Browser<'_>, sent: &Answer) -> String {
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
    let callback = browser.app.provider.authorize(&sent.location()).await;
    let back = browser.get(callback.strip_prefix(BASE).unwrap()).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{back:?}");
    back.location()
}

/// The status and the code of a response to a script.
async fn outcome(browser: &Browser<'_>) -> (u16, String) {
    let answer = fetch(browser, "/guarded").await;
    (answer.status.as_u16(), answer.body)
}

fn allowed(user: &str) -> (u16, String) {
    (200, format!("usr_{user}"))
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn assert_nothing_started(browser: &Browser<'_>, answer: &Answer) {
    assert!(!answer.headers.contains_key("location"), "{answer:?}");
    assert_eq!(browser.transactions(), 0, "{answer:?}");
}
