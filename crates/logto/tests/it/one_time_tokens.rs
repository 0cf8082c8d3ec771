//! One-time tokens, by the Management API.

use logto::{
    ExposeSecret as _, ManagementErrorKind,
    management::{InteractionEvent, NewOneTimeToken},
};
use logto_testing::Endpoint;
use serde_json::{Value, json};

use crate::management::{kind, start};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_token_is_created_for_an_address_and_verified_once() {
    let (harness, management) = start().await;
    let now = harness.client.now();
    let created = management
        .create_one_time_token(&NewOneTimeToken::new(ADA))
        .await
        .unwrap();
    assert_eq!(
        (created.email.as_str(), created.expires_at.timestamp()),
        (ADA, now.plus(600))
    );
    let body = json!({ "token": created.secret.expose_secret(), "email": ADA });
    let verified: Value = management.post(&["one-time-tokens", "verify"], &body).await.unwrap();
    assert_eq!(
        (&verified["id"], &verified["status"]),
        (&json!(created.id), &json!("consumed"))
    );
    let again = management.post::<Value>(&["one-time-tokens", "verify"], &body).await;
    assert_eq!(kind(again), ManagementErrorKind::Invalid);
}

#[tokio::test]
async fn only_the_options_that_are_set_are_sent() {
    let (harness, management) = start().await;
    let now = harness.client.now();
    let plain = NewOneTimeToken::new(ADA);
    let full = plain
        .clone()
        .with_expires_in(60)
        .with_organization("acme")
        .with_organization("globex")
        .with_interaction_event(InteractionEvent::SignIn);
    let context = json!({ "jitOrganizationIds": ["acme", "globex"], "interactionEvent": "SignIn" });
    for (new, lifetime, context) in [(plain, 600, json!({})), (full, 60, context)] {
        let created = management.create_one_time_token(&new).await.unwrap();
        assert_eq!(created.expires_at.timestamp(), now.plus(lifetime));
        let stored: Value = management.get(&["one-time-tokens", &created.id]).await.unwrap();
        assert_eq!(stored["context"], context);
    }
}

#[tokio::test]
async fn a_revoked_token_cannot_be_used() {
    let (_harness, management) = start().await;
    let created = management
        .create_one_time_token(&NewOneTimeToken::new(ADA))
        .await
        .unwrap();
    management.revoke_one_time_token(&created.id).await.unwrap();
    let body = json!({ "token": created.secret.expose_secret(), "email": ADA });
    let refused = management.post::<Value>(&["one-time-tokens", "verify"], &body).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("one_time_token.token_revoked"), "{refused}");
    let unknown = management.revoke_one_time_token("unknown").await;
    assert_eq!(kind(unknown), ManagementErrorKind::NotFound);
}

#[tokio::test]
async fn invalid_values_are_named_and_ids_cannot_change_the_path() {
    let (harness, management) = start().await;
    for new in [NewOneTimeToken::new(""), NewOneTimeToken::new(ADA).with_expires_in(0)] {
        let refused = management.create_one_time_token(&new).await;
        assert_eq!(kind(refused), ManagementErrorKind::Invalid, "{new:?}");
    }
    let calls = harness.provider.requests(Endpoint::Management);
    management.revoke_one_time_token("..").await.unwrap_err();
    assert_eq!(harness.provider.requests(Endpoint::Management), calls);
}

#[tokio::test]
async fn debug_output_hides_the_token() {
    let (_harness, management) = start().await;
    let created = management
        .create_one_time_token(&NewOneTimeToken::new(ADA))
        .await
        .unwrap();
    assert!(!format!("{created:?}").contains(created.secret.expose_secret()));
}
