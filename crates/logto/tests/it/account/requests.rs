//! The request of each call: method, path, body and headers.

use std::sync::{Arc, Mutex};

use http::{Request, Response};
use logto::{
    AccessToken, AccountClient, Environment, ExposeSecret as _, HttpClient, HttpFuture, LogtoClient, LogtoConfig,
    SystemClock, SystemRandom, Timestamp,
    account::{
        AccountIdentifier, AccountUpdate, GrantsOf, NewMfaFactor, ProfileUpdate, RevokeGrants, SocialVerification,
        VerificationRecordId, VerifiedIdentifier,
    },
};
use serde_json::{Map, Value, json};

/// Records each request, and answers with this body.
#[derive(Clone)]
struct Recorder {
    requests: Arc<Mutex<Vec<Request<Vec<u8>>>>>,
    body: Arc<Mutex<String>>,
}

impl HttpClient for Recorder {
    fn send(&self, request: Request<Vec<u8>>) -> HttpFuture<'_> {
        self.requests.lock().unwrap().push(request);
        let body = self.body.lock().unwrap().clone();
        Box::pin(async move { Ok(Response::new(body.into_bytes())) })
    }
}

struct Fixture {
    recorder: Recorder,
    account: AccountClient,
    /// The record of the user.
    record: VerificationRecordId,
    /// The verification record of a new identifier.
    new: VerificationRecordId,
}

impl Fixture {
    fn new() -> Self {
        let recorder = Recorder {
            requests: Arc::default(),
            body: Arc::default(),
        };
        let config = LogtoConfig::new("https://tenant.logto.app", "app", "secret")
            .with_internal_endpoint("https://logto.internal/id");
        let environment = Environment::new(
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
            Arc::new(recorder.clone()),
        );
        let client = LogtoClient::new(config, environment).unwrap();
        let token = AccessToken::new("opaque-token", Vec::new(), Timestamp::from_secs(u64::MAX));
        Self {
            account: client.account(token),
            recorder,
            record: VerificationRecordId::new("v1"),
            new: VerificationRecordId::new("v2"),
        }
    }

    fn answer(&self, body: &Value) {
        *self.recorder.body.lock().unwrap() = body.to_string();
    }

