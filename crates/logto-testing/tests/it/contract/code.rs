//! The code exchange, PKCE and client authentication.

use serde_json::{Value, json};

use super::{
    browser::Browser,
    subject::{Subject, claims, header, refusal, refused, scope},
};

pub(super) async fn a_code_becomes_an_id_token_an_opaque_token_and_a_refresh_token(subject: &Subject) {
    let callback = subject.callback(&Browser::default(), "ada", &[]).await;
    assert_eq!(callback.names(), ["code", "iss", "state"]);
    assert_eq!(
        (callback.get("state"), callback.get("iss")),
        ("the-state", subject.issuer().as_str())
    );
    let (status, tokens) = subject.exchange(&callback.code(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    assert!(tokens["refresh_token"].is_string());
    assert_eq!(
        claims(tokens["access_token"].as_str().unwrap()),
        Value::Null,
        "an opaque token"
    );
    assert!(scope(&tokens["scope"]).contains(&"offline_access"));

    let id_token = tokens["id_token"].as_str().unwrap();
    let header = header(id_token);
    assert_eq!(header["alg"], "ES384");
    assert_eq!(header.as_object().unwrap().keys().collect::<Vec<_>>(), ["alg", "kid"]);
    let claims = claims(id_token);
    for (name, value) in [
        ("iss", json!(subject.issuer())),
        ("aud", json!(subject.app_id)),
        ("sub", json!("ada0demouser")),
        ("nonce", json!("the-nonce")),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3600);
    assert!(claims["at_hash"].is_null() && claims["auth_time"].is_u64());
}

pub(super) async fn offline_access_needs_the_prompt_consent(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[("prompt", "")]).await;
    assert!(tokens["refresh_token"].is_null());
    assert!(!scope(&tokens["scope"]).contains(&"offline_access"));
}

pub(super) async fn a_wrong_or_missing_verifier_is_an_invalid_grant(subject: &Subject) {
    for verifier in ["another-verifier-of-forty-three-characters-", ""] {
        let code = subject.callback(&Browser::default(), "ada", &[]).await.code();
        let answer = subject.exchange(&code, &[("code_verifier", verifier)]).await;
        assert_eq!(refusal(answer), refused(400, "invalid_grant"), "{verifier}");
    }
}

pub(super) async fn another_redirect_uri_is_an_invalid_grant(subject: &Subject) {
    let code = subject.callback(&Browser::default(), "ada", &[]).await.code();
    let answer = subject
        .exchange(&code, &[("redirect_uri", "http://localhost:3000/callback")])
        .await;
    assert_eq!(refusal(answer), refused(400, "invalid_grant"));
}

pub(super) async fn a_code_that_is_used_twice_revokes_its_tokens(subject: &Subject) {
    let code = subject.callback(&Browser::default(), "ada", &[]).await.code();
    let (_, tokens) = subject.exchange(&code, &[]).await;
    assert_eq!(
        refusal(subject.exchange(&code, &[]).await),
        refused(400, "invalid_grant")
    );
    assert_eq!(
        refusal(subject.refresh(&tokens, &[]).await),
        refused(400, "invalid_grant")
    );
    assert_eq!(subject.user_info(tokens["access_token"].as_str().unwrap()).await.0, 401);
}

pub(super) async fn the_client_authenticates_by_header_or_form(subject: &Subject) {
    let token = subject.sign_in("ada", &[]).await["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let send = async |id: &str, secret: &str, in_form: bool| {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", &token)];
        let mut request = subject.http.post(subject.url("/token"));
        if in_form {
            fields.extend([("client_id", id), ("client_secret", secret)]);
        } else {
            request = request.basic_auth(id, Some(secret));
        }
        let response = request.form(&fields).send().await.unwrap();
        (response.status(), response.json::<Value>().await.unwrap())
    };
    let (id, secret) = (subject.app_id.as_str(), subject.app_secret.as_str());
    for in_form in [false, true] {
        assert_eq!(send(id, secret, in_form).await.0, 200, "in the form: {in_form}");
        let wrong = send(id, "wrong", in_form).await;
        assert_eq!(wrong.1["code"], "oidc.invalid_client");
        assert_eq!(refusal(wrong), refused(401, "invalid_client"), "in the form: {in_form}");
        assert_eq!(
            refusal(send("unknown", secret, in_form).await),
            refused(400, "invalid_client")
        );
    }
}
