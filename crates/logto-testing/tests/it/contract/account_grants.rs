//! The Account API: sessions and grants.

use serde_json::{Value, json};

use super::{
    account_client::{Account, not_verified, refused},
    subject::Subject,
};

const SESSIONS: &str = "/my-account/sessions";
const GRANTS: &str = "/my-account/grants";

/// The path of the session that the account's token belongs to.
async fn current(account: &Account<'_>) -> String {
    let listed = account.get(SESSIONS).await;
    let sessions = listed["sessions"].as_array().unwrap();
    let current: Vec<_> = sessions.iter().filter(|session| session["isCurrent"] == true).collect();
    assert_eq!(current.len(), 1, "{listed}");
    format!("{SESSIONS}/{}", current[0]["payload"]["uid"].as_str().unwrap())
}

async fn refreshes(subject: &Subject, account: &Account<'_>) -> u16 {
    subject.refresh(&account.tokens, &[]).await.0.as_u16()
}

pub(super) async fn grants_are_listed_and_revoked(subject: &Subject) {
    let (ada, bob) = (Account::of(subject, "ada").await, Account::of(subject, "bob").await);
    let listed = ada.get(GRANTS).await;
    let grant = &listed["grants"][0];
    assert_eq!(listed["grants"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(grant["application"]["id"], subject.app_id.as_str());
    let scope = grant["payload"]["openid"]["scope"].as_str().unwrap();
    assert!(scope.contains("urn:logto:scope:sessions"));
    let third_party = ada.get(&format!("{GRANTS}?appType=thirdParty")).await;
    assert_eq!(third_party, json!({ "grants": [] }));
    let invalid = ada.code("GET", &format!("{GRANTS}?appType=x"), &Value::Null).await;
    assert_eq!(invalid, refused(400, "guard.invalid_input"));
    let path = format!("{GRANTS}/{}", grant["id"].as_str().unwrap());
    let unknown = refused(404, "oidc.invalid_grant");
    assert_eq!(bob.code("DELETE", &path, &Value::Null).await, unknown);
    let another = Account::of(subject, "ada").await;
    another.ok("DELETE", &path, &Value::Null).await;
    assert_eq!(another.code("DELETE", &path, &Value::Null).await, unknown);
    assert_eq!(
        ada.code("GET", "/my-account", &Value::Null).await,
        refused(401, "auth.unauthorized")
    );
    assert_eq!(refreshes(subject, &ada).await, 400);
    assert_eq!(refreshes(subject, &another).await, 200);
}

pub(super) async fn a_session_ends_with_or_without_its_grants(subject: &Subject) {
    let ada = Account::of(subject, "ada").await;
    for (query, status) in [
        ("", 200),
        ("?revokeGrantsTarget=firstParty", 400),
        ("?revokeGrantsTarget=all", 400),
    ] {
        let other = Account::of(subject, "ada").await;
        let path = current(&other).await;
        ada.ok("DELETE", &format!("{path}{query}"), &Value::Null).await;
        let gone = refused(400, "oidc.session_not_found");
        assert_eq!(ada.code("DELETE", &path, &Value::Null).await, gone);
        assert_eq!(refreshes(subject, &other).await, status, "{query}");
    }
}

pub(super) async fn sessions_and_grants_need_a_proof_and_the_scope(subject: &Subject) {
    let (mut ada, bob) = (Account::of(subject, "ada").await, Account::of(subject, "bob").await);
    let path = current(&bob).await;
    let foreign = refused(400, "oidc.invalid_session_account_id");
    assert_eq!(ada.code("DELETE", &path, &Value::Null).await, foreign);
    let target = ada
        .code("DELETE", &format!("{path}?revokeGrantsTarget=x"), &Value::Null)
        .await;
    assert_eq!(target, refused(400, "guard.invalid_input"));
    let plain = Account::with_scope(subject, "ada", "openid").await;
    ada.record.clone_from(&bob.record);
    for (method, path) in [
        ("GET", SESSIONS),
        ("GET", GRANTS),
        ("DELETE", &path),
        ("DELETE", "/my-account/grants/x"),
    ] {
        assert_eq!(ada.code(method, path, &Value::Null).await, not_verified(), "{path}");
        let missing = refused(401, "auth.unauthorized");
        assert_eq!(plain.code(method, path, &Value::Null).await, missing, "{path}");
    }
}
