//! Refreshes and the rotation of refresh tokens.

use serde_json::json;

use super::subject::{Subject, claims, refusal, refused};

const DAY: u64 = 86_400;

pub(super) async fn a_refresh_token_stays_until_most_of_its_life_has_passed(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    subject.advance(9 * DAY).await;
    let (_, early) = subject.refresh(&tokens, &[]).await;
    assert_eq!(early["refresh_token"], tokens["refresh_token"]);
    subject.advance(DAY).await;
    let (_, late) = subject.refresh(&tokens, &[]).await;
    assert!(late["refresh_token"].is_string() && late["refresh_token"] != tokens["refresh_token"]);
}

pub(super) async fn a_rotated_token_is_accepted_for_three_seconds(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    subject.advance(10 * DAY).await;
    let (_, rotated) = subject.refresh(&tokens, &[]).await;
    let (status, again) = subject.refresh(&tokens, &[]).await;
    assert_eq!(status, 200);
    assert_ne!(again["refresh_token"], rotated["refresh_token"]);
    subject.advance(5).await;
    assert_eq!(
        refusal(subject.refresh(&tokens, &[]).await),
        refused(400, "invalid_grant")
    );
    let newest = subject.refresh(&rotated, &[]).await;
    assert_eq!(
        refusal(newest),
        refused(400, "invalid_grant"),
        "a late reuse revokes the grant"
    );
}

pub(super) async fn a_refreshed_id_token_keeps_subject_and_nonce(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    let (refreshed, access) = subject.target(&tokens, &[]).await;
    assert!(access.is_null(), "without a target the access token is opaque");
    let claims = claims(refreshed["id_token"].as_str().unwrap());
    assert_eq!(
        (&claims["sub"], &claims["nonce"]),
        (&json!("ada0demouser"), &json!("the-nonce"))
    );
}

pub(super) async fn unknown_and_expired_tokens_are_invalid_grants(subject: &Subject) {
    let unknown = subject.refresh(&json!({ "refresh_token": "unknown" }), &[]).await;
    let expected = json!({
        "code": "oidc.invalid_grant",
        "message": "Grant request is invalid.",
        "error": "invalid_grant",
        "error_description": "grant request is invalid",
    });
    assert_eq!(unknown.1, expected);
    let tokens = subject.sign_in("ada", &[]).await;
    subject.advance(14 * DAY + 1).await;
    let expired = subject.refresh(&tokens, &[]).await;
    assert_eq!(expired.1, expected);
    assert_eq!(
        (unknown.0, expired.0),
        (400.try_into().unwrap(), 400.try_into().unwrap())
    );
}

pub(super) async fn a_missing_parameter_or_another_grant_type_is_refused(subject: &Subject) {
    let missing = subject.token(&[("grant_type", "refresh_token")]).await;
    assert_eq!(refusal(missing), refused(400, "invalid_request"));
    let other = subject.token(&[("grant_type", "password")]).await;
    assert_eq!(refusal(other), refused(400, "unsupported_grant_type"));
}
