//! Server functions and components in a Leptos app on axum, seen from a browser, against an in-process provider.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod app;
mod headers;
mod readme;
mod sign_in;

use http::StatusCode;
use leptos::prelude::*;
use logto_leptos::{SignIn, SignOut, browser::SessionView};
use logto_testing::Endpoint;

use crate::app::{App, BASE, SESSION};

#[tokio::test]
async fn organization_tokens_has_a_token_for_every_organization_of_the_user() {
    let app = App::signed_in("ada").await;
    let answer = app.post("/api/test/organizations", "").await;
    let mut tokens: Vec<(String, Option<String>)> = serde_json::from_str(&answer.body).unwrap();
    tokens.sort();
    let expected = ["acme", "globex"].map(|id| (id.to_owned(), Some(format!("urn:logto:organization:{id}"))));
    assert_eq!(tokens, expected);
}

#[tokio::test]
async fn organization_tokens_of_a_user_without_organizations_is_empty() {
    let app = App::signed_in("bob").await;
    assert_eq!(app.post("/api/test/organizations", "").await.body, "[]");
}

#[tokio::test]
async fn sign_in_from_a_server_function_sends_the_browser_to_the_provider_and_keeps_the_transaction() {
    let app = App::start().await;
    let answer = app.post("/api/test/sign-in", "post_redirect=/profile").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    let authorization = app.provider.url(Endpoint::Authorization);
    assert!(
        answer.location().starts_with(&format!("{authorization}?")),
        "{answer:?}"
    );
    assert_eq!(app.transactions(), 1);

    app.provider.sign_in_as("ada");
    let callback = app.finish_sign_in(&answer).await;
    assert_eq!(callback.location(), format!("{BASE}/profile"));
    assert!(app.has(SESSION));
    assert_eq!(app.transactions(), 0);
}

#[tokio::test]
async fn a_sign_in_from_a_server_function_never_leads_to_another_site() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for hostile in [
        "https://evil.example/",
        "//evil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "/%0A/evil.example",
        "/..//evil.example",
        "@evil.example",
        ".evil.example",
        ":80@evil.example",
        "javascript:alert(1)",
    ] {
        // `%` is the form's encoding here.
        let answer = app.post("/api/test/sign-in", &format!("post_redirect={hostile}")).await;
        let callback = app.finish_sign_in(&answer).await;
        assert_eq!(callback.location(), format!("{BASE}/"), "{hostile}");
    }
}

#[tokio::test]
async fn sign_out_from_a_server_function_ends_the_session_here_and_at_the_provider() {
    let app = App::signed_in("ada").await;
    let answer = app.post("/api/test/sign-out", "").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(!app.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    let end_session = app.provider.url(Endpoint::EndSession);
    assert!(answer.location().starts_with(&format!("{end_session}?")), "{answer:?}");
    assert_eq!(app.provider.end_session(answer.location()).await, format!("{BASE}/"));
    assert_eq!(app.provider.browser_user(), None);
}

#[tokio::test]
async fn the_crate_registers_one_server_function_and_it_tells_the_state_alone() {
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with("/api/test/"))
        .collect();
    assert_eq!(paths, ["/api/logto/session"]);

    let state = async |app: &App| {
        let body = app.post("/api/logto/session", "").await.body;
        assert!(!body.contains('{'), "{body}");
        serde_json::from_str::<SessionView>(&body).unwrap()
    };
    assert_eq!(state(&App::start().await).await, SessionView::Anonymous);
    assert_eq!(state(&App::signed_in("ada").await).await, SessionView::Active);
}

#[test]
fn the_sign_in_button_is_a_form_with_the_page_to_return_to() {
    let html = Owner::new().with(|| view! { <SignIn return_to="/profile?tab=1">"Sign in"</SignIn> }.to_html());
    assert!(html.contains(r#"<form method="post" action="/sign-in">"#), "{html}");
    assert!(
        html.contains(r#"<input type="hidden" name="return_to" value="/profile?tab=1">"#),
        "{html}"
    );
    assert_eq!(html.matches("<input").count(), 1, "{html}");
}

#[test]
fn the_sign_out_button_says_whether_it_is_for_this_app_only() {
    let html = Owner::new().with(|| view! { <SignOut>"Sign out"</SignOut> }.to_html());
    assert!(
        html.contains(r#"<form method="post" action="/sign-out">"#) && !html.contains("<input"),
        "{html}"
    );
    let html = Owner::new().with(|| view! { <SignOut this_app_only=true>"Sign out"</SignOut> }.to_html());
    assert!(
        html.contains(r#"<input type="hidden" name="this_app_only" value="true">"#),
        "{html}"
    );
}

#[tokio::test]
async fn a_server_function_by_get_is_refused_unless_it_was_declared_harmless() {
    let app = App::signed_in("ada").await;
    let refused = app.fetch("/api/test/delete").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.starts_with("server_function_by_get: "), "{}", refused.body);
    assert_eq!(app.fetch("/api/test/search").await.body, "\"active\"");
}

/// Every server function is a public endpoint: the crate publishes this one and no other. Those of the tests do not count.
#[test]
fn the_crate_registers_no_server_function_that_is_not_declared() {
    let of_the_tests = |path: &str| path.starts_with("/api/test/");
    let registered: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .filter(|(path, _)| !of_the_tests(path))
        .collect();
    assert_eq!(registered, [("/api/logto/session", http::Method::POST)]);
}
