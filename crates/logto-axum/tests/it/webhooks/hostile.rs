//! Webhooks from an attacker or a misconfigured server.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Request, StatusCode, header};
use logto_axum::WebhookConfig;
use logto_testing::{CapturedLogs, TestWebhook};

use super::{KEY, assert_accepted, assert_refused, provider, signed, with_webhooks};
use crate::{
    app::{App, BASE},
    cross_site::CROSS_SITE,
};

fn webhook(app: &App) -> TestWebhook {
    TestWebhook::user_deleted("usr_ada").at(app.provider.clock().now())
}

#[tokio::test]
async fn a_webhook_without_exactly_one_valid_signature_is_refused_and_ends_nothing() {
    type Change = fn(&mut Request<Body>);
    type Text = fn(&str) -> String;
    let cases: [(&str, Change); 5] = [
        ("webhook_signature_missing", |request| {
            request.headers_mut().remove(TestWebhook::SIGNATURE);
        }),
        ("webhook_signature_malformed", |request| {
            let value = request.headers()[TestWebhook::SIGNATURE].clone();
            request.headers_mut().append(TestWebhook::SIGNATURE, value);
        }),
        ("webhook_signature_malformed", |request| {
            let value = HeaderValue::from_bytes(&[0xff; 64]).unwrap();
            request.headers_mut().insert(TestWebhook::SIGNATURE, value);
        }),
        ("webhook_signature_malformed", |request| {
            request
                .headers_mut()
                .insert(TestWebhook::SIGNATURE, HeaderValue::from_static(""));
        }),
        ("webhook_signature", |request| *request.body_mut() = Body::from("{}")),
    ];
    let texts: [(&str, Text); 5] = [
        ("webhook_signature_malformed", |text| text.to_uppercase()),
        ("webhook_signature_malformed", |text| format!("{text}0")),
        ("webhook_signature_malformed", |text| text[1..].to_owned()),
        ("webhook_signature_malformed", |text| format!("sha256={text}")),
        ("webhook_signature", |_| "0".repeat(64)),
    ];
    let app = App::with(provider().await, with_webhooks);
    let browser = app.signed_in("ada").await;
    for (code, change) in cases {
        let mut request = webhook(&app).request("/webhook", KEY);
        change(&mut request);
        assert_refused(&app.send(request).await, StatusCode::UNAUTHORIZED, code);
    }
    for (code, change) in texts {
        let mut request = webhook(&app).request("/webhook", KEY);
        let text = change(request.headers()[TestWebhook::SIGNATURE].to_str().unwrap());
        request
            .headers_mut()
            .insert(TestWebhook::SIGNATURE, text.parse().unwrap());
        assert_refused(&app.send(request).await, StatusCode::UNAUTHORIZED, code);
    }
    for key in ["another signing key of a tenant", "", "the signing key of these tests "] {
        let request = webhook(&app).request("/webhook", key);
        assert_refused(&app.send(request).await, StatusCode::UNAUTHORIZED, "webhook_signature");
    }
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_body_that_was_changed_by_one_byte_is_refused() {
    let app = App::with(provider().await, with_webhooks);
    let body = webhook(&app).body();
    let signature = TestWebhook::signature(&body, KEY);
    let changed = (0..body.len()).map(|at| {
        let mut bytes = body.clone().into_bytes();
        bytes[at] ^= 1;
        bytes
    });
    let spaced = [format!("{body} ").into_bytes(), format!("\u{feff}{body}").into_bytes()];
    for bytes in changed.chain(spaced) {
        let request = Request::post("/webhook")
            .header(header::CONTENT_TYPE, "application/json")
            .header(TestWebhook::SIGNATURE, &signature)
            .body(Body::from(bytes))
            .unwrap();
        assert_refused(&app.send(request).await, StatusCode::UNAUTHORIZED, "webhook_signature");
    }
}

/// With a valid signature, so that only the content is wrong.
#[tokio::test]
async fn a_signed_body_that_is_no_event_is_refused() {
    let app = App::with(provider().await, with_webhooks);
    let now = TestWebhook::new("x").at(app.provider.clock().now()).body();
    let without = |name: &str| webhook(&app).without(name).body();
    let with = |name: &str, value: serde_json::Value| webhook(&app).with(name, value).body();
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "\"User.Deleted\"",
        "event=User.Deleted",
        &nested,
        &format!("{now}{now}"),
        &without("event"),
        &without("hookId"),
        &with("event", 7.into()),
        &with("createdAt", 1_800_000_000.into()),
        &with("createdAt", "yesterday".into()),
        &with("createdAt", "0000-00-00T00:00:00Z".into()),
        &with("createdAt", "1900-01-01T00:00:00Z".into()),
    ] {
        assert_refused(
            &app.send(signed(body)).await,
            StatusCode::BAD_REQUEST,
            "webhook_malformed",
        );
    }
    let not_utf8 = app.send(signed(b"{\"event\":\"\xff\"}")).await;
    assert_refused(&not_utf8, StatusCode::BAD_REQUEST, "webhook_malformed");
}

