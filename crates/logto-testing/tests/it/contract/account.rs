//! The Account API: the calls of the quick start's page, and the list of grants.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{
    browser::Browser,
    management::{code, coded},
    subject::{PRODUCTS, Subject, refusal, refused},
};

const SCOPE: &str = "openid offline_access profile email phone custom_data identities urn:logto:scope:sessions";

/// A user with a token for the Account API.
struct Caller<'a> {
    subject: &'a Subject,
    tokens: Value,
    /// Proof that the user knows the password.
    record: Option<String>,
}

impl<'a> Caller<'a> {
    /// Signs a user in with a browser of its own.
    async fn sign_in(subject: &'a Subject, user: &str, scope: &str) -> Self {
        let tokens = subject
            .sign_in_with(&Browser::default(), user, &[("scope", scope), ("resource", "")])
            .await;
        Self {
            subject,
            tokens,
            record: None,
        }
    }

    /// The same, with a verification record.
    async fn verified(subject: &'a Subject, user: &str) -> Self {
        let mut caller = Self::sign_in(subject, user, SCOPE).await;
        let (status, body) = caller.verify(&format!("{user}-demo")).await;
        assert_eq!(status, 201, "{body}");
        caller.record = Some(body["verificationRecordId"].as_str().unwrap().to_owned());
        caller
    }

    async fn verify(&self, password: &str) -> (StatusCode, Value) {
        let body = json!({ "password": password });
        self.call("POST", "/verifications/password", &body).await
    }

    /// A request without a body if it is `null`.
    async fn call(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let token = self.tokens["access_token"].as_str().unwrap();
        call(self.subject, Some(token), self.record.as_deref(), (method, path, body)).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call("GET", path, &Value::Null).await
    }
}

