//! The Account API: the factors of multi-factor authentication, and the settings for them.

use serde_json::{Value, json};

use super::{
    account_client::{Account, not_verified, refused},
    subject::Subject,
};

const PATH: &str = "/my-account/mfa-verifications";
const SETTINGS: &str = "/my-account/mfa-settings";
const CONFIGS: &str = "/my-account/logto-configs";

/// An authenticator app whose code Logto does not check.
async fn app(account: &Account<'_>) -> Value {
    let generated = account
        .ok("POST", &format!("{PATH}/totp-secret/generate"), &json!({}))
        .await;
    assert_eq!(generated["secret"].as_str().unwrap().len(), 16);
    json!({ "type": "Totp", "secret": generated["secret"] })
}

pub(super) async fn factors_are_added_and_removed(subject: &Subject) {
    let bob = Account::of(subject, "bob").await;
    assert_eq!(bob.get(PATH).await, json!([]));
    let generated = bob
        .ok("POST", &format!("{PATH}/backup-codes/generate"), &json!({}))
        .await;
    let backup = json!({ "type": "BackupCode", "codes": generated["codes"] });
    let alone = refused(422, "session.mfa.backup_code_can_not_be_alone");
    assert_eq!(bob.code("POST", PATH, &backup).await, alone);
    bob.ok("POST", PATH, &app(&bob).await).await;
    bob.ok("POST", PATH, &backup).await;
    let factors = bob.get(PATH).await;
    assert_eq!(
        (&factors[0]["type"], &factors[1]["type"], &factors[1]["remainCodes"]),
        (&json!("Totp"), &json!("BackupCode"), &json!(10))
    );
    for (body, code) in [
        (app(&bob).await, "user.totp_already_in_use"),
        (backup, "user.backup_code_already_in_use"),
    ] {
        assert_eq!(bob.code("POST", PATH, &body).await, refused(422, code));
    }
    for factor in factors.as_array().unwrap().iter().rev() {
        let path = format!("{PATH}/{}", factor["id"].as_str().unwrap());
        bob.ok("DELETE", &path, &Value::Null).await;
        let gone = refused(400, "verification_record.not_found");
        assert_eq!(bob.code("DELETE", &path, &Value::Null).await, gone);
    }
    assert_eq!(bob.get(PATH).await, json!([]));
    let ada = Account::of(subject, "ada").await;
    assert_eq!(ada.get(PATH).await[0]["type"], "Totp");
    ada.ok("DELETE", &format!("{PATH}/totp"), &Value::Null).await;
    assert_eq!(ada.get(PATH).await, json!([]));
}

pub(super) async fn wrong_factors_and_passkeys_are_refused(subject: &Subject) {
    let mut bob = Account::of(subject, "bob").await;
    let replace = format!("{PATH}/totp");
    let mut wrong = app(&bob).await;
    wrong["code"] = json!("no code");
    for (method, path) in [("POST", PATH), ("PUT", &replace)] {
        let refusal = refused(400, "session.mfa.invalid_totp_code");
        assert_eq!(bob.code(method, path, &wrong).await, refusal);
    }
    for (body, status, code) in [
        (
            json!({ "type": "Totp", "secret": "not base 32" }),
            400,
            "user.totp_secret_invalid",
        ),
        (json!({ "type": "Telepathy" }), 400, "guard.invalid_input"),
        (
            json!({ "type": "WebAuthn", "newIdentifierVerificationRecordId": "x" }),
            400,
            "session.mfa.mfa_factor_not_enabled",
        ),
    ] {
        assert_eq!(bob.code("POST", PATH, &body).await, refused(status, code), "{body}");
    }
    bob.ok("POST", PATH, &app(&bob).await).await;
    let short = json!({ "type": "BackupCode", "codes": ["0123456789"] });
    assert_eq!(
        bob.code("POST", PATH, &short).await,
        refused(422, "user.wrong_backup_code_format")
    );
    let rename = bob
        .code("PATCH", &format!("{PATH}/x/name"), &json!({ "name": "x" }))
        .await;
    assert_eq!(rename, refused(400, "verification_record.not_found"));
    let passkey = bob
        .call("POST", "/verifications/web-authn/registration", &Value::Null)
        .await;
    assert_eq!(passkey.0, 404, "as an older server");
    let plain = Account::with_scope(subject, "bob", "openid").await;
    let missing = refused(401, "auth.unauthorized");
    assert_eq!(plain.code("GET", PATH, &Value::Null).await, missing);
    assert_eq!(plain.code("POST", PATH, &short).await, missing);
    bob.record.clear();
    assert_eq!(bob.code("POST", PATH, &short).await, not_verified());
}

pub(super) async fn settings_of_the_second_factor_are_kept(subject: &Subject) {
    let mut bob = Account::of(subject, "bob").await;
    assert_eq!(bob.get(SETTINGS).await, json!({ "skipMfaOnSignIn": false }));
    let skip = json!({ "skipMfaOnSignIn": true });
    assert_eq!(bob.ok("PATCH", SETTINGS, &skip).await, skip);
    let change = json!({ "mfa": { "skipped": true }, "unknown": 1 });
    let expected = json!({
        "mfa": { "skipped": true, "skipMfaOnSignIn": true }, "passkeySignIn": { "skipped": false },
    });
    assert_eq!(bob.ok("PATCH", CONFIGS, &change).await, expected);
    assert_eq!(bob.get(CONFIGS).await, expected);
    let invalid = refused(400, "guard.invalid_input");
    let wrong = json!({ "mfa": { "skipped": "yes" } });
    assert_eq!(bob.code("PATCH", CONFIGS, &wrong).await, invalid);
    assert_eq!(bob.code("PATCH", SETTINGS, &json!({})).await, invalid);
    bob.record.clear();
    assert_eq!(bob.code("PATCH", SETTINGS, &skip).await, not_verified());
    assert_eq!(bob.code("PATCH", CONFIGS, &change).await, not_verified());
    let plain = Account::with_scope(subject, "bob", "openid").await;
    for path in [SETTINGS, CONFIGS] {
        assert_eq!(
            plain.code("GET", path, &Value::Null).await,
            refused(401, "auth.unauthorized")
        );
    }
}
