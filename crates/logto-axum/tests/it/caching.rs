//! No cache between here and the browser keeps what depends on a session.

use crate::app::App;

#[tokio::test]
async fn what_depends_on_the_session_is_private_and_not_stored() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/", "/me", "/page"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.headers["cache-control"], "private, no-store", "{path}");
        assert_eq!(answer.headers["vary"], "Cookie", "{path}");
    }
}

#[tokio::test]
async fn what_does_not_ask_for_the_session_can_be_cached_and_sets_no_cookie() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.get("/static").await;
    assert!(!answer.headers.contains_key("cache-control"));
    assert!(answer.cookies.is_empty());
}

#[tokio::test]
async fn a_session_that_did_not_change_is_not_written_again() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    assert!(browser.get("/me").await.cookies.is_empty());
}
