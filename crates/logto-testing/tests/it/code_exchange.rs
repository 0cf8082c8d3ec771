use logto_testing::{Endpoint, TestProvider};
use serde_json::json;

use crate::client::{
    Fields, VERIFIER, answer, code, error, exchange, failure, http, names, post, refresh, sign_in, text, user_info,
};

#[tokio::test]
async fn a_code_returns_an_opaque_access_token_an_id_token_and_a_refresh_token() {
    let provider = TestProvider::start().await;
    let tokens = sign_in(&provider, &[]).await;
    assert_eq!(
        names(tokens.as_object().unwrap()),
        [
            "access_token",
            "expires_in",
            "id_token",
            "refresh_token",
            "scope",
            "token_type"
        ]
    );
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], "offline_access openid profile");
    assert!(!text(&tokens, "access_token").contains('.'));
}

#[tokio::test]
async fn the_token_response_forbids_caching() {
    let provider = TestProvider::start().await;
    let response = post(
        &provider,
        Endpoint::Token,
        &[("grant_type", "refresh_token"), ("refresh_token", "x")],
    )
    .await;
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn a_failed_exchange_returns_invalid_grant_and_does_not_use_up_the_code() {
    let provider = TestProvider::start().await;
    let code = code(&provider, &[]).await;
    let correct = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", provider.redirect_uri()),
        ("code_verifier", VERIFIER),
    ];
    for (name, wrong) in [
        ("code", "an-unknown-code"),
        ("code_verifier", "another-verifier-another-verifier-another-verifier"),
        ("code_verifier", ""),
        ("redirect_uri", "http://localhost:3001/callback"),
    ] {
        let fields = correct.map(|(field, value)| (field, if field == name { wrong } else { value }));
        let refused = answer(post(&provider, Endpoint::Token, &fields).await).await;
        assert_eq!(failure(&refused), (400, "invalid_grant"), "{name}={wrong}");
    }
    assert_eq!(answer(post(&provider, Endpoint::Token, &correct).await).await.0, 200);
}

#[tokio::test]
async fn a_verifier_without_a_challenge_returns_invalid_grant() {
    let provider = TestProvider::start().await;
    let code = code(&provider, &[("code_challenge", ""), ("code_challenge_method", "")]).await;
    assert_eq!(error(&exchange(&provider, &code).await.1), "invalid_grant");
}

#[tokio::test]
async fn a_code_expires_after_one_minute() {
    let provider = TestProvider::start().await;
    let (early, late) = (code(&provider, &[]).await, code(&provider, &[]).await);
    provider.clock().advance(59);
    assert_eq!(exchange(&provider, &early).await.0, 200);
    provider.clock().advance(1);
    let refused = exchange(&provider, &late).await;
    assert_eq!(failure(&refused), (400, "invalid_grant"));
}

#[tokio::test]
async fn reusing_a_code_revokes_the_tokens_issued_from_it() {
    let provider = TestProvider::start().await;
    let code = code(&provider, &[]).await;
    let tokens = exchange(&provider, &code).await.1;
    let (access, refresh_token) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert_eq!(user_info(&provider, &access).await.0, 200);

    let refused = exchange(&provider, &code).await;
    assert_eq!(failure(&refused), (400, "invalid_grant"));
    assert_eq!(user_info(&provider, &access).await.0, 401);
    assert_eq!(error(&refresh(&provider, &refresh_token, &[]).await.1), "invalid_grant");
}

async fn post_as(provider: &TestProvider, basic: Option<(&str, &str)>, fields: Fields<'_>) -> (u16, String) {
    let mut request = http().post(provider.url(Endpoint::Token));
    if let Some((id, secret)) = basic {
        request = request.basic_auth(id, Some(secret));
    }
    let fields = [&[("grant_type", "refresh_token"), ("refresh_token", "unknown")], fields].concat();
    let (status, body) = answer(request.form(&fields).send().await.unwrap()).await;
    (status.as_u16(), error(&body).to_owned())
}

#[tokio::test]
async fn the_client_sends_its_secret_in_the_header_or_the_form_and_a_wrong_secret_is_401() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let authenticated = (400, "invalid_grant".to_owned());
    assert_eq!(post_as(&provider, Some(("app", "secret")), &[]).await, authenticated);
    assert_eq!(
        post_as(&provider, Some(("app", "secret")), &[("client_id", "app")]).await,
        authenticated
    );
    assert_eq!(
        post_as(&provider, None, &[("client_id", "app"), ("client_secret", "secret")]).await,
        authenticated
    );

    let rejected = (401, "invalid_client".to_owned());
    assert_eq!(post_as(&provider, Some(("app", "wrong")), &[]).await, rejected);
    assert_eq!(
        post_as(&provider, None, &[("client_id", "app"), ("client_secret", "wrong")]).await,
        rejected
    );
    assert_eq!(post_as(&provider, None, &[("client_id", "app")]).await, rejected);

    assert_eq!(
        post_as(&provider, Some(("unknown", "secret")), &[]).await,
        (400, "invalid_client".to_owned())
    );
    let invalid = (400, "invalid_request".to_owned());
    assert_eq!(post_as(&provider, None, &[]).await, invalid);
    assert_eq!(
        post_as(&provider, Some(("app", "secret")), &[("client_secret", "secret")]).await,
        invalid
    );
    assert_eq!(
        post_as(&provider, Some(("app", "secret")), &[("client_id", "other")]).await,
        invalid
    );
}

#[tokio::test]
async fn a_secret_with_special_characters_is_form_encoded_in_the_header() {
    let provider = TestProvider::builder().client("app", "a+b c%&=:/ü").start().await;
    let encoded: String = url::form_urlencoded::byte_serialize(provider.app_secret().as_bytes()).collect();
    assert_eq!(
        post_as(&provider, Some(("app", &encoded)), &[]).await,
        (400, "invalid_grant".to_owned())
    );
    assert_eq!(
        post_as(&provider, Some(("app", provider.app_secret())), &[]).await.0,
        401
    );
}

#[tokio::test]
async fn a_public_client_sends_its_id_and_no_secret() {
    let provider = TestProvider::builder().public_client().start().await;
    let id = ("client_id", provider.app_id());
    assert_eq!(post_as(&provider, None, &[id]).await, (400, "invalid_grant".to_owned()));
    assert_eq!(
        post_as(&provider, None, &[id, ("client_secret", "x")]).await,
        (401, "invalid_client".to_owned())
    );
}

#[tokio::test]
async fn json_bodies_repeated_parameters_and_unknown_grants_are_rejected() {
    let provider = TestProvider::start().await;
    let repeated = [
        ("grant_type", "refresh_token"),
        ("scope", "openid"),
        ("scope", "profile"),
    ];
    let unknown = [("grant_type", "password")];
    let missing = [("grant_type", "authorization_code"), ("code", "x")];
    for (fields, expected) in [
        (&repeated[..], "invalid_request"),
        (&unknown, "unsupported_grant_type"),
        (&missing, "invalid_request"),
        (&[], "invalid_request"),
    ] {
        let refused = answer(post(&provider, Endpoint::Token, fields).await).await;
        assert_eq!(failure(&refused), (400, expected), "{fields:?}");
    }
    let request = http()
        .post(provider.url(Endpoint::Token))
        .json(&json!({ "grant_type": "refresh_token" }));
    assert_eq!(error(&answer(request.send().await.unwrap()).await.1), "invalid_request");
}
