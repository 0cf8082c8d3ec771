//! Changes of identifiers, linked accounts and factors.

use std::time::Duration;

use logto::{
    AccountErrorKind as Kind,
    account::{AccountIdentifier, NewMfaFactor, SocialVerification, VerifiedIdentifier},
};
use serde_json::json;

use super::{account, kind, start, verified};

#[tokio::test]
async fn users_change_their_address_with_a_code() {
    let harness = start().await;
    let account = account(&harness).await;
    let proof = verified(&account).await;
    let to = AccountIdentifier::Email("new@example.com".to_owned());
    let sent = account.send_code(&to).await.unwrap();
    assert_eq!(sent.expires_at, Some(harness.client.now().plus(600)));
    assert_eq!(
        kind(account.verify_code(&to, &sent.id, "no code").await),
        Kind::InvalidCode
    );
    let unverified = VerifiedIdentifier::new("new@example.com", sent.id.clone());
    assert_eq!(kind(account.set_email(&unverified, &proof).await), Kind::NotFound);
    let code = harness.provider.verification_code("new@example.com").unwrap();
    let record = account.verify_code(&to, &sent.id, &code).await.unwrap();
    let verified = VerifiedIdentifier::new("new@example.com", record);
    account.set_email(&verified, &proof).await.unwrap();
    assert_eq!(harness.provider.user("ada").email.as_deref(), Some("new@example.com"));
    account.remove_email(&proof).await.unwrap();
    assert_eq!(harness.provider.user("ada").email, None);
}

#[tokio::test]
async fn users_link_an_account_of_a_connector() {
    let harness = start().await;
    let account = account(&harness).await;
    let proof = verified(&account).await;
    let social = SocialVerification::new("github", "https://app.example.com/linked", "the-state");
    let start = account.start_social(&social).await.unwrap();
    assert!(start.authorization_uri.contains("state=the-state"), "{start:?}");
    let callback = json!({ "code": "1906" }).as_object().unwrap().clone();
    let record = account.finish_social(&start.record.id, callback).await.unwrap();
    account.add_identity(&record, &proof).await.unwrap();
    let linked = account.account().await.unwrap().identities.unwrap();
    assert_eq!(linked["github"].user_id, "1906");
    let token = account.identity_token("github").await.unwrap();
    assert_eq!(token.expires_in, Some(Duration::from_secs(8 * 3600)));
    assert_eq!(kind(account.sso_identity_token("c1").await), Kind::NotFound);
    assert_eq!(kind(account.add_identity(&record, &proof).await), Kind::AlreadyInUse);
    account.remove_identity("github", &proof).await.unwrap();
    assert_eq!(kind(account.remove_identity("github", &proof).await), Kind::NotFound);
}

#[tokio::test]
async fn users_add_and_remove_factors() {
    let harness = start().await;
    let account = account(&harness).await;
    let proof = verified(&account).await;
    let secret = account.generate_totp_secret().await.unwrap();
    let wrong = NewMfaFactor::totp(secret.clone(), "no code");
    assert_eq!(kind(account.add_mfa_factor(&wrong, &proof).await), Kind::InvalidCode);
    account.add_mfa_factor(&wrong.without_code(), &proof).await.unwrap();
    let codes = NewMfaFactor::backup_codes(account.generate_backup_codes().await.unwrap());
    account.add_mfa_factor(&codes, &proof).await.unwrap();
    assert_eq!(kind(account.add_mfa_factor(&codes, &proof).await), Kind::AlreadyInUse);
    let factors = account.mfa_factors().await.unwrap();
    assert_eq!(
        (
            factors.len(),
            factors[1].remain_codes,
            harness.provider.user("ada").second_factor
        ),
        (2, Some(10), true)
    );
    for factor in factors {
        account.remove_mfa_factor(&factor.id, &proof).await.unwrap();
        assert_eq!(
            kind(account.remove_mfa_factor(&factor.id, &proof).await),
            Kind::NotFound
        );
    }
    account.set_skips_mfa_on_sign_in(true, &proof).await.unwrap();
    assert!(account.skips_mfa_on_sign_in().await.unwrap());
}
