//! The Account API: name, avatar, username, profile and password.

use serde_json::{Value, json};

use super::{
    account_client::{Account, not_verified, refused},
    subject::Subject,
};

const ACCOUNT: &str = "/my-account";
const PROFILE: &str = "/my-account/profile";
const PASSWORD: &str = "/my-account/password";

pub(super) async fn an_account_has_the_fields_of_the_scopes(subject: &Subject) {
    let ada = Account::of(subject, "ada").await.get(ACCOUNT).await;
    for (field, expected) in [
        ("/id", json!("ada0demouser")),
        ("/username", json!("ada")),
        ("/avatar", json!(format!("{}/pictures/ada.svg", subject.endpoint))),
        ("/primaryEmail", json!("ada@example.com")),
        ("/primaryPhone", json!("15550100")),
        ("/profile/givenName", json!("Ada")),
        ("/profile/address/locality", json!("London")),
        ("/identities/github/userId", json!("1815")),
        ("/customData/theme", json!("dark")),
        ("/hasPassword", json!(true)),
        ("/hasSecurityVerificationMethod", json!(true)),
        ("/isSuspended", json!(false)),
        ("/applicationId", Value::Null),
    ] {
        assert_eq!(ada.pointer(field), Some(&expected), "{field} of {ada}");
    }
    assert!(ada["lastSignInAt"].as_u64().unwrap() > 1_700_000_000_000);
    let plain = Account::with_scope(subject, "ada", "openid").await.get(ACCOUNT).await;
    let mut names: Vec<_> = plain.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let always = [
        "applicationId",
        "createdAt",
        "hasPassword",
        "hasSecurityVerificationMethod",
    ];
    assert_eq!(
        names,
        [&always[..], &["id", "isSuspended", "lastSignInAt", "updatedAt"]].concat()
    );
}

pub(super) async fn claims_of_the_profile_are_changed_one_by_one(subject: &Subject) {
    let ada = Account::of(subject, "ada").await;
    let change = json!({ "nickname": "Countess", "address": { "streetAddress": "1 Park" }, "unknown": 1 });
    let profile = ada.ok("PATCH", PROFILE, &change).await;
    assert_eq!(
        (&profile["nickname"], &profile["givenName"], &profile["address"]),
        (&json!("Countess"), &json!("Ada"), &json!({ "streetAddress": "1 Park" }))
    );
    assert_eq!(profile.get("unknown"), None);
    let invalid = refused(400, "guard.invalid_input");
    for change in [json!({ "nickname": 1 }), json!({ "address": "London" })] {
        assert_eq!(ada.code("PATCH", PROFILE, &change).await, invalid, "{change}");
    }
    let no_address = Account::with_scope(subject, "ada", "openid profile").await;
    let missing = refused(400, "auth.unauthorized");
    assert_eq!(
        no_address.code("PATCH", PROFILE, &json!({ "address": {} })).await,
        missing
    );
    assert_eq!(no_address.get(ACCOUNT).await.pointer("/profile/address"), None);
}

pub(super) async fn a_username_needs_a_proof_and_has_to_be_free(subject: &Subject) {
    let mut ada = Account::of(subject, "ada").await;
    let set = |username: Value| json!({ "username": username });
    let in_use = refused(422, "user.username_already_in_use");
    assert_eq!(ada.code("PATCH", ACCOUNT, &set("bob".into())).await, in_use);
    let invalid = refused(400, "guard.invalid_input");
    assert_eq!(ada.code("PATCH", ACCOUNT, &set("1 bob".into())).await, invalid);
    for username in [json!("countess"), Value::Null] {
        let changed = ada.ok("PATCH", ACCOUNT, &set(username.clone())).await;
        assert_eq!(changed["username"], username);
    }
    ada.record.clear();
    assert_eq!(ada.code("PATCH", ACCOUNT, &set("ada".into())).await, not_verified());
    let cleo = Account::of(subject, "cleo").await;
    let last = refused(400, "user.last_sign_in_method_required");
    assert_eq!(cleo.code("PATCH", ACCOUNT, &set(Value::Null)).await, last);
}

pub(super) async fn a_password_needs_a_proof_and_the_user_stays_signed_in(subject: &Subject) {
    let mut ada = Account::of(subject, "ada").await;
    let password = |text: &str| json!({ "password": text });
    let rejected = refused(422, "password.rejected");
    assert_eq!(ada.code("POST", PASSWORD, &password("short")).await, rejected);
    ada.ok("POST", PASSWORD, &password("another password")).await;
    let check = "/verifications/password";
    let wrong = refused(422, "session.invalid_credentials");
    assert_eq!(ada.code("POST", check, &password("ada-demo")).await, wrong);
    ada.ok("POST", check, &password("another password")).await;
    assert_eq!(subject.refresh(&ada.tokens, &[]).await.0, 200);
    ada.record.clear();
    assert_eq!(
        ada.code("POST", PASSWORD, &password("another password")).await,
        not_verified()
    );
}
