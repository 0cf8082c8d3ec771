//! The Account API: linked accounts of social connectors.

use serde_json::{Value, json};

use super::{
    account_client::{Account, id, not_verified, refused},
    subject::Subject,
};

const PATH: &str = "/my-account/identities";
const TOKEN: &str = "/my-account/identities/github/access-token";
const START: &str = "/verifications/social";
const FINISH: &str = "/verifications/social/verify";

async fn start(account: &Account<'_>) -> Value {
    let body = json!({
        "connectorId": "github", "redirectUri": "http://127.0.0.1:3000/linked", "state": "s 1", "scope": "read:user",
    });
    account.ok("POST", START, &body).await
}

/// The body that links an account of the connector.
async fn proven(account: &Account<'_>, github_id: &str) -> Value {
    let record = id(&start(account).await);
    let body = json!({ "verificationRecordId": record, "connectorData": { "code": github_id } });
    let finished = account.ok("POST", FINISH, &body).await;
    assert_eq!(finished, json!({ "verificationRecordId": record }));
    json!({ "newIdentifierVerificationRecordId": record })
}

pub(super) async fn accounts_are_linked_replaced_and_removed(subject: &Subject) {
    let mut bob = Account::of(subject, "bob").await;
    let uri = start(&bob).await["authorizationUri"].as_str().unwrap().to_owned();
    let query = "?redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Flinked&state=s+1&scope=read%3Auser";
    assert!(uri.ends_with(query), "{uri}");
    bob.ok("POST", PATH, &proven(&bob, "1906").await).await;
    let exists = refused(400, "user.identity_already_in_use");
    let other = proven(&bob, "1907").await;
    assert_eq!(bob.code("POST", PATH, &other).await, exists);
    bob.ok("PUT", PATH, &other).await;
    assert_eq!(bob.get("/my-account").await["identities"]["github"]["userId"], "1907");
    let of_ada = proven(&bob, "1815").await;
    let in_use = refused(422, "user.identity_already_in_use");
    assert_eq!(bob.code("PUT", PATH, &of_ada).await, in_use);
    bob.ok("DELETE", &format!("{PATH}/github"), &Value::Null).await;
    let unknown = refused(404, "user.identity_not_exist");
    assert_eq!(
        bob.code("DELETE", &format!("{PATH}/github"), &Value::Null).await,
        unknown
    );
    bob.record = other["newIdentifierVerificationRecordId"].as_str().unwrap().to_owned();
    assert_eq!(
        bob.code("POST", PATH, &other).await,
        not_verified(),
        "it proves an account"
    );
}

pub(super) async fn unproven_accounts_and_unknown_connectors_are_refused(subject: &Subject) {
    let ada = Account::of(subject, "ada").await;
    let record = id(&start(&ada).await);
    let body = json!({ "newIdentifierVerificationRecordId": record });
    let no_record = refused(400, "verification_record.not_found");
    assert_eq!(ada.code("PUT", PATH, &body).await, no_record);
    let failed = json!({ "verificationRecordId": record, "connectorData": { "error": "access_denied" } });
    assert_eq!(
        ada.code("POST", FINISH, &failed).await,
        refused(400, "connector.general")
    );
    let unknown = json!({ "verificationRecordId": "unknown", "connectorData": { "code": "1" } });
    assert_eq!(ada.code("POST", FINISH, &unknown).await, no_record);
    let connector = json!({ "connectorId": "unknown", "redirectUri": "http://127.0.0.1:3000", "state": "s" });
    let no_connector = refused(422, "session.invalid_connector_id");
    assert_eq!(ada.code("POST", START, &connector).await, no_connector);
    let plain = Account::with_scope(subject, "ada", "openid").await;
    assert_eq!(plain.code("POST", PATH, &body).await, refused(401, "auth.unauthorized"));
    assert_eq!(
        plain.code("GET", TOKEN, &Value::Null).await,
        refused(401, "auth.unauthorized")
    );
    let remove = plain.code("DELETE", &format!("{PATH}/github"), &Value::Null).await;
    assert_eq!(remove, refused(400, "auth.unauthorized"));
}

pub(super) async fn a_linked_account_leaves_a_token_that_expires(subject: &Subject) {
    let bob = Account::of(subject, "bob").await;
    let unknown = refused(404, "secrets.third_party_token_set.token_not_found");
    assert_eq!(bob.code("GET", TOKEN, &Value::Null).await, unknown);
    let sso = "/my-account/sso-identities/any/access-token";
    assert_eq!(bob.code("GET", sso, &Value::Null).await, unknown);
    bob.ok("POST", PATH, &proven(&bob, "1906").await).await;
    let token = bob.get(TOKEN).await;
    assert!(!token["access_token"].as_str().unwrap().is_empty());
    assert_eq!(
        (&token["scope"], &token["token_type"]),
        (&json!("read:user"), &json!("bearer"))
    );
    assert!(token["expires_in"].as_u64().unwrap() <= 8 * 3600);
    subject.advance(8 * 3600).await;
    let later = Account::of(subject, "bob").await;
    let expired = refused(401, "secrets.third_party_token_set.access_token_expired");
    assert_eq!(later.code("GET", TOKEN, &Value::Null).await, expired);
    assert_eq!(later.code("GET", TOKEN, &Value::Null).await, unknown);
}
