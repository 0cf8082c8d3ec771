use logto_testing::{DEFAULT_RESOURCE, Endpoint, Lifetimes, RotationRule, TestProvider, TokenFault};

use crate::client::{CHALLENGE, VERIFIER, answer, code, error, failure, http, refresh, sign_in, text, user_info};

async fn traditional() -> (TestProvider, String) {
    let lifetimes = Lifetimes::default().with_refresh_token(1000);
    let provider = TestProvider::builder().lifetimes(lifetimes).start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    (provider, token)
}

#[tokio::test]
async fn a_traditional_app_keeps_its_refresh_token_until_70_percent_of_its_lifetime() {
    let (provider, token) = traditional().await;
    provider.clock().advance(699);
    assert_eq!(refresh(&provider, &token, &[]).await.1["refresh_token"], token);
    provider.clock().advance(1);
    let next = text(&refresh(&provider, &token, &[]).await.1, "refresh_token");
    assert_ne!(next, token);
    provider.clock().advance(699);
    assert_eq!(
        refresh(&provider, &next, &[]).await.1["refresh_token"],
        next,
        "its lifetime starts at its rotation"
    );
}

#[tokio::test]
async fn a_rotated_token_returns_another_valid_one_within_three_seconds() {
    let (provider, token) = traditional().await;
    provider.clock().advance(700);
    let mut seen = vec![token.clone()];
    for _ in 0..4 {
        let (status, tokens) = refresh(&provider, &token, &[]).await;
        assert_eq!(status, 200);
        let next = text(&tokens, "refresh_token");
        assert!(!seen.contains(&next), "parallel refreshes get different tokens");
        seen.push(next);
        provider.clock().advance(1);
    }
    for next in &seen[1..] {
        assert_eq!(refresh(&provider, next, &[]).await.0, 200);
    }
}

#[tokio::test]
async fn a_rotated_token_used_after_three_seconds_revokes_the_grant() {
    let (provider, token) = traditional().await;
    provider.clock().advance(700);
    let tokens = refresh(&provider, &token, &[]).await.1;
    provider.clock().advance(4);
    let refused = refresh(&provider, &token, &[]).await;
    assert_eq!(failure(&refused), (400, "invalid_grant"));
    assert_eq!(
        error(&refresh(&provider, &text(&tokens, "refresh_token"), &[]).await.1),
        "invalid_grant"
    );
    assert_eq!(user_info(&provider, &text(&tokens, "access_token")).await.0, 401);
}

#[tokio::test]
async fn each_sign_in_has_its_own_grant() {
    let (provider, token) = traditional().await;
    provider.clock().advance(700);
    let other = text(&sign_in(&provider, &[]).await, "refresh_token");
    refresh(&provider, &token, &[]).await;
    provider.clock().advance(4);
    refresh(&provider, &token, &[]).await;
    assert_eq!(refresh(&provider, &other, &[]).await.0, 200);
}

#[tokio::test]
async fn a_rule_or_a_fault_overrides_the_default_rotation() {
    let (provider, token) = traditional().await;
    provider.fault_once(TokenFault::RotateRefreshToken);
    let next = text(&refresh(&provider, &token, &[]).await.1, "refresh_token");
    assert_ne!(next, token);
    assert_eq!(
        refresh(&provider, &next, &[]).await.1["refresh_token"],
        next,
        "rotated once"
    );

    for (rule, same) in [(RotationRule::EveryUse, false), (RotationRule::Never, true)] {
        let provider = TestProvider::builder().rotation(rule).start().await;
        let token = text(&sign_in(&provider, &[]).await, "refresh_token");
        provider.clock().advance(14 * 86_400 - 1);
        assert_eq!(
            refresh(&provider, &token, &[]).await.1["refresh_token"] == token,
            same,
            "{rule:?}"
        );
    }
}

#[tokio::test]
async fn a_public_clients_token_rotates_at_every_use_and_keeps_its_expiry() {
    let provider = TestProvider::builder()
        .public_client()
        .lifetimes(Lifetimes::default().with_refresh_token(100))
        .start()
        .await;
    let post = async |fields: &[(&str, &str)]| {
        let fields = [&[("client_id", provider.app_id())], fields].concat();
        answer(
            http()
                .post(provider.url(Endpoint::Token))
                .form(&fields)
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    let code = code(&provider, &[("code_challenge", CHALLENGE)]).await;
    let exchange = [
        ("code", code.as_str()),
        ("redirect_uri", provider.redirect_uri()),
        ("code_verifier", VERIFIER),
    ];
    let tokens = post(&[&[("grant_type", "authorization_code")], &exchange[..]].concat())
        .await
        .1;
    let first = text(&tokens, "refresh_token");

    provider.clock().advance(50);
    let second = text(
        &post(&[("grant_type", "refresh_token"), ("refresh_token", &first)])
            .await
            .1,
        "refresh_token",
    );
    assert_ne!(first, second);
    provider.clock().advance(50);
    let refused = post(&[("grant_type", "refresh_token"), ("refresh_token", &second)]).await;
    assert_eq!(failure(&refused), (400, "invalid_grant"));
}

#[tokio::test]
async fn an_invalid_target_consumes_a_rotated_token() {
    let provider = TestProvider::builder().rotation(RotationRule::EveryUse).start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    assert_eq!(
        error(&refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await.1),
        "invalid_target"
    );
    provider.clock().advance(4);
    assert_eq!(error(&refresh(&provider, &token, &[]).await.1), "invalid_grant");
}

#[tokio::test]
async fn each_use_of_a_rotated_token_restarts_the_three_seconds() {
    let (provider, token) = traditional().await;
    provider.clock().advance(700);
    for _ in 0..3 {
        assert_eq!(refresh(&provider, &token, &[]).await.0, 200);
        provider.clock().advance(3);
    }
    provider.clock().advance(1);
    assert_eq!(refresh(&provider, &token, &[]).await.0, 400);
}

#[tokio::test]
async fn a_token_rotated_by_a_fault_returns_another_one_when_it_is_reused() {
    let (provider, token) = traditional().await;
    provider.fault_once(TokenFault::RotateRefreshToken);
    let first = text(&refresh(&provider, &token, &[]).await.1, "refresh_token");
    let second = text(&refresh(&provider, &token, &[]).await.1, "refresh_token");
    assert!(second != token && second != first);
}
