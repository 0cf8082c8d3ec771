//! A slow, broken or unreachable provider: sessions survive, and valid tokens stay in use.

use std::time::Duration;

use http::StatusCode;
use logto::session::store::MemoryStore;
use logto_axum::WebConfig;
use logto_testing::{Endpoint, HttpFault};

use crate::{app::App, stores::open_page};

const HOUR: u64 = 3600;

/// Causes every transient error, first with a token that is about to expire and then with an
/// expired one.
async fn survives_transient_errors(change: impl FnOnce(WebConfig) -> WebConfig) {
    let app = App::configured(change).await;
    let browser = app.signed_in("ada").await;
    for fault in [
        HttpFault::Status(500),
        HttpFault::Status(408),
        HttpFault::RetryAfter(429, "1"),
        HttpFault::RetryAfter(503, "1"),
        HttpFault::Reset,
        HttpFault::Close,
        HttpFault::Hang,
        HttpFault::SlowBody(Duration::from_millis(50)),
        HttpFault::StallBody,
    ] {
        let name = format!("{fault:?}");
        assert_eq!(
            browser.post("/token", "").await.body,
            "read:products refreshed",
            "{name}"
        );
        app.provider.clock().advance(HOUR - 20);
        app.provider.fault(fault.at(Endpoint::Token));
        let page = open_page(&browser).await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "active"), "{name}");
        assert_eq!(browser.post("/token", "").await.body, "read:products kept", "{name}");
        app.provider.clock().advance(30);
        let page = open_page(&browser).await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "stale"), "{name}");
        assert_eq!(browser.get("/me").await.body, "usr_ada", "{name}");
        app.provider.clear_faults();
        // The back-off after a failure.
        app.provider.clock().advance(60);
        assert_eq!(open_page(&browser).await.body, "active", "{name}");
        app.provider.clock().advance(HOUR);
    }
}

#[tokio::test]
async fn a_session_in_cookies_survives_every_transient_error() {
    survives_transient_errors(|web| web).await;
}

#[tokio::test]
async fn a_session_in_a_store_survives_every_transient_error() {
    survives_transient_errors(|web| web.with_store(MemoryStore::default())).await;
}
