//! Webhooks: the calls of the Management API for them, and the deliveries.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use logto_testing::TestWebhook;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

use super::{
    management::{code, coded},
    subject::{Subject, refusal, refused},
};

const ADA: &str = "ada0demouser";
const BOB: &str = "bob0demouser";
const CLEO: &str = "cleo0demousr";
const SUSPENSION: &str = "User.SuspensionStatus.Updated";
const MEMBERSHIP: &str = "Organization.Membership.Updated";

/// A server that receives webhooks, until it is dropped.
struct Receiver {
    url: String,
    deliveries: UnboundedReceiver<(HeaderMap, Bytes)>,
    server: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Receiver {
    async fn start(status: StatusCode) -> Self {
        type Sender = UnboundedSender<(HeaderMap, Bytes)>;
        let (sender, deliveries) = unbounded_channel();
        let receive = async move |State(sender): State<Sender>, headers: HeaderMap, body: Bytes| {
            sender.send((headers, body)).unwrap();
            status
        };
        let router = Router::new().route("/webhook", post(receive)).with_state(sender);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            deliveries,
            server,
        }
    }

    /// The next delivery, whose signature and common fields are checked.
    async fn next(&mut self, hook: &Value) -> Value {
        let (headers, raw) = self.deliveries.recv().await.unwrap();
        let signature = TestWebhook::signature(&raw, hook["signingKey"].as_str().unwrap());
        for (name, expected) in [
            (TestWebhook::SIGNATURE, signature.as_str()),
            ("content-type", "application/json"),
            ("user-agent", "Logto (https://logto.io/)"),
        ] {
            assert_eq!(headers[name], expected, "{name}");
        }
        let mut body: Value = serde_json::from_slice(&raw).unwrap();
        let fields = body.as_object_mut().unwrap();
        assert_eq!(fields.remove("hookId").as_ref(), Some(&hook["id"]));
        let created_at = fields.remove("createdAt").unwrap();
        assert!(created_at.as_str().unwrap().ends_with('Z'), "{created_at}");
        // Only calls of an API have it.
        assert!(fields.remove("ip").is_none_or(|ip| ip == "127.0.0.1"));
        body
    }
}

async fn create(subject: &Subject, url: &str, events: &[&str]) -> Value {
    let body = json!({ "name": "The app", "events": events, "config": { "url": url } });
    let (status, hook) = subject.management("POST", "/hooks", &body).await;
    assert_eq!(status, 201, "{hook}");
    hook
}

async fn suspend(subject: &Subject, user: &str, is_suspended: bool) -> Value {
    let (path, body) = (
        format!("/users/{user}/is-suspended"),
        json!({ "isSuspended": is_suspended }),
    );
    let (status, answer) = subject.management("PATCH", &path, &body).await;
    assert_eq!(
        (status.as_u16(), &answer["isSuspended"]),
        (200, &json!(is_suspended)),
        "{answer}"
    );
    answer
}

pub(super) async fn webhooks_are_created_listed_changed_and_deleted(subject: &Subject) {
    let config = json!({ "url": "http://127.0.0.1:1/webhook", "headers": { "x-tenant": "demo" } });
    let body = json!({ "name": "Sessions", "events": ["User.Deleted", SUSPENSION, SUSPENSION], "config": config });
    let (status, created) = subject.management("POST", "/hooks", &body).await;
    assert_eq!(status, 201, "{created}");
    let (id, key) = (created["id"].as_str().unwrap(), created["signingKey"].as_str().unwrap());
    assert_eq!(key.len(), 32);
    let mut expected = json!({
        "tenantId": "default",
        "id": id,
        "name": "Sessions",
        "event": null,
        "events": ["User.Deleted", SUSPENSION],
        "config": config,
        "signingKey": key,
        "enabled": true,
        "createdAt": created["createdAt"],
    });
    assert!(created["createdAt"].is_u64());
    assert_eq!(created, expected);
    assert_eq!(
        subject.management("GET", "/hooks", &Value::Null).await.1,
        json!([created])
    );
    let path = format!("/hooks/{id}");
    assert_eq!(subject.management("GET", &path, &Value::Null).await.1, created);
    let change = json!({ "events": ["PostSignIn"], "enabled": false, "signingKey": "mine" });
    let (status, changed) = subject.management("PATCH", &path, &change).await;
    (expected["events"], expected["enabled"]) = (json!(["PostSignIn"]), json!(false));
    assert_eq!((status.as_u16(), changed), (200, expected));
    let renewed = subject
        .management("PATCH", &format!("{path}/signing-key"), &Value::Null)
        .await;
    assert_eq!(renewed.0, 200);
    assert_ne!(renewed.1["signingKey"], key);
    assert_eq!(subject.management("DELETE", &path, &Value::Null).await.0, 204);
    let gone = subject.management("GET", &path, &Value::Null).await;
    assert_eq!(code(gone), coded(404, "entity.not_exists_with_id"));
}

