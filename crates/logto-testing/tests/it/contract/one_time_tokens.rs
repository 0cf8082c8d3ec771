//! The Management API: one-time tokens.

use serde_json::{Value, json};

use super::{
    management::{code, coded},
    subject::Subject,
};

pub(super) const ADA: &str = "ada@example.com";
pub(super) const BOB: &str = "bob@example.com";

/// Creates a token for an address. `more` has further fields of the request.
pub(super) async fn create(subject: &Subject, email: &str, more: Value) -> Value {
    let mut body = json!({ "email": email });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, created) = subject.management("POST", "/one-time-tokens", &body).await;
    assert_eq!(status, 201, "{created}");
    created
}

pub(super) async fn revoke(subject: &Subject, token: &Value) {
    let path = format!("/one-time-tokens/{}/status", token["id"].as_str().unwrap());
    let (status, revoked) = subject.management("PUT", &path, &json!({ "status": "revoked" })).await;
    assert_eq!((status.as_u16(), &revoked["status"]), (200, &json!("revoked")));
}

pub(super) async fn status(subject: &Subject, token: &Value) -> Value {
    let path = format!("/one-time-tokens/{}", token["id"].as_str().unwrap());
    subject.management("GET", &path, &Value::Null).await.1["status"].clone()
}

/// The ids of the tokens on a page of the list.
async fn listed(subject: &Subject, query: &str) -> Vec<Value> {
    let (_, list) = subject
        .management("GET", &format!("/one-time-tokens{query}"), &Value::Null)
        .await;
    list.as_array()
        .unwrap()
        .iter()
        .map(|token| token["id"].clone())
        .collect()
}

pub(super) async fn one_time_tokens_need_a_token_for_the_api(subject: &Subject) {
    let url = format!("{}/api/one-time-tokens", subject.endpoint);
    let post = || subject.http.post(&url).json(&json!({ "email": ADA }));
    for (request, expected) in [
        (post(), coded(401, "auth.authorization_header_missing")),
        (post().bearer_auth("garbage"), coded(401, "auth.unauthorized")),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(code((answer.status(), answer.json().await.unwrap())), expected);
    }
    assert!(listed(subject, "").await.is_empty());
}

pub(super) async fn a_one_time_token_has_a_lifetime_and_a_context(subject: &Subject) {
    let context = json!({ "jitOrganizationIds": ["acme"], "interactionEvent": "SignIn" });
    for (more, lifetime, context) in [
        (json!({}), 600, json!({})),
        (json!({ "expiresIn": 60, "context": context }), 60, context),
        (json!({ "context": { "unknown": 1 } }), 600, json!({})),
    ] {
        let token = create(subject, ADA, more).await;
        let time = |field: &str| token[field].as_u64().unwrap();
        assert_eq!(time("expiresAt") - time("createdAt"), lifetime * 1000);
        let shown = json!([token["email"], token["status"], token["context"]]);
        assert_eq!(shown, json!([ADA, "active", context]));
    }
    // Logto does not validate addresses.
    create(subject, "x", json!({})).await;
    for body in [
        json!({}),
        json!({ "email": "" }),
        json!({ "email": 7 }),
        json!({ "email": ADA, "expiresIn": 0 }),
        json!({ "email": ADA, "expiresIn": "60" }),
        json!({ "email": ADA, "context": { "interactionEvent": "SignOut" } }),
        json!({ "email": ADA, "context": { "jitOrganizationIds": "acme" } }),
        json!({ "email": ADA, "context": { "jitOrganizationIds": [1] } }),
    ] {
        let refused = subject.management("POST", "/one-time-tokens", &body).await;
        assert_eq!(code(refused), coded(400, "guard.invalid_input"), "{body}");
    }
}

