//! `Clear-Site-Data`: a sign-out clears the browser's cache.

use axum::{Router, routing::post};
use http::{Request, StatusCode};
use logto_axum::{AuthSession, SessionError, SignOutOptions};

use crate::{
    app::{Answer, App, layered},
    backchannel_logout::provider,
    faulty_store::FaultyStore,
};

fn clear_site_data(answer: &Answer) -> Option<&str> {
    answer
        .headers
        .get("clear-site-data")
        .map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_sign_out_clears_the_browser_cache() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for form in ["", "this_app_only=true", "nonsense"] {
        let answer = browser.post("/sign-out", form).await;
        assert_eq!(
            (answer.status, clear_site_data(&answer)),
            (StatusCode::SEE_OTHER, Some("\"cache\""))
        );
        browser.sign_in("/").await;
    }
}

#[tokio::test]
async fn a_sign_out_in_a_handler_clears_the_browser_cache() {
    async fn leave(session: AuthSession) -> Result<String, SessionError> {
        let options = SignOutOptions::default().with_this_app_only(true);
        session.sign_out(options).await
    }
    let app = layered(Router::new().route("/leave", post(leave)));
    let request = Request::post("/leave").header("sec-fetch-site", "same-origin");
    let answer = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, clear_site_data(&answer)),
        (StatusCode::OK, Some("\"cache\""))
    );
}

#[tokio::test]
async fn other_responses_do_not_clear_the_browser_cache() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let answer = browser.sign_in("/").await;
    assert_eq!(clear_site_data(&answer), None, "a sign-in");
    for path in ["/", "/page", "/sign-out", "/static"] {
        assert_eq!(clear_site_data(&browser.get(path).await), None, "{path}");
    }
    store.set_down(true);
    let answer = browser.post("/sign-out", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(clear_site_data(&answer), None, "a failed sign-out");
    store.set_down(false);
    app.provider.clock().advance(15 * 24 * 3600);
    assert_eq!(clear_site_data(&browser.get("/").await), None, "an expired session");
}
