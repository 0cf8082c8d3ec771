//! Claims in ID tokens and at the userinfo endpoint.

use serde_json::{Map, Value, json};

use super::subject::{PRODUCTS, Subject, claims, refusal, refused};

/// The claims of an ID token without those of the protocol.
fn user_claims(tokens: &Value) -> Map<String, Value> {
    let mut claims = claims(tokens["id_token"].as_str().unwrap())
        .as_object()
        .unwrap()
        .clone();
    for name in ["iss", "aud", "exp", "iat", "nonce", "acr", "amr", "auth_time"] {
        assert!(claims.remove(name).is_some(), "{name}");
    }
    claims
}

fn ada(subject: &Subject) -> Map<String, Value> {
    let claims = json!({
        "sub": "ada0demouser",
        "username": "ada",
        "name": "Ada Lovelace",
        "picture": format!("{}/pictures/ada.svg", subject.endpoint),
        "created_at": 1_705_311_000_000_u64,
        "updated_at": 1_713_951_000_000_u64,
        "given_name": "Ada",
        "middle_name": "King",
        "family_name": "Lovelace",
        "nickname": "The Enchantress of Numbers",
        "preferred_username": "ada",
        "profile": "https://example.com/people/ada",
        "website": "https://example.com/ada",
        "gender": "female",
        "birthdate": "1815-12-10",
        "zoneinfo": "Europe/London",
        "locale": "en-GB",
        "address": {
            "formatted": "12 St James’s Square, London",
            "locality": "London",
            "country": "United Kingdom",
        },
        "email": "ada@example.com",
        "email_verified": true,
        "phone_number": "15550100",
        "phone_number_verified": true,
        "roles": ["manager"],
        "organizations": ["acme", "globex"],
        "organization_roles": ["acme:admin", "globex:member"],
    });
    claims.as_object().unwrap().clone()
}

pub(super) async fn id_tokens_have_the_claims_of_the_scopes(subject: &Subject) {
    assert_eq!(user_claims(&subject.sign_in("ada", &[]).await), ada(subject));
    let cleo = json!({
        "sub": "cleo0demousr",
        "username": "cleo",
        "name": null,
        "picture": null,
        "created_at": 1_705_483_800_000_u64,
        "updated_at": 1_705_483_800_000_u64,
        "email": null,
        "email_verified": false,
        "phone_number": null,
        "phone_number_verified": false,
        "roles": [],
        "organizations": [],
        "organization_roles": [],
    });
    assert_eq!(Value::Object(user_claims(&subject.sign_in("cleo", &[]).await)), cleo);
    let minimal = subject.sign_in("ada", &[("scope", "openid email")]).await;
    let expected = json!({ "sub": "ada0demouser", "email": "ada@example.com", "email_verified": true });
    assert_eq!(Value::Object(user_claims(&minimal)), expected);
}

pub(super) async fn user_info_has_the_larger_claims_too(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    let (status, found) = subject.user_info(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    let mut expected = ada(subject);
    let larger = json!({
        "custom_data": { "theme": "dark", "plan": { "name": "pro", "seats": 5 } },
        "identities": {
            "github": {
                "userId": "1815",
                "details": { "id": "1815", "name": "Ada Lovelace", "email": "ada@example.com" },
            },
        },
        "sso_identities": [
            { "issuer": "https://sso.example.com", "identityId": "ada", "detail": { "name": "Ada Lovelace" } },
        ],
        "organization_data": [
            { "id": "acme", "name": "Acme Inc.", "description": "Makes everything." },
            { "id": "globex", "name": "Globex Corporation", "description": null },
        ],
    });
    expected.extend(larger.as_object().unwrap().clone());
    assert_eq!(found, Value::Object(expected));
}

pub(super) async fn user_info_rejects_other_tokens(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    let (resource, _) = subject.target(&tokens, &[("resource", PRODUCTS)]).await;
    for token in [resource["access_token"].as_str().unwrap(), "garbage"] {
        assert_eq!(refusal(subject.user_info(token).await), refused(401, "invalid_token"));
    }
}

pub(super) async fn an_access_token_expires(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    let token = tokens["access_token"].as_str().unwrap();
    subject.advance(3590).await;
    assert_eq!(subject.user_info(token).await.0, 200);
    subject.advance(20).await;
    assert_eq!(refusal(subject.user_info(token).await), refused(401, "invalid_token"));
}

pub(super) async fn the_provider_has_the_picture_of_a_user(subject: &Subject) {
    let response = subject
        .http
        .get(format!("{}/pictures/ada.svg", subject.endpoint))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "image/svg+xml");
    assert!(response.text().await.unwrap().contains(">A</text>"));
}
