//! Verifying webhooks, without a server.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use logto::{
    Diagnose as _, Interaction, SecretString, Timestamp, WebhookError, WebhookEvent, WebhookEventKind,
    WebhookSignature, WebhookVerifier,
};
use logto_testing::TestWebhook;
use serde_json::json;

const KEY: &str = "a signing key of Logto";
const BODY: &str = r#"{"event":"User.Deleted","hookId":"hook_1","createdAt":"2026-11-30T10:00:00.500Z","params":{"userId":"usr_ada"},"data":{"id":"usr_ada","name":"Zoë"}}"#;
/// Of OpenSSL: `openssl dgst -sha256 -hmac`.
const SIGNATURE: &str = "b74556860bce0d57cdc42b94884f7e31a67e65eb62fcf5811dd0f4d9f2570380";
const CREATED: u64 = 1_796_032_800;

fn verifier(keys: &[&str]) -> WebhookVerifier {
    WebhookVerifier::new(keys.iter().map(|key| SecretString::from(*key))).unwrap()
}

fn signature(text: &str) -> Result<WebhookSignature, WebhookError> {
    let headers = HeaderMap::from_iter([(
        WebhookSignature::HEADER.parse().unwrap(),
        HeaderValue::from_str(text).unwrap(),
    )]);
    WebhookSignature::from_headers(&headers)
}

/// Verifies the webhook at the time of its event.
fn verified(webhook: &TestWebhook) -> Result<WebhookEvent, WebhookError> {
    let body = webhook.clone().at(CREATED).body();
    let signature = signature(&TestWebhook::signature(&body, KEY)).unwrap();
    verifier(&[KEY]).verify(&signature, body.as_bytes(), Timestamp::from_secs(CREATED))
}

#[test]
fn a_signature_of_openssl_is_valid_with_its_key_alone() {
    let (signature, now) = (signature(SIGNATURE).unwrap(), Timestamp::from_secs(CREATED));
    let event = verifier(&[KEY]).verify(&signature, BODY.as_bytes(), now).unwrap();
    assert_eq!((event.name(), event.hook_id()), ("User.Deleted", "hook_1"));
    assert_eq!(event.created_at(), now);
    assert_eq!(event.read::<serde_json::Value>().unwrap()["data"]["name"], "Zoë");
    for keys in [&["another signing key", KEY][..], &[KEY, "another signing key"]] {
        assert!(verifier(keys).verify(&signature, BODY.as_bytes(), now).is_ok());
    }
    let other = verifier(&["another signing key"]).verify(&signature, BODY.as_bytes(), now);
    assert_eq!(other.unwrap_err(), WebhookError::Signature);
}

#[test]
fn the_signature_is_verified_before_the_body_is_read() {
    let verifier = verifier(&[KEY]);
    let wrong = signature(&"0".repeat(64)).unwrap();
    for body in [&b""[..], b"\xff", b"{}", b"[[[["] {
        let refused = verifier
            .verify(&wrong, body, Timestamp::from_secs(CREATED))
            .unwrap_err();
        assert_eq!(refused.code(), "webhook_signature");
    }
}

#[test]
fn a_key_that_is_missing_or_short_is_a_problem_of_the_configuration() {
    let codes = |keys: &[&str]| {
        let error = WebhookVerifier::new(keys.iter().map(|key| SecretString::from(*key))).unwrap_err();
        error.problems.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&[]), ["webhook_signing_key_missing"]);
    assert_eq!(codes(&[KEY, ""]), ["webhook_signing_key_short"]);
    assert_eq!(codes(&["fifteen bytes.."]), ["webhook_signing_key_short"]);
}

#[test]
fn an_event_is_accepted_for_its_age_and_the_clock_tolerance() {
    let verifier = verifier(&[KEY])
        .with_max_age(Duration::from_secs(30))
        .with_clock_tolerance(5);
    let signature = signature(SIGNATURE).unwrap();
    let at = |seconds: u64| {
        let event = verifier.verify(&signature, BODY.as_bytes(), Timestamp::from_secs(seconds));
        event.map_or_else(|error| error.code(), |_| "accepted")
    };
    assert_eq!(at(CREATED + 35), "accepted");
    assert_eq!(at(CREATED + 36), "webhook_expired");
    assert_eq!(at(CREATED - 5), "accepted");
    assert_eq!(at(CREATED - 6), "webhook_not_yet_valid");
    assert_eq!(at(u64::MAX), "webhook_expired");
    assert_eq!(at(0), "webhook_not_yet_valid");
}

