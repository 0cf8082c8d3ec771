//! Tokens of programs: client credentials and token exchange.

use serde_json::{Value, json};

use super::subject::{PRODUCTS, Subject, claims, refusal, refused, scope};

const MANAGEMENT: &str = "https://default.logto.app/api";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const IMPERSONATION: &str = "urn:logto:token-type:impersonation_token";
const NOT_ALLOWED: &str = "requested grant type is not allowed for this client";

pub(super) async fn a_machine_app_gets_the_scopes_that_it_asks_for(subject: &Subject) {
    let (status, token) = subject
        .machine_token(&[("resource", MANAGEMENT), ("scope", "all")])
        .await;
    assert_eq!((status.as_u16(), &token["scope"]), (200, &json!("all")), "{token}");
    let claims = claims(token["access_token"].as_str().unwrap());
    let expected = json!(["management", "management", MANAGEMENT, "all"]);
    assert_eq!(
        json!([claims["sub"], claims["client_id"], claims["aud"], claims["scope"]]),
        expected
    );
    for fields in [
        &[("resource", MANAGEMENT)][..],
        &[("resource", PRODUCTS), ("scope", "all")],
    ] {
        let (status, token) = subject.machine_token(fields).await;
        assert_eq!(status, 200, "{token}");
        assert!(token.get("scope").is_none(), "{token}");
    }
}

pub(super) async fn client_credentials_are_for_machine_apps_and_known_targets(subject: &Subject) {
    for fields in [&[("scope", "all")][..], &[("resource", "https://unknown.example.com")]] {
        let answer = subject.machine_token(fields).await;
        assert_eq!(refusal(answer), refused(400, "invalid_target"), "{fields:?}");
    }
    let answer = subject.machine_token(&[("organization_id", "acme")]).await;
    assert_eq!(
        answer.1["error_description"],
        "app has not associated with the organization"
    );
    assert_eq!(refusal(answer), refused(403, "access_denied"));
    let answer = subject
        .token(&[("grant_type", "client_credentials"), ("resource", MANAGEMENT)])
        .await;
    assert_eq!(answer.1["error_description"], NOT_ALLOWED);
    assert_eq!(refusal(answer), refused(400, "invalid_request"));
}

async fn subject_token(subject: &Subject, user_id: &str) -> String {
    let body = json!({ "userId": user_id });
    let (status, created) = subject.management("POST", "/subject-tokens", &body).await;
    assert_eq!(
        (status.as_u16(), &created["expiresIn"]),
        (201, &json!(600)),
        "{created}"
    );
    created["subjectToken"].as_str().unwrap().to_owned()
}

async fn exchange(subject: &Subject, token: &str, kind: &str, more: &[(&str, &str)]) -> (reqwest::StatusCode, Value) {
    let fields = [
        ("grant_type", EXCHANGE),
        ("subject_token", token),
        ("subject_token_type", kind),
    ];
    subject.token(&[&fields[..], more].concat()).await
}

pub(super) async fn a_subject_token_is_exchanged_once(subject: &Subject) {
    let token = subject_token(subject, "bob0demouser").await;
    let (status, issued) = exchange(subject, &token, IMPERSONATION, &[("scope", "openid email")]).await;
    assert_eq!(status, 200, "{issued}");
    assert_eq!(scope(&issued["scope"]), ["email", "openid"]);
    let names: Vec<_> = issued.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "scope", "token_type"]);
    let (_, info) = subject.user_info(issued["access_token"].as_str().unwrap()).await;
    assert_eq!(
        (&info["sub"], &info["email"]),
        (&json!("bob0demouser"), &json!("bob@example.com"))
    );
    let again = exchange(subject, &token, IMPERSONATION, &[]).await;
    assert_eq!(refusal(again), refused(400, "invalid_grant"));
    let late = subject_token(subject, "bob0demouser").await;
    subject.advance(601).await;
    let late = exchange(subject, &late, IMPERSONATION, &[]).await;
    assert_eq!(refusal(late), refused(400, "invalid_grant"));
}

pub(super) async fn a_failed_exchange_leaves_the_subject_token_usable(subject: &Subject) {
    let token = subject_token(subject, "bob0demouser").await;
    let actor = [("actor_token", "garbage"), ("actor_token_type", ACCESS_TOKEN)];
    for (more, error) in [
        (&[("organization_id", "globex")][..], (403, "access_denied")),
        (&[("resource", "https://unknown.example.com")], (400, "invalid_target")),
        (&actor, (400, "invalid_grant")),
        (&actor[..1], (400, "invalid_request")),
    ] {
        let answer = exchange(subject, &token, IMPERSONATION, more).await;
        assert_eq!(refusal(answer), refused(error.0, error.1), "{more:?}");
    }
    // The target is checked before the actor.
    let both = [&actor[..], &[("organization_id", "globex")]].concat();
    let answer = exchange(subject, &token, IMPERSONATION, &both).await;
    assert_eq!(refusal(answer), refused(403, "access_denied"));
    let target = [("resource", PRODUCTS)];
    assert_eq!(exchange(subject, &token, IMPERSONATION, &target).await.0, 200);
    let again = exchange(subject, &token, IMPERSONATION, &target).await;
    assert_eq!(refusal(again), refused(400, "invalid_grant"));
}

pub(super) async fn an_exchanged_token_names_the_actor(subject: &Subject) {
    let ada = subject.sign_in("ada", &[]).await;
    let actor = [
        ("actor_token", ada["access_token"].as_str().unwrap()),
        ("actor_token_type", ACCESS_TOKEN),
        ("resource", PRODUCTS),
        ("scope", "read:products write:products"),
    ];
    let token = subject_token(subject, "bob0demouser").await;
    let (_, issued) = exchange(subject, &token, IMPERSONATION, &actor).await;
    let claims = claims(issued["access_token"].as_str().unwrap());
    assert_eq!(
        json!([claims["sub"], claims["act"], claims["aud"], issued["scope"]]),
        json!(["bob0demouser", { "sub": "ada0demouser" }, PRODUCTS, "read:products"])
    );
    // The token is reusable as the subject of another exchange.
    let token = issued["access_token"].as_str().unwrap();
    let (_, again) = exchange(subject, token, ACCESS_TOKEN, &[("resource", PRODUCTS)]).await;
    assert_eq!(again["scope"], "");
}

pub(super) async fn an_exchange_is_refused_for_other_tokens_and_targets(subject: &Subject) {
    let ada = subject.sign_in("ada", &[]).await;
    let id_token = ada["id_token"].as_str().unwrap();
    for (token, kind) in [
        ("garbage", ACCESS_TOKEN),
        (id_token, ACCESS_TOKEN),
        (id_token, IMPERSONATION),
        (id_token, "urn:unknown"),
    ] {
        let answer = exchange(subject, token, kind, &[]).await;
        assert_eq!(refusal(answer), refused(400, "invalid_grant"), "{kind}");
    }
    for (target, error) in [
        (("resource", "https://unknown.example.com"), (400, "invalid_target")),
        (("organization_id", "globex"), (403, "access_denied")),
        (("actor_token", "garbage"), (400, "invalid_request")),
    ] {
        let token = subject_token(subject, "bob0demouser").await;
        let answer = exchange(subject, &token, IMPERSONATION, &[target]).await;
        assert_eq!(refusal(answer), refused(error.0, error.1), "{target:?}");
    }
}
