use logto_testing::TestProvider;
use serde_json::{Value, json};

use crate::client::{EVERYTHING, header, names, refresh, sign_in, text, verify};

#[tokio::test]
async fn an_id_token_has_logtos_claims_and_no_others() {
    let provider = TestProvider::start().await;
    let now = provider.clock().now();
    let id_token = text(&sign_in(&provider, &[]).await, "id_token");
    assert_eq!(names(&header(&id_token)), ["alg", "kid"]);
    let claims = verify(&provider, &id_token).unwrap();
    let expected = [
        "aud",
        "created_at",
        "exp",
        "iat",
        "iss",
        "name",
        "nonce",
        "picture",
        "sub",
        "updated_at",
        "username",
    ];
    assert_eq!(names(&claims), expected);
    assert_eq!(claims["aud"], provider.app_id());
    assert_eq!(claims["iss"], provider.issuer());
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 3600)));
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["picture"], Value::Null);
    assert!(
        claims["created_at"].as_u64().unwrap() > 1_000_000_000_000,
        "milliseconds"
    );
}

#[tokio::test]
async fn scopes_add_their_claims() {
    let provider = TestProvider::start().await;
    let id_token = text(&sign_in(&provider, &[("scope", EVERYTHING)]).await, "id_token");
    let claims = verify(&provider, &id_token).unwrap();
    assert_eq!(claims["email"], "ada@example.com");
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["roles"], json!(["admin"]));
    assert_eq!(claims["organizations"], json!(["acme", "globex"]));
    assert_eq!(claims["organization_roles"], json!(["acme:admin", "globex:member"]));
    for userinfo_only in ["custom_data", "identities", "sso_identities", "organization_data"] {
        assert_eq!(claims.get(userinfo_only), None);
    }
}

#[tokio::test]
async fn absent_profile_data_is_null_not_missing() {
    let provider = TestProvider::start().await;
    provider.sign_in_as("bob");
    let claims = verify(
        &provider,
        &text(
            &sign_in(&provider, &[("scope", "openid profile email")]).await,
            "id_token",
        ),
    );
    let claims = claims.unwrap();
    assert_eq!((&claims["name"], &claims["email"]), (&Value::Null, &Value::Null));
    assert_eq!(claims["email_verified"], false);
}

#[tokio::test]
async fn auth_time_is_the_time_of_the_sign_in_and_present_only_with_max_age() {
    let provider = TestProvider::start().await;
    let signed_in_at = provider.clock().now();
    provider.clock().advance(100);
    let auth_time = async |max_age| {
        let id_token = text(&sign_in(&provider, &[("max_age", max_age)]).await, "id_token");
        verify(&provider, &id_token).unwrap().get("auth_time").cloned()
    };
    assert_eq!(auth_time("").await, None);
    assert_eq!(auth_time("100").await, Some(json!(signed_in_at)));
    assert_eq!(
        auth_time("99").await,
        Some(json!(signed_in_at + 100)),
        "too old: authenticated again"
    );
}

#[tokio::test]
async fn prompt_login_authenticates_again() {
    let provider = TestProvider::start().await;
    provider.clock().advance(100);
    let tokens = sign_in(&provider, &[("prompt", "login consent"), ("max_age", "1000")]).await;
    let auth_time = verify(&provider, &text(&tokens, "id_token")).unwrap()["auth_time"].clone();
    assert_eq!(auth_time, json!(provider.clock().now()));
}

#[tokio::test]
async fn sid_is_present_only_if_the_application_requires_sessions() {
    let without = TestProvider::start().await;
    let id_token = text(&sign_in(&without, &[]).await, "id_token");
    assert_eq!(verify(&without, &id_token).unwrap().get("sid"), None);
    let with = TestProvider::builder().backchannel_session_required().start().await;
    let id_token = text(&sign_in(&with, &[]).await, "id_token");
    assert_eq!(verify(&with, &id_token).unwrap()["sid"], json!(with.sid()));
}

#[tokio::test]
async fn a_refreshed_id_token_keeps_nonce_and_auth_time_and_has_a_new_iat() {
    let provider = TestProvider::start().await;
    let tokens = sign_in(&provider, &[("max_age", "1000")]).await;
    let first = verify(&provider, &text(&tokens, "id_token")).unwrap();
    provider.clock().advance(60);
    let refreshed = refresh(&provider, &text(&tokens, "refresh_token"), &[]).await.1;
    let second = verify(&provider, &text(&refreshed, "id_token")).unwrap();
    for name in ["nonce", "auth_time", "sub", "iss", "aud"] {
        assert_eq!(first[name], second[name]);
    }
    assert_eq!(second["iat"].as_u64(), first["iat"].as_u64().map(|iat| iat + 60));
}