#[test]
fn the_known_events_have_their_data() {
    let kind = |webhook: TestWebhook| verified(&webhook).unwrap().kind().clone();
    let user = || json!({"id": "usr_ada"});
    let WebhookEventKind::UserDeleted { user_id } = kind(TestWebhook::user_deleted("usr_ada")) else {
        panic!()
    };
    assert_eq!(user_id, "usr_ada");
    for is_suspended in [true, false] {
        let kind = kind(TestWebhook::user_suspended("usr_ada", is_suspended));
        let WebhookEventKind::UserSuspensionStatusUpdated {
            is_suspended: found, ..
        } = kind
        else {
            panic!()
        };
        assert_eq!(found, is_suspended);
    }
    let created = kind(TestWebhook::new("User.Created").with("data", user()));
    assert!(matches!(created, WebhookEventKind::UserCreated { user_id } if user_id == "usr_ada"));
    let updated = kind(TestWebhook::new("User.Data.Updated").with("data", user()));
    assert!(matches!(updated, WebhookEventKind::UserDataUpdated { user_id } if user_id == "usr_ada"));
    let WebhookEventKind::PostSignIn(Interaction {
        user_id,
        application_id,
        ..
    }) = kind(TestWebhook::signed_in("usr_ada"))
    else {
        panic!();
    };
    assert_eq!((user_id.as_str(), application_id.as_deref()), ("usr_ada", Some("app")));
    for name in ["PostRegister", "PostResetPassword"] {
        let kind = kind(TestWebhook::new(name).with("userId", "usr_ada"));
        let (WebhookEventKind::PostRegister(found) | WebhookEventKind::PostResetPassword(found)) = kind else {
            panic!("{name}");
        };
        assert_eq!((found.user_id.as_str(), found.application_id), ("usr_ada", None));
    }
    let deleted = kind(TestWebhook::new("Organization.Deleted").with("params", json!({"id": "acme"})));
    let WebhookEventKind::OrganizationDeleted { organization_id } = deleted else {
        panic!()
    };
    assert_eq!(organization_id, "acme");
    let limited = TestWebhook::new("Grant.LimitExceeded")
        .with("userId", "usr_ada")
        .with("applicationId", "app");
    let WebhookEventKind::GrantLimitExceeded(grants) = kind(limited.with("revokedGrantIds", json!(["one", "two"])))
    else {
        panic!();
    };
    assert_eq!(grants.revoked_grant_ids, ["one", "two"]);
    assert_eq!(kind(TestWebhook::new("Scope.Deleted")), WebhookEventKind::Other);
}

#[test]
fn a_change_of_members_names_those_who_joined_and_left() {
    let update = |webhook: TestWebhook| match verified(&webhook).unwrap().kind() {
        WebhookEventKind::OrganizationMembershipUpdated(update) => update.clone(),
        other => panic!("{other:?}"),
    };
    let changed = update(TestWebhook::membership_updated("acme", &["usr_bob"], &["usr_ada"]));
    assert_eq!(changed.organization_id, "acme");
    assert_eq!(
        (changed.added_user_ids, changed.removed_user_ids),
        (vec!["usr_bob".into()], vec!["usr_ada".into()])
    );
    let apps = TestWebhook::membership_updated("acme", &[], &[]).with("addedApplicationIds", json!(["app"]));
    assert!(!update(apps).names_no_members());
    assert!(update(TestWebhook::membership_updated("acme", &[], &[])).names_no_members());
}

#[test]
fn debug_output_has_neither_keys_nor_signatures_nor_personal_data() {
    let webhook = TestWebhook::user_deleted("usr_ada").with("data", json!({"id": "usr_ada", "name": "Ada Lovelace"}));
    let signature = signature(SIGNATURE).unwrap();
    let text = format!("{:?} {signature:?} {:?}", verified(&webhook).unwrap(), verifier(&[KEY]));
    for secret in [KEY, SIGNATURE, "Lovelace"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(text.contains("User.Deleted"), "{text}");
}
