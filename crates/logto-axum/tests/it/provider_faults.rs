//! A provider that is slow, broken or silent: sessions and tokens that are valid yet go on.

use std::time::Duration;

use http::StatusCode;
use logto::session::store::MemoryStore;
use logto_axum::WebConfig;
use logto_testing::{Endpoint, HttpFault, TestProvider};

use crate::{app::App, stores::open_page};

const HOUR: u64 = 3600;

/// Every passing fault, on a token that ends soon and is renewed before the page, and then on one
/// that has ended.
async fn survives_the_faults(change: impl FnOnce(WebConfig) -> WebConfig) {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with(provider, change);
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
        // The pause after a failure.
        app.provider.clock().advance(60);
        assert_eq!(open_page(&browser).await.body, "active", "{name}");
        app.provider.clock().advance(HOUR);
    }
}

#[tokio::test]
async fn a_session_in_cookies_survives_every_transient_error() {
    survives_the_faults(|web| web).await;
}

#[tokio::test]
async fn a_session_in_a_store_survives_every_transient_error() {
    survives_the_faults(|web| web.with_store(MemoryStore::default())).await;
}
