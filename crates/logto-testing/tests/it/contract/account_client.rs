//! The calls of one user to the Account API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::subject::{Subject, answer};

const SCOPE: &str = "openid offline_access profile email phone address custom_data identities urn:logto:scope:sessions";

/// A user who has signed in with a browser of their own.
pub(super) struct Account<'a> {
    subject: &'a Subject,
    pub(super) tokens: Value,
    /// The verification record that is sent, if it is not empty.
    pub(super) record: String,
}

impl<'a> Account<'a> {
    /// Signs a user in, and proves their password.
    pub(super) async fn of(subject: &'a Subject, user: &str) -> Self {
        let mut account = Self::with_scope(subject, user, SCOPE).await;
        account.record = account.verify_password(user).await;
        account
    }

    /// Signs a user in with a scope for an opaque token, and proves their password.
    pub(super) async fn with_scope(subject: &'a Subject, user: &str, scope: &str) -> Self {
        let tokens = subject.sign_in(user, &[("scope", scope), ("resource", "")]).await;
        let mut account = Self {
            subject,
            tokens,
            record: String::new(),
        };
        account.record = account.verify_password(user).await;
        account
    }

    async fn verify_password(&self, user: &str) -> String {
        let body = json!({ "password": format!("{user}-demo") });
        let (status, body) = self.call("POST", "/verifications/password", &body).await;
        assert_eq!(status, 201, "{body}");
        id(&body)
    }

    /// Calls the API. Without a body if it is `null`.
    pub(super) async fn call(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let method: Method = method.parse().unwrap();
        let url = format!("{}/api{path}", self.subject.endpoint);
        let mut request = self.subject.http.request(method, url);
        request = request.bearer_auth(self.tokens["access_token"].as_str().unwrap());
        if !self.record.is_empty() {
            request = request.header("logto-verification-id", &self.record);
        }
        answer(if body.is_null() { request } else { request.json(body) }).await
    }

    /// Calls the API, and returns the body of a successful response.
    pub(super) async fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, body) = self.call(method, path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {body}");
        body
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.ok("GET", path, &Value::Null).await
    }

    /// Status and code of a response.
    pub(super) async fn code(&self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let (status, body) = self.call(method, path, body).await;
        (status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Sends a code to an email address or phone number, and returns the record with the code.
    pub(super) async fn send(&self, identifier: &Value) -> (String, String) {
        let path = "/verifications/verification-code";
        let body = self.ok("POST", path, &json!({ "identifier": identifier })).await;
        let code = self
            .subject
            .verification_code(identifier["value"].as_str().unwrap())
            .await;
        (id(&body), code)
    }

    /// Status and code of the response to a code.
    pub(super) async fn verify(&self, identifier: &Value, record: &str, code: &str) -> (u16, String) {
        let body = json!({ "identifier": identifier, "verificationId": record, "code": code });
        self.code("POST", "/verifications/verification-code/verify", &body)
            .await
    }

    /// Proves the possession of an email address or phone number.
    pub(super) async fn prove(&self, identifier: &Value) -> String {
        let (record, code) = self.send(identifier).await;
        assert_eq!(self.verify(identifier, &record, &code).await.0, 200);
        record
    }
}

/// The id of a new verification record, which expires after ten minutes.
pub(super) fn id(body: &Value) -> String {
    assert!(body["expiresAt"].as_str().unwrap().ends_with('Z'), "{body}");
    body["verificationRecordId"].as_str().unwrap().to_owned()
}

pub(super) fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub(super) fn not_verified() -> (u16, String) {
    refused(401, "verification_record.permission_denied")
}

pub(super) fn email(value: &str) -> Value {
    json!({ "type": "email", "value": value })
}

pub(super) fn phone(value: &str) -> Value {
    json!({ "type": "phone", "value": value })
}
