//! Tests of tokens on a page that streams.

use http::{StatusCode, header};
use logto_testing::Endpoint;

use super::Guarded;

/// A reload before the token was saved finds it in memory.
#[tokio::test]
async fn a_streaming_page_that_refreshes_a_token_can_be_reloaded() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    let before = app.provider.requests(Endpoint::Token);
    let (status, first, body) = app.open_late(&browser, "/token").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("token, refreshed: true"), "{body}");
    assert!(!first.contains_key(header::SET_COOKIE), "it was too late: {first:?}");

    let (status, reloaded, body) = app.open_late(&browser, "/token").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("token, refreshed: false"), "{body}");
    assert_eq!(app.provider.requests(Endpoint::Token), before + 1);
    let saved = reloaded.get(header::SET_COOKIE);
    assert!(
        saved.is_some_and(|cookie| cookie.to_str().unwrap().starts_with("logto_app")),
        "{reloaded:?}"
    );
}
