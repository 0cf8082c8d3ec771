//! Failed sign-ins: their grants, earlier sessions, and error pages.

use std::sync::Arc;

use axum::{Router, body::Body};
use http::{Request, StatusCode, header};
use logto::{Environment, NoRandomness, Random, SystemRandom};
use logto_axum::{Logto, LogtoConfig, WebConfig};
use logto_testing::{Endpoint, HttpFault, IdTokenFault, TestProvider};
use tower::ServiceExt as _;

use crate::{
    app::{App, BASE, SESSION},
    faulty_store::FaultyStore,
    stores::provider,
};

fn with_store(store: &FaultyStore) -> impl FnOnce(WebConfig) -> WebConfig {
    let store = Arc::new(store.clone());
    |web| web.with_shared_store(store)
}

#[tokio::test]
async fn a_callback_creates_no_grant_while_the_keys_are_unavailable() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    app.provider.fault(HttpFault::RetryAfter(503, "30").at(Endpoint::Jwks));
    let answer = browser.sign_in("/me").await;
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=provider_unavailable&retry_after=30&return_to=%2Fme")
    );
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    app.provider.clear_faults();
    browser.sign_in("/me").await;
    assert!(browser.has(SESSION));
}

#[tokio::test]
async fn a_rejected_id_token_revokes_the_grant() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    app.provider.fault(IdTokenFault::NonceWrong);
    app.browser().sign_in("/").await;
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
}

/// Logto adds a sign-in to the existing grant of the browser, so revoking it would end the session.
#[tokio::test]
async fn a_session_too_large_to_keep_does_not_end_the_previous_one() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let notes: Vec<u32> = (0..3000).map(|number| number * 7919).collect();
    app.provider.tweak_id_token(move |claims| {
        claims.insert("custom_data".to_owned(), serde_json::json!({ "notes": notes }));
    });
    let answer = browser.sign_in("/me").await;
    assert!(answer.location().contains("session_too_large"), "{}", answer.location());
    assert_eq!(app.provider.requests(Endpoint::Revocation), 0);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_rejected_id_token_of_a_second_sign_in_does_not_end_the_first_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(IdTokenFault::NonceWrong);
    let answer = browser.sign_in("/me").await;
    assert!(answer.location().contains("/failed?"), "{}", answer.location());
    assert_eq!(app.provider.requests(Endpoint::Revocation), 0);
    app.provider.clear_faults();
    app.provider.clock().advance(3600);
    browser.get("/id-token").await;
    assert_eq!(
        browser.get("/").await.body,
        "active",
        "the grant can still be refreshed"
    );
}

#[tokio::test]
async fn a_sign_in_that_the_store_cannot_save_revokes_its_grant() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, with_store(&store));
    app.provider.sign_in_as("ada");
    store.set_down(true);
    app.browser().sign_in("/").await;
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
}

/// Logto adds the sign-in to the grant of the earlier session. While the store is down, that
/// session may still exist.
#[tokio::test]
async fn a_sign_in_that_the_store_cannot_save_does_not_end_the_previous_session() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, with_store(&store));
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    let answer = browser.sign_in("/").await;
    assert!(answer.location().contains("store_unavailable"), "{answer:?}");
    assert_eq!(app.provider.requests(Endpoint::Revocation), 0);
    store.set_down(false);
    app.provider.clock().advance(3601);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn the_plain_error_page_keeps_the_return_path_through_a_store_outage() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| {
        with_store(&store)(web).with_paths(logto_axum::Paths::default())
    });
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/me").await;
    store.set_down(true);
    let failure = browser.get(&callback).await.location();
    assert!(
        !failure.contains("state=") && !failure.contains("callback?code="),
        "{failure}"
    );
    let page = browser.get(failure.strip_prefix(BASE).unwrap()).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers["retry-after"], "5");
    for part in [
        "<code>store_unavailable</code>",
        "Try again in 5 seconds.",
        r#"<input type=hidden name="return_to" value="/me">"#,
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains("Nothing is lost"), "{}", page.body);
    store.set_down(false);
    assert_eq!(browser.sign_in("/me").await.location(), format!("{BASE}/me"));
}

/// The session of the browser cannot be read at the moment.
#[tokio::test]
async fn a_callback_without_a_transaction_redirects_while_the_store_is_down() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, with_store(&store));
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    let answer = browser.get("/callback?code=x&state=lost").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
}

#[tokio::test]
async fn the_plain_error_page_repeats_the_retry_after_of_the_provider() {
    let app = App::configured(|web| web.with_paths(logto_axum::Paths::default())).await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    app.provider.fault(HttpFault::RetryAfter(503, "30").at(Endpoint::Jwks));
    let answer = browser.sign_in("/me").await;
    let page = browser.get(answer.location().strip_prefix(BASE).unwrap()).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.headers["retry-after"], "30");
    assert!(page.body.contains("Try again in 30 seconds."), "{}", page.body);
}

#[tokio::test]
async fn an_invalid_retry_after_is_neither_shown_nor_sent() {
    let app = App::start().await;
    let browser = app.browser();
    for wait in ["%3Cscript%3E", "-1", "1e3", "", "99999999999", "30%26x=%3Cb%3E"] {
        let page = browser
            .get(&format!("/callback?failed=provider_unavailable&retry_after={wait}"))
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wait}");
        assert!(!page.headers.contains_key("retry-after"), "{wait}");
        assert!(
            !page.body.contains("Try again in 30") && !page.body.contains("%3C"),
            "{wait}"
        );
        assert!(page.body.contains("<code>provider_unavailable</code>"), "{wait}");
    }
}

#[tokio::test]
async fn a_program_gets_the_retry_after_of_the_provider() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::RetryAfter(429, "17").at(Endpoint::Token));
    let answer = browser.get("/tokens").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (answer.body.as_str(), &answer.headers["retry-after"]),
        ("provider_unavailable", &"17".parse().unwrap())
    );
}

/// A random source that fails for the nonce of a seal, and works for `state`, `nonce` and PKCE.
struct NoRandomnessForSeals;

impl Random for NoRandomnessForSeals {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        match bytes.len() {
            24 => Err(NoRandomness),
            _ => SystemRandom.fill(bytes),
        }
    }
}

#[tokio::test]
async fn a_sign_in_whose_transaction_cannot_be_sealed_fails_with_transaction_not_kept() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret());
    let environment = Environment::system(&config)
        .unwrap()
        .with_random(Arc::new(NoRandomnessForSeals));
    let web = WebConfig::new(BASE, ["a secret of thirty-two bytes that is not in the manual".into()]);
    let web = web.with_error_path("/failed");
    let logto = Logto::with_environment(config, web, environment).unwrap();
    let app = Router::new().merge(logto.routes()).layer(logto.layer());
    let form = Request::post("/sign-in").header(header::ORIGIN, BASE);
    let form = form.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = app.oneshot(form.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(
        answer.headers()[header::LOCATION],
        format!("{BASE}/failed?code=transaction_not_kept")
    );
}
