//! The Account API: verification by code, email address and phone number.

use serde_json::{Value, json};

use super::{
    account_client::{Account, email, not_verified, phone, refused},
    subject::Subject,
};

const ACCOUNT: &str = "/my-account";
const EMAIL: &str = "/my-account/primary-email";
const PHONE: &str = "/my-account/primary-phone";
const SESSIONS: &str = "/my-account/sessions";

fn set_email(value: &str, record: &str) -> Value {
    json!({ "email": value, "newIdentifierVerificationRecordId": record })
}

pub(super) async fn an_address_and_a_number_are_set_with_a_code_and_removed(subject: &Subject) {
    let mut bob = Account::of(subject, "bob").await;
    let record = bob.prove(&email("robert@example.com")).await;
    bob.ok("POST", EMAIL, &set_email("robert@example.com", &record)).await;
    let new = bob.prove(&phone("15550111")).await;
    let number = json!({ "phone": "15550111", "newIdentifierVerificationRecordId": new });
    bob.ok("POST", PHONE, &number).await;
    let account = bob.get(ACCOUNT).await;
    assert_eq!(
        (&account["primaryEmail"], &account["primaryPhone"]),
        (&json!("robert@example.com"), &json!("15550111"))
    );
    for path in [EMAIL, PHONE] {
        bob.ok("DELETE", path, &Value::Null).await;
    }
    let account = bob.get(ACCOUNT).await;
    assert_eq!(
        (&account["primaryEmail"], &account["primaryPhone"]),
        (&Value::Null, &Value::Null)
    );
    // The proof of a new address is no proof of the user's identity.
    bob.record = record;
    assert_eq!(bob.code("DELETE", EMAIL, &Value::Null).await, not_verified());
}

pub(super) async fn a_code_for_the_own_address_is_a_proof_for_ten_minutes(subject: &Subject) {
    let (mut ada, mut bob) = (Account::of(subject, "ada").await, Account::of(subject, "bob").await);
    let (unproven, _) = ada.send(&email("ada@example.com")).await;
    let proven = ada.prove(&email("ada@example.com")).await;
    ada.record.clone_from(&proven);
    ada.get(SESSIONS).await;
    bob.record.clone_from(&proven);
    assert_eq!(bob.code("GET", SESSIONS, &Value::Null).await, not_verified());
    for record in [unproven, "unknown".to_owned()] {
        ada.record = record;
        assert_eq!(ada.code("GET", SESSIONS, &Value::Null).await, not_verified());
    }
    subject.advance(600).await;
    ada.record = proven;
    assert_eq!(ada.code("GET", SESSIONS, &Value::Null).await, not_verified());
}

pub(super) async fn a_code_is_for_one_record_and_one_use(subject: &Subject) {
    let ada = Account::of(subject, "ada").await;
    let new = email("countess@example.com");
    let (record, code) = ada.send(&new).await;
    let other = email("other@example.com");
    let mismatch = refused(400, "verification_code.email_mismatch");
    assert_eq!(ada.verify(&other, &record, &code).await, mismatch);
    let no_record = refused(400, "verification_record.not_found");
    assert_eq!(ada.verify(&phone("15550100"), &record, &code).await, no_record);
    assert_eq!(ada.verify(&new, "unknown", &code).await, no_record);
    let set = set_email("countess@example.com", &record);
    assert_eq!(ada.code("POST", EMAIL, &set).await, no_record, "not verified yet");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        let mismatch = refused(400, "verification_code.code_mismatch");
        assert_eq!(ada.verify(&new, &record, wrong).await, mismatch);
    }
    let too_many = refused(400, "verification_code.exceed_max_try");
    assert_eq!(ada.verify(&new, &record, &code).await, too_many);
    let proven = ada.prove(&new).await;
    let used = refused(400, "verification_code.not_found");
    assert_eq!(ada.verify(&new, &proven, &code).await, used);
    let another = set_email("other@example.com", &proven);
    assert_eq!(ada.code("POST", EMAIL, &another).await, no_record);
    subject.advance(600).await;
    let late = Account::of(subject, "ada").await;
    let set = set_email("countess@example.com", &proven);
    assert_eq!(late.code("POST", EMAIL, &set).await, no_record, "expired");
}

pub(super) async fn identifiers_are_refused_for_other_users_values_and_scopes(subject: &Subject) {
    let ada = Account::of(subject, "ada").await;
    let taken = ada.prove(&email("BOB@example.com")).await;
    let in_use = refused(422, "user.email_already_in_use");
    assert_eq!(
        ada.code("POST", EMAIL, &set_email("BOB@example.com", &taken)).await,
        in_use
    );
    let invalid = refused(400, "guard.invalid_input");
    assert_eq!(ada.code("POST", EMAIL, &set_email("no address", &taken)).await, invalid);
    for identifier in [
        email("no address"),
        phone("+1"),
        json!({ "type": "username", "value": "ada" }),
    ] {
        let body = json!({ "identifier": identifier });
        assert_eq!(
            ada.code("POST", "/verifications/verification-code", &body).await,
            invalid
        );
    }
    let plain = Account::with_scope(subject, "ada", "openid").await;
    for path in [EMAIL, PHONE] {
        let missing = refused(400, "auth.unauthorized");
        assert_eq!(plain.code("DELETE", path, &Value::Null).await, missing);
    }
}