/// An answer of success would hide that the sessions of a deleted user continue.
#[tokio::test]
async fn a_known_event_without_its_user_is_refused() {
    let app = App::with(provider().await, with_webhooks);
    let deleted = || webhook(&app).without("params").without("data");
    for webhook in [
        deleted(),
        deleted().with("data", serde_json::Value::Null),
        deleted().with("data", serde_json::json!({"id": ""})),
        deleted().with("params", serde_json::json!({"userId": ["usr_ada"]})),
        TestWebhook::user_suspended("usr_ada", true).with("data", serde_json::json!({"isSuspended": "true"})),
        TestWebhook::membership_updated("acme", &[], &[]).without("organizationId"),
        TestWebhook::membership_updated("acme", &[], &[]).with("removedUserIds", "usr_ada"),
        TestWebhook::membership_updated("acme", &[], &[]).with("removedUserIds", serde_json::json!(["usr_ada", 7])),
        TestWebhook::signed_in("usr_ada").without("userId"),
    ] {
        let answer = app.receive(webhook).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, "webhook_field_missing");
    }
}

#[tokio::test]
async fn unknown_fields_and_unknown_events_are_accepted() {
    let app = App::with(provider().await, with_webhooks);
    let unknown = serde_json::json!({"nested": [1, 2, {"name": "Zoë \u{1f600}"}]});
    for webhook in [
        TestWebhook::user_deleted("usr_ada").with("somethingNew", unknown.clone()),
        TestWebhook::new("User.Merged").with("data", unknown),
        TestWebhook::new(""),
    ] {
        assert_accepted(&app.receive(webhook).await);
    }
}

/// A user may write custom data, which the events about this user contain.
#[tokio::test]
async fn a_user_does_not_evade_a_suspension_by_large_or_deep_custom_data() {
    let large = format!("\"{}\"", "x".repeat(2 * 1024 * 1024));
    let deep = format!("{}0{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for custom_data in [large, deep] {
        let app = App::with(provider().await, with_webhooks);
        let browser = app.signed_in("ada").await;
        let event = TestWebhook::user_suspended("usr_ada", true).at(app.provider.clock().now());
        let body = event.body();
        let (start, end) = body.split_once("\"isSuspended\"").unwrap();
        let body = format!("{start}\"customData\":{custom_data},\"isSuspended\"{end}");
        assert_accepted(&app.send(signed(body)).await);
        assert_eq!(browser.get("/").await.body, "anonymous");
    }
}

#[tokio::test]
async fn a_webhook_that_is_too_large_is_refused() {
    let app = App::with(provider().await, with_webhooks);
    let ids = vec!["a-user-id-of-21-chars"; 5000];
    let largest = TestWebhook::membership_updated("acme", &ids, &ids);
    assert_accepted(&app.receive(largest).await);
    let body = webhook(&app).with("filler", "x".repeat(8 * 1024 * 1024)).body();
    assert_refused(
        &app.send(signed(body)).await,
        StatusCode::PAYLOAD_TOO_LARGE,
        "webhook_too_large",
    );
    let small = WebhookConfig::new([KEY.into()]).with_body_limit(100);
    let app = App::with(provider().await, |web| web.with_webhooks(small));
    assert_refused(
        &app.send(webhook(&app).request("/webhook", KEY)).await,
        StatusCode::PAYLOAD_TOO_LARGE,
        "webhook_too_large",
    );
}

