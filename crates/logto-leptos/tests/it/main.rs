//! Tests of server functions and components: an app on axum, a browser and an in-process provider.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod app;
mod fallback;
mod forgotten;
mod guarded;
mod headers;
mod provider;
mod router_ext;
mod session_function;
mod sign_in;
mod ssr_modes;
mod tenants;
mod user_menu;
mod user_view;
mod without_session;

use http::StatusCode;
use leptos::prelude::*;
use logto_leptos::{SignIn, SignOut};
use logto_testing::{Endpoint, HttpFault, TestProvider, TokenFault};

use crate::app::{App, BASE, SESSION};

#[tokio::test]
async fn organization_tokens_returns_a_token_for_every_organization_of_the_user() {
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

/// Returns the audience of each organization's token, or the code of its error.
async fn organization_tokens(app: &App) -> Vec<(String, String)> {
    let answer = app.post("/api/test/organizations", "").await;
    let tokens: Vec<(String, Option<String>)> = serde_json::from_str(&answer.body).unwrap();
    let mut tokens: Vec<_> = tokens
        .into_iter()
        .map(|(id, audience)| (id, audience.unwrap()))
        .collect();
    tokens.sort();
    tokens
}

/// A Logto tenant can leave the claim out of its ID tokens.
#[tokio::test]
async fn organization_tokens_asks_userinfo_if_the_id_token_lists_no_organizations() {
    let builder = TestProvider::builder().without_id_token_claims(["organizations", "organization_roles"]);
    let app = App::with(builder).await;
    app.sign_in("ada").await;
    assert_eq!(
        organization_tokens(&app).await,
        [
            ("acme".to_owned(), "urn:logto:organization:acme".to_owned()),
            ("globex".to_owned(), "urn:logto:organization:globex".to_owned()),
        ]
    );
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 1);
}

#[tokio::test]
async fn organization_tokens_does_not_ask_userinfo_if_the_id_token_lists_organizations() {
    let app = App::signed_in("ada").await;
    app.provider.clear_log();
    assert_eq!(organization_tokens(&app).await.len(), 2);
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 0);
}

/// An organization may require multi-factor authentication, for example.
#[tokio::test]
async fn a_refused_organization_does_not_affect_the_tokens_of_the_others() {
    let app = App::signed_in("ada").await;
    app.provider.fault_once(TokenFault::Error(403, "access_denied"));
    assert_eq!(
        organization_tokens(&app).await,
        [
            ("acme".to_owned(), "access_denied".to_owned()),
            ("globex".to_owned(), "urn:logto:organization:globex".to_owned()),
        ]
    );
}

#[tokio::test]
async fn organization_tokens_asks_an_unavailable_provider_once() {
    let app = App::signed_in("ada").await;
    let before = app.provider.requests(Endpoint::Token);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    let refused: Vec<_> = organization_tokens(&app)
        .await
        .into_iter()
        .map(|(_, code)| code)
        .collect();
    assert_eq!(refused, ["provider_unavailable", "provider_unavailable"]);
    assert_eq!(app.provider.requests(Endpoint::Token), before + 1);
}

#[tokio::test]
async fn organization_tokens_fails_without_a_signed_in_user() {
    let app = App::start().await;
    let answer = app.post("/api/test/organizations", "").await;
    assert!(answer.body.contains("Please sign in"), "{answer:?}");
    let app = App::signed_in("ada").await;
    app.provider.revoke_grants("ada");
    let answer = app.post("/api/test/organizations", "").await;
    assert!(answer.body.contains("has ended"), "{answer:?}");
}

#[tokio::test]
async fn sign_in_redirects_to_the_provider_and_sets_the_transaction_cookie() {
    let app = App::start().await;
    let answer = app.post("/api/test/sign-in", "post_redirect=/profile").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
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
async fn sign_in_does_not_return_to_another_site() {
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
        // `%` starts an encoded character of the form.
        let answer = app.post("/api/test/sign-in", &format!("post_redirect={hostile}")).await;
        let callback = app.finish_sign_in(&answer).await;
        assert_eq!(callback.location(), format!("{BASE}/"), "{hostile}");
    }
}

#[tokio::test]
async fn sign_out_ends_the_session_of_the_app_and_of_the_provider() {
    let app = App::signed_in("ada").await;
    let answer = app.post("/api/test/sign-out", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!app.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    let end_session = app.provider.url(Endpoint::EndSession);
    assert!(answer.location().starts_with(&format!("{end_session}?")), "{answer:?}");
    assert_eq!(app.provider.end_session(answer.location()).await, format!("{BASE}/"));
    assert_eq!(app.provider.browser_user(), None);
}

#[test]
fn the_sign_in_button_is_a_form_with_the_return_path() {
    let html = Owner::new().with(|| view! { <SignIn return_to="/profile?tab=1">"Sign in"</SignIn> }.to_html());
    assert!(html.contains(r#"<form method="post" action="/sign-in">"#), "{html}");
    assert!(
        html.contains(r#"<input type="hidden" name="return_to" value="/profile?tab=1">"#),
        "{html}"
    );
    assert_eq!(html.matches("<input").count(), 1, "{html}");
}

#[test]
fn the_sign_out_button_can_be_limited_to_this_app() {
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

/// The response has the format of `leptos_axum::redirect`, so that Leptos calls its redirect hook.
#[tokio::test]
async fn a_script_that_signs_in_or_out_gets_the_return_value_and_the_redirect_target() {
    let app = App::start().await;
    let sign_in = app.call("/api/test/sign-in", "post_redirect=/profile").await;
    app.provider.sign_in_as("ada");
    app.finish_sign_in(&sign_in).await;
    assert!(app.has(SESSION));
    let sign_out = app.call("/api/test/sign-out", "").await;
    assert!(!app.has(SESSION));
    for (answer, endpoint) in [(sign_in, Endpoint::Authorization), (sign_out, Endpoint::EndSession)] {
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "null"));
        assert_eq!(answer.headers["serverfnredirect"], "");
        let target = format!("{}?", app.provider.url(endpoint));
        assert!(answer.location().starts_with(&target), "{answer:?}");
    }
}

#[tokio::test]
async fn cross_site_calls_of_a_get_server_function_are_rejected_unless_allowed() {
    let app = App::signed_in("ada").await;
    let refused = app.fetch("/api/test/delete", "cross-site").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.starts_with("server_function_by_get: "), "{}", refused.body);
    assert_eq!(app.fetch("/api/test/delete", "same-origin").await.body, "\"active\"");
    assert_eq!(app.fetch("/api/test/search", "cross-site").await.body, "\"active\"");
}

/// Every server function is a public endpoint. Apart from those of its tests, the crate has two.
#[test]
fn the_crate_registers_two_server_functions() {
    let of_the_tests = |path: &str| path.starts_with("/api/test/");
    let mut registered: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .filter(|(path, _)| !of_the_tests(path))
        .collect();
    registered.sort_unstable_by_key(|(path, _)| *path);
    let expected = ["/api/logto/allows", "/api/logto/session"];
    assert_eq!(registered, expected.map(|path| (path, http::Method::POST)));
}
