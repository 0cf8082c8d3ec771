//! Server functions and components in a Leptos app on axum, seen from a browser, against an
//! in-process provider.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod app;
mod fallback;
mod headers;
mod sign_in;
mod ssr_modes;
mod without_session;

use http::StatusCode;
use leptos::prelude::*;
use logto_leptos::{SignIn, SignOut, browser::SessionView};
use logto_testing::{Endpoint, HttpFault, TestProvider, TokenFault};

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

/// The audience of each organization's token, or why there is none.
async fn organization_tokens(app: &App) -> Vec<(String, String)> {
    let answer = app.post("/api/test/organizations", "").await;
    let tokens: Vec<(String, Option<String>)> = serde_json::from_str(&answer.body).unwrap();
    let mut tokens: Vec<_> = tokens.into_iter().map(|(id, told)| (id, told.unwrap())).collect();
    tokens.sort();
    tokens
}

/// Logto tenants can take the claim out of ID tokens: the list was silently empty.
#[tokio::test]
async fn organization_tokens_come_by_userinfo_when_the_id_token_does_not_name_organizations() {
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
async fn organization_tokens_ask_for_no_userinfo_when_the_id_token_names_organizations() {
    let app = App::signed_in("ada").await;
    assert_eq!(organization_tokens(&app).await.len(), 2);
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 0);
}

/// One that demands multi-factor authentication, for instance, cost the user all the others.
#[tokio::test]
async fn an_organization_that_is_refused_leaves_the_tokens_of_the_others_alone() {
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
async fn organization_tokens_of_a_provider_that_is_down_ask_it_once() {
    let app = App::signed_in("ada").await;
    let before = app.provider.requests(Endpoint::Token);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    let refused: Vec<_> = organization_tokens(&app)
        .await
        .into_iter()
        .map(|(_, told)| told)
        .collect();
    assert_eq!(refused, ["provider_unavailable", "provider_unavailable"]);
    assert_eq!(app.provider.requests(Endpoint::Token), before + 1);
}

#[tokio::test]
async fn organization_tokens_without_a_session_are_an_error_and_not_an_empty_list() {
    let app = App::start().await;
    let answer = app.post("/api/test/organizations", "").await;
    assert!(answer.body.contains("signed in"), "{answer:?}");
    let app = App::signed_in("ada").await;
    app.provider.revoke_grants("ada");
    let answer = app.post("/api/test/organizations", "").await;
    assert!(answer.body.contains("has ended"), "{answer:?}");
}

#[tokio::test]
async fn sign_in_from_a_server_function_sends_the_browser_to_the_provider_and_keeps_the_transaction() {
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
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
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

#[tokio::test]
async fn that_a_user_may_no_longer_use_the_application_reaches_the_browser_as_a_state() {
    let app = App::signed_in("ada").await;
    app.provider.update_user("ada", |user| user.access_denied = true);
    app.provider.clock().advance(3601);
    let body = app.post("/api/logto/session", "").await.body;
    let state = serde_json::from_str::<SessionView>(&body).unwrap();
    assert_eq!((state, state.is_authenticated()), (SessionView::AccessDenied, false));
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

/// In the format of `leptos_axum::redirect`: the client of server functions calls its redirect
/// hook.
#[tokio::test]
async fn a_script_that_signs_in_or_out_by_a_server_function_gets_its_value_and_is_told_where_to_go() {
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
async fn a_server_function_by_get_answers_pages_of_this_site_alone_unless_it_was_opened() {
    let app = App::signed_in("ada").await;
    let refused = app.fetch("/api/test/delete", "cross-site").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.starts_with("server_function_by_get: "), "{}", refused.body);
    assert_eq!(app.fetch("/api/test/delete", "same-origin").await.body, "\"active\"");
    assert_eq!(app.fetch("/api/test/search", "cross-site").await.body, "\"active\"");
}

/// Every server function is a public endpoint: the crate publishes this one and no other. Those of
/// the tests do not count.
#[test]
fn the_crate_registers_no_server_function_that_is_not_declared() {
    let of_the_tests = |path: &str| path.starts_with("/api/test/");
    let registered: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .filter(|(path, _)| !of_the_tests(path))
        .collect();
    assert_eq!(registered, [("/api/logto/session", http::Method::POST)]);
}
