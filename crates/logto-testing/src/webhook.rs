//! Webhooks as a Logto server sends them.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use crate::{provider::TestClock, webhook_format};

/// A webhook of a Logto server, for a route of the app under test.
///
/// The event has just happened, by the system's clock; [`TestWebhook::at`] sets another time.
///
/// ```
/// use axum::{Router, http::StatusCode, routing::post};
/// use logto_testing::TestWebhook;
///
/// const SIGNING_KEY: &str = "the signing key of the app under test";
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let app = Router::new().route("/webhook", post(async || StatusCode::NO_CONTENT));
/// let webhook = TestWebhook::user_deleted("usr_ada");
/// assert_eq!(webhook.deliver(&app, "/webhook", SIGNING_KEY).await, StatusCode::NO_CONTENT);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TestWebhook {
    /// Seconds since the Unix epoch.
    created_at: u64,
    body: Map<String, Value>,
}

impl TestWebhook {
    /// The name of the header with the signature.
    pub const SIGNATURE: &'static str = webhook_format::SIGNATURE;

    /// Creates the webhook of any event, such as `Role.Created`.
    pub fn new(event: &str) -> Self {
        let mut body = Map::new();
        body.insert("event".into(), event.into());
        body.insert("hookId".into(), "hook_1".into());
        body.insert("userAgent".into(), "Mozilla/5.0".into());
        body.insert("ip".into(), "203.0.113.7".into());
        Self {
            created_at: TestClock::default().now(),
            body,
        }
    }

    /// A user was deleted.
    pub fn user_deleted(user_id: &str) -> Self {
        Self::of_user("User.Deleted", user_id, json!({"id": user_id}))
    }

    /// A user was suspended, or may sign in again.
    pub fn user_suspended(user_id: &str, is_suspended: bool) -> Self {
        let data = json!({"id": user_id, "isSuspended": is_suspended});
        Self::of_user("User.SuspensionStatus.Updated", user_id, data)
    }

    /// The data of a user has changed. `data` is the user as the Management API returns it.
    pub fn user_updated(user_id: &str, data: Value) -> Self {
        Self::of_user("User.Data.Updated", user_id, data)
    }

    fn of_user(event: &str, user_id: &str, data: Value) -> Self {
        let api = Self::new(event).with("matchedRoute", "/users/:userId");
        api.with("params", json!({"userId": user_id})).with("data", data)
    }

    /// Users have joined or left an organization.
    pub fn membership_updated(organization_id: &str, added: &[&str], removed: &[&str]) -> Self {
        let mut webhook = Self::new("Organization.Membership.Updated").with("organizationId", organization_id);
        // Logto leaves an empty list out.
        for (name, ids) in [("addedUserIds", added), ("removedUserIds", removed)] {
            if !ids.is_empty() {
                webhook = webhook.with(name, json!(ids));
            }
        }
        webhook
    }

    /// A user has signed in.
    pub fn signed_in(user_id: &str) -> Self {
        Self::new("PostSignIn")
            .with("userId", user_id)
            .with("user", json!({"id": user_id}))
            .with(
                "application",
                json!({"id": "app", "type": "Traditional", "name": "App"}),
            )
    }

    /// Sets when the event happened, in seconds since the Unix epoch.
    #[must_use]
    pub fn at(mut self, seconds: u64) -> Self {
        self.created_at = seconds;
        self
    }

    /// Sets a field of the body.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body.insert(name.to_owned(), value.into());
        self
    }

    /// Removes a field of the body.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.body.remove(name);
        self
    }

    /// The body, as JSON.
    pub fn body(&self) -> String {
        let mut body = self.body.clone();
        let created_at = webhook_format::timestamp(self.created_at);
        body.entry("createdAt").or_insert(created_at.into());
        Value::Object(body).to_string()
    }

    /// The signature of a body, for the header [`TestWebhook::SIGNATURE`].
    pub fn signature(body: impl AsRef<[u8]>, signing_key: &str) -> String {
        webhook_format::signature(body.as_ref(), signing_key)
    }

    /// The request, signed with this key.
    pub fn request(&self, path: &str, signing_key: &str) -> Request<Body> {
        let body = self.body();
        Request::post(path)
            .header(header::USER_AGENT, webhook_format::USER_AGENT)
            .header(header::CONTENT_TYPE, "application/json")
            .header(Self::SIGNATURE, Self::signature(&body, signing_key))
            .body(Body::from(body))
            .expect("`path` is the path of a URL")
    }

    /// Sends the webhook to the app under test, and returns the status of its response.
    pub async fn deliver(&self, app: &Router, path: &str, signing_key: &str) -> StatusCode {
        let Ok(response) = app.clone().oneshot(self.request(path, signing_key)).await;
        response.status()
    }
}
