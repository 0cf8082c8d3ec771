//! Webhooks: no body is read without its signature, and an event is consistent with its body.
#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use logto::{Timestamp, WebhookError, WebhookEventKind, WebhookSignature, WebhookVerifier};
use serde_json::Value;

const KEY: &str = "a signing key for fuzzing";
const NOW: u64 = 1_800_000_000;

static VERIFIER: LazyLock<WebhookVerifier> =
    LazyLock::new(|| WebhookVerifier::new([KEY.into()]).expect("a key that is long enough"));

fuzz_target!(|data: &[u8]| {
    check_header(data);
    let verify = |signature: &WebhookSignature| VERIFIER.verify(signature, data, Timestamp::from_secs(NOW));
    let unsigned = signature(&[b'0'; 64]).expect("64 digits");
    assert_eq!(verify(&unsigned).err(), Some(WebhookError::Signature));
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let digits: String = hmac::sign(&key, data).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let signed = signature(digits.as_bytes()).expect("64 digits");
    let event = match verify(&signed) {
        Err(error) => return assert!(error != WebhookError::Signature),
        Ok(event) => event,
    };
    let age = NOW.abs_diff(event.created_at().as_secs());
    assert!(age <= 660, "{age}");
    // A body that is too deep for a `Value` is an event all the same.
    let body: Option<Value> = event.read().ok();
    if let Some(body) = &body {
        assert_eq!(body["event"], event.name());
    }
    match event.kind() {
        WebhookEventKind::UserDeleted { user_id, .. } => {
            assert_eq!(event.name(), "User.Deleted");
            assert!(!user_id.is_empty());
        }
        WebhookEventKind::UserSuspensionStatusUpdated { is_suspended, .. } => {
            if let Some(body) = &body {
                assert_eq!(body["data"]["isSuspended"], *is_suspended);
            }
        }
        WebhookEventKind::OrganizationMembershipUpdated(update) => {
            let ids = update.added_user_ids.iter().chain(&update.removed_user_ids);
            assert!(ids.into_iter().all(|id| !id.is_empty()));
        }
        _ => {}
    }
});

/// A signature that is read has exactly 64 lowercase hexadecimal digits.
fn check_header(data: &[u8]) {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if signature(data).is_some() {
        assert!(data.len() == 64 && data.iter().all(is_digit));
    }
}

fn signature(value: &[u8]) -> Option<WebhookSignature> {
    let name = HeaderName::from_static(WebhookSignature::HEADER);
    let headers = HeaderMap::from_iter([(name, HeaderValue::from_bytes(value).ok()?)]);
    WebhookSignature::from_headers(&headers).ok()
}
