//! The values of metrics, and the fields of spans.

use std::sync::Arc;

use logto_axum::store::{MemoryStore, SessionStore};
use logto_testing::{CallbackFault, Endpoint, HttpFault, TestProvider};

use super::{Recording, capture, recorder};
use crate::{app::App, faulty_store::FaultyStore, leases::stays_signed_in};

async fn provider() -> TestProvider {
    TestProvider::builder().client("app", "secret").start().await
}

#[tokio::test]
async fn sign_ins_are_counted_by_result() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let app = App::start().await;
    app.signed_in("ada").await;
    app.provider.fault_once(CallbackFault::error("access_denied"));
    app.browser().sign_in("/").await;
    app.browser().get("/callback?code=x&state=y").await;
    recording.assert_value(r#"logto_sign_ins_total{result="ok"}"#, 1);
    recording.assert_value(r#"logto_sign_ins_total{result="access_denied"}"#, 1);
    recording.assert_value(r#"logto_sign_ins_total{result="transaction_missing"}"#, 1);
    recording.assert_value(r#"logto_sessions_total{store="cookie",event="created"}"#, 1);
}

#[tokio::test]
async fn a_sign_in_that_cannot_start_is_counted() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let app = App::start().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    app.browser().post("/sign-in", "").await;
    recording.assert_value(r#"logto_sign_ins_total{result="provider_unavailable"}"#, 1);
    let requests =
        r#"logto_provider_request_duration_seconds_count{endpoint="discovery",result="provider_unavailable"}"#;
    recording.assert_value(requests, 1);
}

#[tokio::test]
async fn refreshes_and_cached_tokens_are_counted() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    browser.post("/token", "").await;
    browser.post("/token", "").await;
    app.provider.clock().advance(3600);
    app.provider.fault_once(HttpFault::Status(503).at(Endpoint::Token));
    browser.post("/token", "").await;
    recording.assert_value(r#"logto_refreshes_total{result="ok"}"#, 1);
    recording.assert_value(r#"logto_refreshes_total{result="provider_unavailable"}"#, 1);
    recording.assert_value(r#"logto_refresh_duration_seconds_count{result="ok"}"#, 1);
    recording.assert_value(r#"logto_cache_requests_total{cache="access_token",result="hit"}"#, 1);
    recording.assert_value(r#"logto_cache_requests_total{cache="access_token",result="miss"}"#, 2);
}

#[tokio::test]
async fn the_ends_of_sessions_are_counted_by_reason() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let app = App::with(provider().await, |web| web.with_store(FaultyStore::default()));
    let browser = app.signed_in("ada").await;
    browser.sign_in("/").await;
    browser.post("/sign-out", "").await;
    app.logto.end_sessions_of("usr_ada").await.unwrap();
    recording.assert_value(r#"logto_sign_outs_total{result="ok"}"#, 1);
    for (event, number) in [("created", 2), ("replaced", 1), ("signed_out", 1), ("ended_by_app", 1)] {
        let series = format!(r#"logto_sessions_total{{store="other",event="{event}"}}"#);
        recording.assert_value(&series, number);
    }
}

#[tokio::test]
async fn operations_of_the_store_are_measured() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    browser.get("/me").await;
    let text = recording.text();
    for labels in [
        r#"store="other",operation="save",result="ok""#,
        r#"store="other",operation="load",result="ok""#,
        r#"store="other",operation="load",result="store_unavailable""#,
    ] {
        let series = format!("logto_store_duration_seconds_count{{{labels}}}");
        assert!(text.contains(&series), "{series}\n{text}");
    }
}

#[tokio::test]
async fn a_wait_for_another_instance_is_measured() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    stays_signed_in(|web| web.with_shared_store(Arc::clone(&store))).await;
    recording.assert_value(r#"logto_lease_waits_total{outcome="changed"}"#, 1);
    recording.assert_value(r#"logto_lease_wait_duration_seconds_count{outcome="changed"}"#, 1);
}

#[tokio::test]
async fn the_span_of_an_operation_has_its_outcome_and_the_code_of_its_cause() {
    let (captured, _guard) = capture();
    let app = App::start().await;
    app.signed_in("ada").await;
    app.provider.fault_once(HttpFault::Status(503).at(Endpoint::Token));
    app.browser().sign_in("/").await;
    let text = captured.text();
    let closed = |span: &str, fields: &str| {
        let mut lines = text.lines().filter(|line| line.contains(": close "));
        lines.any(|line| line.contains(&format!("{span}{{{fields}}}")))
    };
    assert!(closed("logto.callback", r#"outcome="ok""#), "{text}");
    assert!(
        closed("logto.callback", r#"outcome="error" code="provider_unavailable""#),
        "{text}"
    );
    let request = r#"endpoint="token" outcome="error" code="provider_unavailable""#;
    assert!(closed("logto.provider_request", request), "{text}");
}
