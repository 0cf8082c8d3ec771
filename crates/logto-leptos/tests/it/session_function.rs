//! Tests of the server function that the browser asks for the session.

use leptos::prelude::FromServerFnError as _;
use logto_leptos::{
    browser::{SessionView, Snapshot},
    session_snapshot,
};
use logto_testing::{Endpoint, HttpFault};

use crate::app::{App, SESSION};

async fn snapshot(app: &App) -> Snapshot {
    let body = app.post("/api/logto/session", "").await.body;
    serde_json::from_str(&body).unwrap()
}

/// Its callers are browsers. Outside a request there is no session.
#[tokio::test]
async fn its_error_has_no_advice_for_developers() {
    let error = session_snapshot().await.unwrap_err();
    assert_eq!(error.ser(), r#"{"kind":"internal","code":"no_request"}"#);
}

#[tokio::test]
async fn a_visitor_has_no_user() {
    let snapshot = snapshot(&App::start().await).await;
    assert_eq!(snapshot.state, SessionView::Anonymous);
    assert_eq!((snapshot.user, snapshot.ends_in), (None, None));
}

#[tokio::test]
async fn a_user_has_the_claims_that_pages_show_and_no_token() {
    let app = App::signed_in("ada").await;
    let body = app.post("/api/logto/session", "").await.body;
    let snapshot: Snapshot = serde_json::from_str(&body).unwrap();
    assert_eq!(snapshot.state, SessionView::Active);
    let user = snapshot.user.unwrap();
    assert_eq!(user.id, "usr_ada");
    assert_eq!(user.display_name(), "Ada Lovelace");
    assert!(user.email.unwrap().starts_with("ada@"));
    let organizations: Vec<_> = user.organizations.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(organizations, ["acme", "globex"]);
    // A JSON Web Token begins with `{"` in base64url.
    assert!(!body.contains("eyJ"), "{body}");
}

#[tokio::test]
async fn the_snapshot_says_when_the_session_ends() {
    let app = App::signed_in("ada").await;
    let week = 7 * 24 * 60 * 60;
    assert_eq!(snapshot(&app).await.ends_in, Some(week));
    app.provider.clock().advance(100);
    assert_eq!(snapshot(&app).await.ends_in, Some(week - 100));
    app.provider.clock().advance(week - 99);
    let ended = snapshot(&app).await;
    assert_eq!((ended.state, ended.ends_in), (SessionView::Anonymous, None));
    assert!(!app.has(SESSION));
}

#[tokio::test]
async fn without_a_refresh_token_the_session_ends_with_the_id_token() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let answer = app.post("/sign-in", "prompt=login").await;
    app.finish_sign_in(&answer).await;
    assert_eq!(snapshot(&app).await.ends_in, Some(3600));
}

#[tokio::test]
async fn a_user_without_access_to_the_application_has_the_state_access_denied() {
    let app = App::signed_in("ada").await;
    app.provider.update_user("ada", |user| user.access_denied = true);
    app.provider.clock().advance(3601);
    let snapshot = snapshot(&app).await;
    assert_eq!((snapshot.state, snapshot.user), (SessionView::AccessDenied, None));
}

async fn name(app: &App, form: &str) -> Option<String> {
    let body = app.post("/api/logto/session", form).await.body;
    let snapshot: Snapshot = serde_json::from_str(&body).unwrap();
    snapshot.user.unwrap().name
}

#[tokio::test]
async fn a_refetch_brings_current_claims_which_the_session_keeps() {
    let app = App::signed_in("ada").await;
    app.provider
        .update_user("ada", |user| user.name = Some("Augusta King".into()));
    assert_eq!(name(&app, "").await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(name(&app, "fresh=true").await.as_deref(), Some("Augusta King"));
    assert_eq!(name(&app, "").await.as_deref(), Some("Augusta King"));
}

#[tokio::test]
async fn a_script_that_refetches_in_a_loop_does_not_reach_the_provider_each_time() {
    let app = App::signed_in("ada").await;
    app.provider.clear_log();
    for _ in 0..5 {
        name(&app, "fresh=true").await;
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    app.provider.clock().advance(5);
    name(&app, "fresh=true").await;
    assert_eq!(app.provider.requests(Endpoint::Token), 2);
}

#[tokio::test]
async fn a_refetch_without_the_provider_or_a_refresh_token_has_the_known_claims() {
    let app = App::signed_in("ada").await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    assert_eq!(name(&app, "fresh=true").await.as_deref(), Some("Ada Lovelace"));

    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let answer = app.post("/sign-in", "prompt=login").await;
    app.finish_sign_in(&answer).await;
    app.provider.clear_log();
    assert_eq!(name(&app, "fresh=true").await.as_deref(), Some("Ada Lovelace"));
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
}