#[tokio::test]
async fn the_content_type_has_to_be_json() {
    let app = App::with(provider().await, with_webhooks);
    for (content_type, is_json) in [
        ("application/json", true),
        ("Application/JSON; charset=utf-8", true),
        ("text/plain", false),
        ("application/x-www-form-urlencoded", false),
        ("application/jsonp", false),
        ("", false),
    ] {
        let mut request = webhook(&app).with("hookId", content_type).request("/webhook", KEY);
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        let answer = app.send(request).await;
        if is_json {
            assert_accepted(&answer);
        } else {
            assert_refused(&answer, StatusCode::UNSUPPORTED_MEDIA_TYPE, "webhook_content_type");
        }
    }
    let mut request = webhook(&app).request("/webhook", KEY);
    request.headers_mut().remove(header::CONTENT_TYPE);
    let answer = app.send(request).await;
    assert_refused(&answer, StatusCode::UNSUPPORTED_MEDIA_TYPE, "webhook_content_type");
}

#[tokio::test]
async fn the_replay_of_an_old_event_is_refused() {
    let app = App::with(provider().await, with_webhooks);
    let old = webhook(&app).request("/webhook", KEY);
    // Ten minutes, and a minute for the clocks.
    app.provider.clock().advance(661);
    let browser = app.signed_in("ada").await;
    assert_refused(&app.send(old).await, StatusCode::BAD_REQUEST, "webhook_expired");
    assert_eq!(browser.get("/").await.body, "active");
    let now = app.provider.clock().now();
    for (age, is_accepted) in [(660, true), (661, false)] {
        let webhook = TestWebhook::user_deleted("usr_bob").at(now - age);
        let answer = app.send(webhook.request("/webhook", KEY)).await;
        assert_eq!(answer.status == StatusCode::NO_CONTENT, is_accepted, "{age} {answer:?}");
    }
}

#[tokio::test]
async fn the_age_of_events_is_configured_and_the_future_is_refused() {
    let webhooks = WebhookConfig::new([KEY.into()]).with_max_age(Duration::from_secs(10));
    let app = App::with(provider().await, |web| web.with_webhooks(webhooks));
    let now = app.provider.clock().now();
    for (at, code) in [(now - 71, "webhook_expired"), (now + 61, "webhook_not_yet_valid")] {
        let webhook = TestWebhook::user_deleted("usr_ada").at(at);
        let answer = app.send(webhook.request("/webhook", KEY)).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, code);
    }
    for at in [now - 70, now + 60] {
        let webhook = TestWebhook::user_deleted("usr_ada").at(at);
        assert_accepted(&app.send(webhook.request("/webhook", KEY)).await);
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_send_a_webhook_with_the_users_cookies() {
    let app = App::with(provider().await, with_webhooks);
    let browser = app.signed_in("ada").await;
    let mut request = webhook(&app).request("/webhook", KEY);
    for (name, value) in CROSS_SITE[0] {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_get_of_the_route_leads_home_or_is_not_allowed() {
    let app = App::with(provider().await, with_webhooks);
    assert_eq!(
        app.browser().get("/webhook").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let request = Request::get("/webhook")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-mode", "navigate");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.location(), format!("{BASE}/"));
}

#[tokio::test]
async fn the_log_has_neither_the_signature_nor_the_body() {
    let (logs, _capture) = CapturedLogs::of_this_thread();
    let app = App::with(provider().await, with_webhooks);
    let secret = webhook(&app).with(
        "data",
        serde_json::json!({"id": "usr_ada", "primaryEmail": "ada@example.com"}),
    );
    let signature = TestWebhook::signature(secret.body(), KEY);
    assert_accepted(&app.send(secret.request("/webhook", KEY)).await);
    assert_refused(
        &app.send(secret.request("/webhook", "a key that is not the right one"))
            .await,
        StatusCode::UNAUTHORIZED,
        "webhook_signature",
    );
    let text = logs.text();
    for secret in [KEY, &signature, "ada@example.com"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(text.contains("webhook_signature"), "{text}");
}