    /// Checks the only request since the last check.
    fn sent(&self, line: &str, body: &Value, verified: bool) {
        let mut requests = self.recorder.requests.lock().unwrap();
        let request = requests.pop().unwrap();
        assert!(requests.is_empty());
        let uri = request.uri().to_string();
        let path = uri.strip_prefix("https://logto.internal/id/api").unwrap();
        assert_eq!(format!("{} {path}", request.method()), line);
        let sent = match request.body().as_slice() {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).unwrap(),
        };
        assert_eq!(sent, *body, "{line}");
        let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("authorization"), Some("Bearer opaque-token"));
        assert_eq!(header("logto-verification-id"), verified.then_some("v1"), "{line}");
        assert_eq!(
            header("content-type"),
            (!body.is_null()).then_some("application/json"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn profile_and_password() {
    let it = Fixture::new();
    it.answer(&json!({ "id": "u1" }));
    it.account.account().await.unwrap();
    it.sent("GET /my-account", &Value::Null, false);
    it.account.update(&AccountUpdate::new().with_name("Ada")).await.unwrap();
    it.sent("PATCH /my-account", &json!({ "name": "Ada" }), false);
    it.account
        .update_profile(&ProfileUpdate::new().with_locale("en"))
        .await
        .unwrap();
    it.sent("PATCH /my-account/profile", &json!({ "locale": "en" }), false);
    it.account.set_password(&"new".into(), &it.record).await.unwrap();
    it.sent("POST /my-account/password", &json!({ "password": "new" }), true);
    it.account.set_password(&"new".into(), None).await.unwrap();
    it.sent("POST /my-account/password", &json!({ "password": "new" }), false);
}

#[tokio::test]
async fn identifiers() {
    let it = Fixture::new();
    it.account.set_username("ada", &it.record).await.unwrap();
    it.sent("PATCH /my-account", &json!({ "username": "ada" }), true);
    it.account.remove_username(&it.record).await.unwrap();
    it.sent("PATCH /my-account", &json!({ "username": null }), true);
    let email = VerifiedIdentifier::new("a@example.com", it.new.clone());
    it.account.set_email(&email, &it.record).await.unwrap();
    let body = json!({ "email": "a@example.com", "newIdentifierVerificationRecordId": "v2" });
    it.sent("POST /my-account/primary-email", &body, true);
    it.account.remove_email(&it.record).await.unwrap();
    it.sent("DELETE /my-account/primary-email", &Value::Null, true);
    let phone = VerifiedIdentifier::new("15550100", it.new.clone());
    it.account.set_phone(&phone, &it.record).await.unwrap();
    let body = json!({ "phone": "15550100", "newIdentifierVerificationRecordId": "v2" });
    it.sent("POST /my-account/primary-phone", &body, true);
    it.account.remove_phone(&it.record).await.unwrap();
    it.sent("DELETE /my-account/primary-phone", &Value::Null, true);
}

#[tokio::test]
async fn identities() {
    let it = Fixture::new();
    let body = json!({ "newIdentifierVerificationRecordId": "v2" });
    it.account.add_identity(&it.new, &it.record).await.unwrap();
    it.sent("POST /my-account/identities", &body, true);
    it.account.add_identity(&it.new, None).await.unwrap();
    it.sent("POST /my-account/identities", &body, false);
    it.account.replace_identity(&it.new, &it.record).await.unwrap();
    it.sent("PUT /my-account/identities", &body, true);
    it.account.remove_identity("github", &it.record).await.unwrap();
    it.sent("DELETE /my-account/identities/github", &Value::Null, true);
    it.answer(&json!({ "access_token": "t", "expires_in": 60, "scope": "repo", "token_type": "bearer" }));
    let token = it.account.identity_token("github").await.unwrap();
    assert_eq!(
        (token.secret.expose_secret(), token.scope.as_deref()),
        ("t", Some("repo"))
    );
    it.sent("GET /my-account/identities/github/access-token", &Value::Null, false);
    it.account.sso_identity_token("c1").await.unwrap();
    it.sent("GET /my-account/sso-identities/c1/access-token", &Value::Null, false);
}

#[tokio::test]
async fn factors() {
    let it = Fixture::new();
    let path = "/my-account/mfa-verifications";
    it.answer(&json!([]));
    it.account.mfa_factors().await.unwrap();
    it.sent(&format!("GET {path}"), &Value::Null, false);
    let totp = NewMfaFactor::totp("KEY".into(), "123456");
    it.account.add_mfa_factor(&totp, &it.record).await.unwrap();
    let body = json!({ "type": "Totp", "secret": "KEY", "code": "123456" });
    it.sent(&format!("POST {path}"), &body, true);
    it.account
        .replace_totp(&"KEY".into(), "123456", &it.record)
        .await
        .unwrap();
    it.sent(
        &format!("PUT {path}/totp"),
        &json!({ "secret": "KEY", "code": "123456" }),
        true,
    );
    it.account.rename_mfa_factor("f1", "Laptop", &it.record).await.unwrap();
    it.sent(&format!("PATCH {path}/f1/name"), &json!({ "name": "Laptop" }), true);
    it.account.remove_mfa_factor("f1", &it.record).await.unwrap();
    it.sent(&format!("DELETE {path}/f1"), &Value::Null, true);
    it.answer(&json!({ "secret": "KEY", "codes": ["a", "b"] }));
    assert_eq!(it.account.generate_totp_secret().await.unwrap().expose_secret(), "KEY");
    it.sent(&format!("POST {path}/totp-secret/generate"), &json!({}), false);
    assert_eq!(it.account.generate_backup_codes().await.unwrap().len(), 2);
    it.sent(&format!("POST {path}/backup-codes/generate"), &json!({}), false);
}

#[tokio::test]
async fn settings() {
    let it = Fixture::new();
    it.answer(&json!({ "skipMfaOnSignIn": true, "more": 1 }));
    assert!(it.account.skips_mfa_on_sign_in().await.unwrap());
    it.sent("GET /my-account/mfa-settings", &Value::Null, false);
    it.account.set_skips_mfa_on_sign_in(false, &it.record).await.unwrap();
    it.sent(
        "PATCH /my-account/mfa-settings",
        &json!({ "skipMfaOnSignIn": false }),
        true,
    );
    assert_eq!(it.account.logto_configs().await.unwrap()["more"], 1);
    it.sent("GET /my-account/logto-configs", &Value::Null, false);
    let settings = Map::from_iter([("mfa".to_owned(), json!({ "skipped": true }))]);
    it.account.update_logto_configs(settings, &it.record).await.unwrap();
    it.sent(
        "PATCH /my-account/logto-configs",
        &json!({ "mfa": { "skipped": true } }),
        true,
    );
}

#[tokio::test]
async fn sessions_and_grants() {
    let it = Fixture::new();
    it.answer(&json!({ "sessions": [], "grants": [] }));
    it.account.sessions(&it.record).await.unwrap();
    it.sent("GET /my-account/sessions", &Value::Null, true);
    for (grants, query) in [
        (RevokeGrants::None, ""),
        (RevokeGrants::FirstParty, "?revokeGrantsTarget=firstParty"),
        (RevokeGrants::All, "?revokeGrantsTarget=all"),
    ] {
        it.account.revoke_session("s1", grants, &it.record).await.unwrap();
        it.sent(&format!("DELETE /my-account/sessions/s1{query}"), &Value::Null, true);
    }
    for (of, query) in [
        (GrantsOf::AllApps, ""),
        (GrantsOf::FirstParty, "?appType=firstParty"),
        (GrantsOf::ThirdParty, "?appType=thirdParty"),
    ] {
        it.account.grants(of, &it.record).await.unwrap();
        it.sent(&format!("GET /my-account/grants{query}"), &Value::Null, true);
    }
    it.account.revoke_grant("g1", &it.record).await.unwrap();
    it.sent("DELETE /my-account/grants/g1", &Value::Null, true);
}

#[tokio::test]
async fn verifications() {
    let it = Fixture::new();
    it.answer(&json!({
        "verificationRecordId": "v3", "authorizationUri": "https://github.com/login", "registrationOptions": { "x": 1 },
    }));
    assert_eq!(it.account.verify_password(&"p".into()).await.unwrap().id.as_str(), "v3");
    it.sent("POST /verifications/password", &json!({ "password": "p" }), false);
    let email = AccountIdentifier::Email("a@example.com".to_owned());
    let body = json!({ "type": "email", "value": "a@example.com" });
    it.account.send_code(&email).await.unwrap();
    it.sent(
        "POST /verifications/verification-code",
        &json!({ "identifier": body }),
        false,
    );
    it.account.verify_code(&email, &it.new, "123456").await.unwrap();
    let body = json!({ "identifier": body, "verificationId": "v2", "code": "123456" });
    it.sent("POST /verifications/verification-code/verify", &body, false);
    let phone = AccountIdentifier::Phone("15550100".to_owned());
    it.account.send_code(&phone).await.unwrap();
    let body = json!({ "identifier": { "type": "phone", "value": "15550100" } });
    it.sent("POST /verifications/verification-code", &body, false);

    let social = SocialVerification::new("c1", "https://app.example.com/linked", "state").with_scope("repo");
    let start = it.account.start_social(&social).await.unwrap();
    assert_eq!(start.authorization_uri, "https://github.com/login");
    let body = json!({
        "connectorId": "c1", "redirectUri": "https://app.example.com/linked", "state": "state", "scope": "repo",
    });
    it.sent("POST /verifications/social", &body, false);
    let callback = Map::from_iter([("code".to_owned(), json!("x"))]);
    it.account.finish_social(&it.new, callback).await.unwrap();
    let body = json!({ "verificationRecordId": "v2", "connectorData": { "code": "x" } });
    it.sent("POST /verifications/social/verify", &body, false);

    let registration = it.account.start_web_authn().await.unwrap();
    assert_eq!(registration.registration_options["x"], 1);
    it.sent("POST /verifications/web-authn/registration", &Value::Null, false);
    it.account
        .finish_web_authn(&it.new, json!({ "id": "k" }))
        .await
        .unwrap();
    let body = json!({ "verificationRecordId": "v2", "payload": { "id": "k" } });
    it.sent("POST /verifications/web-authn/registration/verify", &body, false);
}
