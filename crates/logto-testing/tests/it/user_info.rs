use logto_testing::{DEFAULT_RESOURCE, Endpoint, TestProvider};
use reqwest::header;
use serde_json::json;

use crate::client::{EVERYTHING, failure, http, refresh, sign_in, sign_in_for_everything, text, user_info};

#[tokio::test]
async fn userinfo_has_the_claims_too_large_for_an_id_token() {
    let provider = TestProvider::start().await;
    let access_token = text(&sign_in(&provider, &[("scope", EVERYTHING)]).await, "access_token");
    let (status, claims) = user_info(&provider, &access_token).await;
    assert_eq!(status, 200);
    assert_eq!(claims["sub"], "usr_ada");
    assert_eq!(claims["custom_data"], json!({ "theme": "dark" }));
    assert_eq!(claims["identities"]["github"]["userId"], "1815");
    assert_eq!(claims["sso_identities"], json!([]));
    assert_eq!(
        claims["organization_data"],
        json!([
            { "id": "acme", "name": "Acme Corporation", "description": "Anvils and more" },
            { "id": "globex", "name": "Globex Corporation", "description": null },
        ])
    );
}

#[tokio::test]
async fn userinfo_returns_only_claims_of_the_granted_scopes() {
    let provider = TestProvider::start().await;
    let access_token = text(&sign_in(&provider, &[("scope", "openid")]).await, "access_token");
    assert_eq!(user_info(&provider, &access_token).await.1, json!({ "sub": "usr_ada" }));
}

#[tokio::test]
async fn jwts_malformed_tokens_and_expired_tokens_are_401() {
    let provider = TestProvider::start().await;
    let refresh_token = sign_in_for_everything(&provider).await;
    let jwt = text(
        &refresh(&provider, &refresh_token, &[("resource", DEFAULT_RESOURCE)])
            .await
            .1,
        "access_token",
    );
    let opaque = text(&refresh(&provider, &refresh_token, &[]).await.1, "access_token");
    provider.clock().advance(3600);
    for token in [jwt.as_str(), "garbage", &opaque] {
        let refused = user_info(&provider, token).await;
        assert_eq!(failure(&refused), (401, "invalid_token"), "{token}");
    }
}

#[tokio::test]
async fn a_401_names_the_bearer_scheme() {
    let provider = TestProvider::start().await;
    let response = http()
        .get(provider.url(Endpoint::UserInfo))
        .bearer_auth("x")
        .send()
        .await
        .unwrap();
    assert!(
        response.headers()[header::WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .starts_with("Bearer ")
    );
}

#[tokio::test]
async fn a_token_without_the_openid_scope_is_403() {
    let provider = TestProvider::start().await;
    let access_token = text(&sign_in(&provider, &[("scope", "profile")]).await, "access_token");
    let refused = user_info(&provider, &access_token).await;
    assert_eq!(failure(&refused), (403, "insufficient_scope"));
}

#[tokio::test]
async fn the_token_of_a_suspended_user_is_401() {
    let provider = TestProvider::start().await;
    let access_token = text(&sign_in(&provider, &[]).await, "access_token");
    provider.update_user("ada", |ada| ada.suspended = true);
    assert_eq!(user_info(&provider, &access_token).await.0, 401);
}