async fn call(
    subject: &Subject,
    token: Option<&str>,
    record: Option<&str>,
    (method, path, body): (&str, &str, &Value),
) -> (StatusCode, Value) {
    let url = format!("{}/api{path}", subject.endpoint);
    let mut request = subject.http.request(method.parse().unwrap(), url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(record) = record {
        request = request.header("logto-verification-id", record);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(super) async fn the_account_needs_an_opaque_token(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[]).await;
    let (jwt, _) = subject.target(&tokens, &[("resource", PRODUCTS)]).await;
    for (token, expected) in [
        (None, "auth.authorization_header_missing"),
        (Some("garbage"), "auth.unauthorized"),
        (jwt["access_token"].as_str(), "auth.unauthorized"),
        (tokens["id_token"].as_str(), "auth.unauthorized"),
    ] {
        let answer = call(subject, token, None, ("GET", "/my-account", &Value::Null)).await;
        assert_eq!(code(answer), coded(401, expected));
    }
}

pub(super) async fn the_account_has_the_fields_of_the_scopes(subject: &Subject) {
    let ada = Caller::sign_in(subject, "ada", SCOPE).await;
    let (status, account) = ada.get("/my-account").await;
    assert_eq!(status, 200, "{account}");
    for (field, expected) in [
        ("id", json!("ada0demouser")),
        ("username", json!("ada")),
        ("name", json!("Ada Lovelace")),
        ("primaryEmail", json!("ada@example.com")),
        ("primaryPhone", json!("15550100")),
        ("isSuspended", json!(false)),
        ("hasPassword", json!(true)),
    ] {
        assert_eq!(account[field], expected, "{field}");
    }
    assert!(account["customData"].is_object() && account["identities"].is_object());

    let plain = Caller::sign_in(subject, "ada", "openid offline_access").await;
    let (_, account) = plain.get("/my-account").await;
    assert_eq!(account["id"], "ada0demouser");
    for field in [
        "username",
        "name",
        "avatar",
        "primaryEmail",
        "primaryPhone",
        "customData",
        "identities",
    ] {
        assert!(account.get(field).is_none(), "{field}: {account}");
    }
    let change = json!({ "name": "Countess" });
    let refused = plain.call("PATCH", "/my-account", &change).await;
    assert_eq!(code(refused), coded(400, "auth.unauthorized"));
    let factors = plain.get("/my-account/mfa-verifications").await;
    assert_eq!(code(factors), coded(401, "auth.unauthorized"));
}

pub(super) async fn a_user_changes_name_avatar_and_custom_data(subject: &Subject) {
    let bob = Caller::sign_in(subject, "bob", SCOPE).await;
    let change =
        json!({ "name": "Robert", "avatar": "https://example.com/bob.svg", "customData": { "theme": "light" } });
    let (status, account) = bob.call("PATCH", "/my-account", &change).await;
    assert_eq!(status, 200, "{account}");
    for (field, expected) in change.as_object().unwrap() {
        assert_eq!(&account[field], expected, "{field}");
    }
    let (_, info) = subject.user_info(bob.tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(info["name"], "Robert");
    let (_, cleared) = bob.call("PATCH", "/my-account", &json!({ "name": null })).await;
    assert_eq!(
        (&cleared["name"], &cleared["avatar"]),
        (&Value::Null, &change["avatar"])
    );
    for invalid in [
        json!({ "name": 7 }),
        json!({ "avatar": "no URL" }),
        json!({ "customData": [] }),
        json!({ "shoeSize": 43 }),
    ] {
        let answer = bob.call("PATCH", "/my-account", &invalid).await;
        assert_eq!(code(answer), coded(400, "guard.invalid_input"), "{invalid}");
    }
}

pub(super) async fn a_password_is_verified_for_ten_minutes(subject: &Subject) {
    let mut ada = Caller::verified(subject, "ada").await;
    assert_eq!(
        code(ada.verify("wrong").await),
        coded(422, "session.invalid_credentials")
    );
    assert_eq!(code(ada.verify("").await), coded(400, "guard.invalid_input"));
    assert_eq!(ada.get("/my-account/sessions").await.0, 200);
    let denied = coded(401, "verification_record.permission_denied");
    let own = ada.record.take();
    assert_eq!(code(ada.get("/my-account/sessions").await), denied);
    ada.record = Caller::verified(subject, "bob").await.record;
    assert_eq!(
        code(ada.get("/my-account/sessions").await),
        denied,
        "the record of another user"
    );
    ada.record = own;
    subject.advance(601).await;
    assert_eq!(code(ada.get("/my-account/sessions").await), denied);
}

pub(super) async fn the_factors_of_a_user_are_listed(subject: &Subject) {
    for (user, expected) in [("ada", json!(["Totp"])), ("bob", json!([]))] {
        let (_, factors) = Caller::sign_in(subject, user, SCOPE)
            .await
            .get("/my-account/mfa-verifications")
            .await;
        let kinds: Value = factors
            .as_array()
            .unwrap()
            .iter()
            .map(|factor| factor["type"].clone())
            .collect();
        assert_eq!(kinds, expected, "{user}");
    }
}

/// The session of another browser, in the list that a user sees.
async fn other_session(caller: &Caller<'_>) -> String {
    let (status, body) = caller.get("/my-account/sessions").await;
    assert_eq!(status, 200, "{body}");
    let sessions = body["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{body}");
    assert!(
        sessions
            .iter()
            .all(|session| session["accountId"] == "ada0demouser" && session["expiresAt"].is_u64())
    );
    let mut others = sessions.iter().filter(|session| session["isCurrent"] == false);
    let other = others.next().unwrap();
    assert!(others.next().is_none(), "one session is the current one");
    other["payload"]["uid"].as_str().unwrap().to_owned()
}

pub(super) async fn a_user_ends_the_session_of_another_browser(subject: &Subject) {
    let here = Caller::verified(subject, "ada").await;
    let there = Caller::sign_in(subject, "ada", SCOPE).await;
    Caller::sign_in(subject, "bob", SCOPE).await;
    let unknown = here.call("DELETE", "/my-account/sessions/unknown", &Value::Null).await;
    assert_eq!(code(unknown), coded(400, "oidc.session_not_found"));
    let path = format!("/my-account/sessions/{}", other_session(&here).await);
    let with_grants = format!("{path}?revokeGrantsTarget=all");
    assert_eq!(here.call("DELETE", &with_grants, &Value::Null).await.0, 204);
    assert_eq!(
        refusal(subject.refresh(&there.tokens, &[]).await),
        refused(400, "invalid_grant")
    );
    assert_eq!(code(there.get("/my-account").await), coded(401, "auth.unauthorized"));
    assert_eq!(subject.refresh(&here.tokens, &[]).await.0, 200);
    let (_, body) = here.get("/my-account/sessions").await;
    assert_eq!(body["sessions"].as_array().unwrap().len(), 1);

    let third = Caller::sign_in(subject, "ada", SCOPE).await;
    let path = format!("/my-account/sessions/{}", other_session(&here).await);
    assert_eq!(here.call("DELETE", &path, &Value::Null).await.0, 204);
    let (status, _) = subject.refresh(&third.tokens, &[]).await;
    assert_eq!(
        status, 200,
        "tokens with offline_access survive a session that ends without its grants"
    );
}

pub(super) async fn a_user_sees_the_grants_of_first_party_apps(subject: &Subject) {
    let ada = Caller::verified(subject, "ada").await;
    Caller::sign_in(subject, "ada", SCOPE).await;
    Caller::sign_in(subject, "bob", SCOPE).await;
    for (query, count) in [("", 2), ("?appType=firstParty", 2), ("?appType=thirdParty", 0)] {
        let (status, body) = ada.get(&format!("/my-account/grants{query}")).await;
        assert_eq!(status, 200, "{body}");
        let grants = body["grants"].as_array().unwrap();
        assert_eq!(grants.len(), count, "{query}");
        for grant in grants {
            assert_eq!(grant["application"]["id"], subject.app_id.as_str());
            assert!(grant["id"].is_string() && grant["expiresAt"].is_u64(), "{grant}");
        }
    }
    let invalid = ada.get("/my-account/grants?appType=other").await;
    assert_eq!(code(invalid), coded(400, "guard.invalid_input"));
    let mut plain = Caller::sign_in(subject, "ada", "openid offline_access").await;
    plain.record = ada.record;
    for path in ["/my-account/grants", "/my-account/sessions"] {
        assert_eq!(code(plain.get(path).await), coded(401, "auth.unauthorized"), "{path}");
    }
}