pub(super) async fn invalid_webhooks_are_refused(subject: &Subject) {
    let config = json!({ "url": "http://127.0.0.1:1/webhook" });
    for (body, expected) in [
        (json!({ "config": config }), "hook.missing_events"),
        (json!({ "events": ["PostSignIn"] }), "guard.invalid_input"),
        (json!({ "events": [], "config": config }), "guard.invalid_input"),
        (
            json!({ "events": ["User.Renamed"], "config": config }),
            "guard.invalid_input",
        ),
        (
            json!({ "name": "", "event": "PostSignIn", "config": config }),
            "guard.invalid_input",
        ),
        (
            json!({ "event": "PostSignIn", "config": { "url": 7 } }),
            "guard.invalid_input",
        ),
        (
            json!({ "event": "PostSignIn", "config": { "url": "x", "retries": 4 } }),
            "guard.invalid_input",
        ),
    ] {
        let answer = subject.management("POST", "/hooks", &body).await;
        assert_eq!(code(answer), coded(400, expected), "{body}");
    }
    for (method, path, expected) in [
        ("GET", "/hooks/unknown", "entity.not_exists_with_id"),
        ("PATCH", "/hooks/unknown", "entity.not_exists"),
        ("PATCH", "/hooks/unknown/signing-key", "entity.not_exists"),
        ("DELETE", "/hooks/unknown", "entity.not_found"),
    ] {
        let answer = subject.management(method, path, &json!({})).await;
        assert_eq!(code(answer), coded(404, expected), "{method} {path}");
    }
}

