use logto_testing::{DEFAULT_RESOURCE, TestProvider};
use reqwest::StatusCode;

use crate::client::{Fields, authorization_url, http, param, sign_in, text};

async fn callback(provider: &TestProvider, fields: Fields<'_>) -> String {
    provider.authorize(&authorization_url(provider, fields)).await
}

#[tokio::test]
async fn the_callback_has_code_state_and_issuer() {
    let provider = TestProvider::start().await;
    let callback = callback(&provider, &[]).await;
    assert!(callback.starts_with(&format!("{}?code=", provider.redirect_uri())));
    assert_eq!(param(&callback, "state").as_deref(), Some("the-state"));
    assert_eq!(param(&callback, "iss"), Some(provider.issuer()));
}

#[tokio::test]
async fn the_http_response_is_a_303() {
    let provider = TestProvider::start().await;
    let response = http().get(authorization_url(&provider, &[])).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_query_in_the_redirect_uri_is_kept() {
    let provider = TestProvider::builder()
        .redirect_uri("http://localhost:3000/callback?tenant=1")
        .start()
        .await;
    let callback = callback(&provider, &[]).await;
    assert_eq!(param(&callback, "tenant").as_deref(), Some("1"));
    assert!(param(&callback, "code").is_some());
}

#[tokio::test]
async fn an_unregistered_redirect_uri_is_rejected_without_a_redirect() {
    let provider = TestProvider::start().await;
    for uri in [
        "http://localhost:3001/callback",
        "http://localhost:3000/callback/",
        "http://localhost:3000/CALLBACK",
    ] {
        let error = provider
            .try_authorize(&authorization_url(&provider, &[("redirect_uri", uri)]))
            .await
            .unwrap_err();
        assert_eq!(
            (error.status, error.body["error"].as_str()),
            (400, Some("invalid_redirect_uri")),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn an_unknown_client_is_rejected_without_a_redirect() {
    let provider = TestProvider::start().await;
    let error = provider
        .try_authorize(&authorization_url(&provider, &[("client_id", "unknown")]))
        .await
        .unwrap_err();
    assert_eq!(
        (error.status, error.body["error"].as_str()),
        (400, Some("invalid_client"))
    );
}

#[tokio::test]
async fn errors_are_sent_to_the_callback_with_state_and_issuer() {
    let provider = TestProvider::start().await;
    let cases: [(Fields<'_>, &str); 10] = [
        (
            &[
                ("resource", DEFAULT_RESOURCE),
                ("resource", "https://unknown.example.com"),
            ],
            "invalid_target",
        ),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("request", "a.b.c")], "request_not_supported"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("login_hint", "a"), ("login_hint", "b")], "invalid_request"),
        (&[("scope", "")], "invalid_request"),
    ];
    for (fields, error) in cases {
        let callback = callback(&provider, fields).await;
        assert_eq!(param(&callback, "error").as_deref(), Some(error), "{fields:?}");
        assert!(param(&callback, "error_description").is_some());
        assert_eq!(param(&callback, "state").as_deref(), Some("the-state"));
        assert_eq!(param(&callback, "iss"), Some(provider.issuer()));
        assert_eq!(param(&callback, "code"), None);
    }
}

#[tokio::test]
async fn pkce_is_optional_for_a_client_with_a_secret_and_required_without_one() {
    let without: Fields<'_> = &[("code_challenge", ""), ("code_challenge_method", "")];
    let traditional = TestProvider::start().await;
    assert!(param(&callback(&traditional, without).await, "code").is_some());
    let public = TestProvider::builder().public_client().start().await;
    assert_eq!(
        param(&callback(&public, without).await, "error").as_deref(),
        Some("invalid_request")
    );
}

#[tokio::test]
async fn prompt_none_requires_a_recent_sign_in() {
    let provider = TestProvider::start().await;
    assert!(param(&callback(&provider, &[("prompt", "none")]).await, "code").is_some());
    provider.clock().advance(11);
    let too_old = callback(&provider, &[("prompt", "none"), ("max_age", "10")]).await;
    assert_eq!(param(&too_old, "error").as_deref(), Some("login_required"));
    provider.sign_out_browser();
    let signed_out = callback(&provider, &[("prompt", "none")]).await;
    assert_eq!(param(&signed_out, "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn the_first_user_is_signed_in_by_default() {
    let provider = TestProvider::start().await;
    assert_eq!(provider.browser_user().as_deref(), Some("ada"));
    let first = provider.sid();
    provider.sign_in_as("bob");
    assert_eq!(provider.browser_user().as_deref(), Some("bob"));
    assert_ne!(provider.sid(), first);
    let id_token = text(&sign_in(&provider, &[]).await, "id_token");
    assert_eq!(crate::client::claims(&id_token)["sub"], "usr_bob");
}

#[tokio::test]
async fn logtos_own_parameters_reach_the_sign_in_page() {
    let provider = TestProvider::start().await;
    let sent: Fields<'_> = &[
        ("first_screen", "identifier:sign_in"),
        ("identifier", "email username"),
        ("direct_sign_in", "social:github"),
        ("login_hint", "ada@example.com"),
        ("ui_locales", "de en"),
    ];
    callback(&provider, sent).await;
    let request = provider.last_authorization().unwrap();
    let extra: Vec<_> = request
        .extra
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut sent = sent.to_vec();
    sent.sort_unstable();
    assert_eq!(extra, sent);
    assert_eq!(request.params.get("state"), Some("the-state"));
}

#[tokio::test]
async fn one_invalid_logto_parameter_drops_all_of_them() {
    let provider = TestProvider::start().await;
    for invalid in [
        ("first_screen", "signin"),
        ("direct_sign_in", "github"),
        ("identifier", "email, phone"),
    ] {
        callback(&provider, &[("login_hint", "ada@example.com"), invalid]).await;
        assert!(provider.last_authorization().unwrap().extra.is_empty(), "{invalid:?}");
    }
}

#[tokio::test]
async fn offline_access_without_prompt_consent_returns_no_refresh_token() {
    let provider = TestProvider::start().await;
    let tokens = sign_in(&provider, &[("prompt", "")]).await;
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(tokens["scope"], "openid profile");
    let always = TestProvider::builder().always_issue_refresh_token().start().await;
    assert!(sign_in(&always, &[("prompt", "")]).await["refresh_token"].is_string());
}