pub(super) async fn one_time_tokens_are_listed_shown_and_deleted(subject: &Subject) {
    let (older, newer) = (
        create(subject, ADA, json!({})).await,
        create(subject, ADA, json!({})).await,
    );
    let of_bob = create(subject, BOB, json!({})).await;
    revoke(subject, &older).await;
    let [older, newer, of_bob] = [older, newer, of_bob].map(|token| token["id"].clone());
    for (query, expected) in [
        ("", vec![&of_bob, &newer, &older]),
        ("?email=ada@example.com", vec![&newer, &older]),
        ("?status=revoked", vec![&older]),
        ("?email=bob@example.com&status=revoked", vec![]),
        ("?page=2&page_size=2", vec![&older]),
    ] {
        assert_eq!(
            listed(subject, query).await.iter().collect::<Vec<_>>(),
            expected,
            "{query}"
        );
    }
    let path = format!("/one-time-tokens/{}", newer.as_str().unwrap());
    assert_eq!(subject.management("GET", &path, &Value::Null).await.1["email"], ADA);
    assert_eq!(subject.management("DELETE", &path, &Value::Null).await.0, 204);
    let gone = subject.management("GET", &path, &Value::Null).await;
    assert_eq!(code(gone), coded(404, "entity.not_exists_with_id"));
    let again = subject.management("DELETE", &path, &Value::Null).await;
    assert_eq!(code(again), coded(404, "entity.not_found"));
}

pub(super) async fn a_one_time_token_is_verified_once_for_its_address(subject: &Subject) {
    let verify = async |token: &Value, email: &str| {
        let body = json!({ "token": token["token"], "email": email });
        let answer = subject.management("POST", "/one-time-tokens/verify", &body).await;
        match answer.0.as_u16() {
            200 => coded(200, answer.1["status"].as_str().unwrap()),
            _ => code(answer),
        }
    };
    let refused = |name: &str| coded(400, &format!("one_time_token.{name}"));
    let unknown = json!({ "token": "unknown" });
    assert_eq!(
        verify(&unknown, ADA).await,
        coded(404, "one_time_token.token_not_found")
    );
    let token = create(subject, ADA, json!({})).await;
    assert_eq!(verify(&token, BOB).await, refused("email_mismatch"));
    assert_eq!(verify(&token, ADA).await, coded(200, "consumed"));
    assert_eq!(verify(&token, ADA).await, refused("token_consumed"));
    assert_eq!(verify(&token, BOB).await, refused("email_mismatch"), "this comes first");
    let revoked = create(subject, ADA, json!({})).await;
    revoke(subject, &revoked).await;
    assert_eq!(verify(&revoked, ADA).await, refused("token_revoked"));

    let short = create(subject, ADA, json!({ "expiresIn": 300 })).await;
    subject.advance(240).await;
    assert_eq!(status(subject, &short).await, "active");
    subject.advance(120).await;
    assert_eq!(status(subject, &short).await, "expired");
    assert_eq!(verify(&short, ADA).await, refused("token_expired"));
    subject.advance(600).await;
    assert_eq!(status(subject, &token).await, "consumed");
    assert_eq!(
        verify(&token, ADA).await,
        refused("token_expired"),
        "also if it is consumed"
    );
}

pub(super) async fn a_one_time_token_is_not_reactivated(subject: &Subject) {
    let token = create(subject, ADA, json!({})).await;
    revoke(subject, &token).await;
    let path = format!("/one-time-tokens/{}/status", token["id"].as_str().unwrap());
    for (status, expected) in [
        ("active", coded(400, "one_time_token.cannot_reactivate_token")),
        ("unknown", coded(400, "guard.invalid_input")),
    ] {
        let refused = subject.management("PUT", &path, &json!({ "status": status })).await;
        assert_eq!(code(refused), expected);
    }
    let unknown = "/one-time-tokens/unknown/status";
    let unknown = subject
        .management("PUT", unknown, &json!({ "status": "revoked" }))
        .await;
    assert_eq!(code(unknown), coded(404, "entity.not_exists_with_id"));
    assert_eq!(status(subject, &token).await, "revoked");
}