pub(super) async fn a_suspended_user_is_signed_out_and_reported(subject: &Subject) {
    let mut receiver = Receiver::start(StatusCode::NO_CONTENT).await;
    let hook = create(subject, &receiver.url, &[SUSPENSION]).await;
    let tokens = subject.sign_in("ada", &[]).await;
    for is_suspended in [true, false] {
        let data = suspend(subject, ADA, is_suspended).await;
        let expected = json!({
            "event": SUSPENSION,
            "method": "PATCH",
            "path": format!("/users/{ADA}/is-suspended"),
            "status": 200,
            "params": { "userId": ADA },
            "matchedRoute": "/users/:userId/is-suspended",
            "data": data,
        });
        assert_eq!(receiver.next(&hook).await, expected);
        // Only another sign-in helps when the suspension ends.
        assert_eq!(
            refusal(subject.refresh(&tokens, &[]).await),
            refused(400, "invalid_grant")
        );
        let (status, _) = subject.user_info(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(status, 401);
    }
    subject.sign_in("ada", &[]).await;
    let unknown = subject
        .management("PATCH", "/users/unknown/is-suspended", &json!({ "isSuspended": true }))
        .await;
    assert_eq!(code(unknown), coded(404, "entity.not_found"));
    let invalid = subject
        .management("PATCH", &format!("/users/{ADA}/is-suspended"), &json!({}))
        .await;
    assert_eq!(code(invalid), coded(400, "guard.invalid_input"));
}

pub(super) async fn a_deleted_user_is_reported_with_the_former_data(subject: &Subject) {
    let mut receiver = Receiver::start(StatusCode::NO_CONTENT).await;
    let hook = create(subject, &receiver.url, &["User.Deleted"]).await;
    let tokens = subject.sign_in("bob", &[]).await;
    let path = format!("/users/{BOB}");
    let (_, data) = subject.management("GET", &path, &Value::Null).await;
    assert_eq!(subject.management("DELETE", &path, &Value::Null).await.0, 204);
    let expected = json!({
        "event": "User.Deleted",
        "method": "DELETE",
        "path": path,
        "status": 204,
        "params": { "userId": BOB },
        "matchedRoute": "/users/:userId",
        "data": data,
    });
    assert_eq!(receiver.next(&hook).await, expected);
    assert_eq!(
        refusal(subject.refresh(&tokens, &[]).await),
        refused(400, "invalid_grant")
    );
    let again = subject.management("DELETE", &path, &Value::Null).await;
    assert_eq!(code(again), coded(404, "entity.not_found"));
}

pub(super) async fn members_who_join_and_leave_are_reported(subject: &Subject) {
    let mut receiver = Receiver::start(StatusCode::NO_CONTENT).await;
    let hook = create(subject, &receiver.url, &[MEMBERSHIP]).await;
    let users = "/organizations/acme/users";
    let report = |method: &str, path: &str, status: u16, params: Value, route: &str| {
        json!({
            "event": MEMBERSHIP,
            "method": method,
            "path": path,
            "status": status,
            "params": params,
            "matchedRoute": route,
            "organizationId": "acme",
        })
    };

    let added = json!({ "userIds": [ADA, CLEO, CLEO] });
    assert_eq!(subject.management("POST", users, &added).await.0, 201);
    let mut joined = report("POST", users, 201, json!({ "id": "acme" }), "/organizations/:id/users");
    joined["addedUserIds"] = json!([CLEO]);
    assert_eq!(receiver.next(&hook).await, joined);

    // Nothing has changed: Logto reports it without lists.
    assert_eq!(subject.management("POST", users, &added).await.0, 201);
    joined.as_object_mut().unwrap().remove("addedUserIds");
    assert_eq!(receiver.next(&hook).await, joined);

    let path = format!("{users}/{CLEO}");
    assert_eq!(subject.management("DELETE", &path, &Value::Null).await.0, 204);
    let params = json!({ "id": "acme", "userId": CLEO });
    let mut left = report("DELETE", &path, 204, params, "/organizations/:id/users/:userId");
    left["removedUserIds"] = json!([CLEO]);
    assert_eq!(receiver.next(&hook).await, left);

    let roles = json!({ "organizationRoleNames": ["admin"] });
    let path = format!("{users}/{BOB}/roles");
    assert_eq!(
        subject.management("POST", &path, &roles).await.0,
        201,
        "roles are no event"
    );
    let body = json!({ "organizationId": "globex", "invitee": "bob@example.com", "expiresAt": 4_102_444_800_000_u64 });
    let (_, invitation) = subject.management("POST", "/organization-invitations", &body).await;
    let path = format!(
        "/organization-invitations/{}/status",
        invitation["id"].as_str().unwrap()
    );
    let accept = json!({ "status": "Accepted", "acceptedUserId": BOB });
    assert_eq!(subject.management("PUT", &path, &accept).await.0, 200);
    let accepted = receiver.next(&hook).await;
    assert_eq!(accepted["matchedRoute"], "/organization-invitations/:id/status");
    assert_eq!(
        (&accepted["organizationId"], &accepted["addedUserIds"]),
        (&json!("globex"), &json!([BOB]))
    );
}

pub(super) async fn a_changed_name_is_reported_without_a_call(subject: &Subject) {
    let mut receiver = Receiver::start(StatusCode::NO_CONTENT).await;
    let hook = create(subject, &receiver.url, &["User.Data.Updated"]).await;
    let tokens = subject.sign_in("bob", &[]).await;
    let request = subject.http.patch(format!("{}/api/my-account", subject.endpoint));
    let request = request.bearer_auth(tokens["access_token"].as_str().unwrap());
    let response = request.json(&json!({ "name": "Роберт" })).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let (_, data) = subject.management("GET", &format!("/users/{BOB}"), &Value::Null).await;
    assert_eq!(data["name"], "Роберт");
    assert_eq!(
        receiver.next(&hook).await,
        json!({ "event": "User.Data.Updated", "data": data })
    );
}

pub(super) async fn a_delivery_is_signed_with_the_current_key(subject: &Subject) {
    let mut receiver = Receiver::start(StatusCode::NO_CONTENT).await;
    let hook = create(subject, &receiver.url, &[SUSPENSION]).await;
    let path = format!("/hooks/{}", hook["id"].as_str().unwrap());
    let (_, renewed) = subject
        .management("PATCH", &format!("{path}/signing-key"), &Value::Null)
        .await;
    suspend(subject, ADA, true).await;
    receiver.next(&renewed).await;
    let disabled = json!({ "enabled": false });
    assert_eq!(subject.management("PATCH", &path, &disabled).await.0, 200);
    suspend(subject, ADA, false).await;
    assert_eq!(
        subject.management("PATCH", &path, &json!({ "enabled": true })).await.0,
        200
    );
    suspend(subject, BOB, true).await;
    assert_eq!(
        receiver.next(&renewed).await["params"]["userId"],
        BOB,
        "nothing was sent while it was disabled"
    );
}

pub(super) async fn a_receiver_that_fails_or_is_not_there_breaks_no_call(subject: &Subject) {
    let mut failing = Receiver::start(StatusCode::INTERNAL_SERVER_ERROR).await;
    let hook = create(subject, &failing.url, &[SUSPENSION]).await;
    create(subject, "http://127.0.0.1:1/webhook", &[SUSPENSION]).await;
    create(subject, "no URL", &[SUSPENSION]).await;
    suspend(subject, ADA, true).await;
    assert_eq!(failing.next(&hook).await["data"]["isSuspended"], true);
    suspend(subject, ADA, false).await;
    let second = failing.next(&hook).await;
    assert_eq!(second["data"]["isSuspended"], false, "the first one is not repeated");
}
