//! Back-channel logout: the provider reports a logout, and the sessions end on their next request.

mod delivery;
mod outages;
mod races;
mod sessions;
mod unverified;

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, header};
use logto_axum::WebConfig;
use logto_testing::{Endpoint, TestProvider};
use serde_json::{Value, json};

use crate::{
    app::{Answer, App, Browser},
    faulty_store::FaultyStore,
};

const HOUR: u64 = 3600;

/// A provider whose ID tokens carry `sid`.
pub(crate) async fn provider() -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .backchannel_session_required()
        .start()
        .await
}

/// One app with sessions in cookies, one with sessions in a store.
async fn cookie_and_store_apps() -> [App; 2] {
    cookie_and_store_apps_with(provider().await, provider().await)
}

fn cookie_and_store_apps_with(first: TestProvider, second: TestProvider) -> [App; 2] {
    let store = FaultyStore::default();
    [
        App::with(first, |web| web),
        App::with(second, |web| web.with_store(store)),
    ]
}

impl App {
    /// Sends a logout token as the provider does, without cookies and `Origin`.
    pub(crate) async fn deliver(&self, token: &str) -> Answer {
        self.send_form(&format!("logout_token={token}")).await
    }

    async fn send_form(&self, form: &str) -> Answer {
        let request = Request::post("/backchannel-logout")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    fn token_for_session(&self, sid: &str) -> String {
        self.provider.logout_token(Some("usr_ada"), Some(sid), |_| {})
    }

    fn token_for_user(&self) -> String {
        self.provider.logout_token(Some("usr_ada"), None, |_| {})
    }

    /// A browser whose user has signed in, and the `sid` of its session at the provider.
    async fn signed_in_with_sid(&self, user: &str) -> (Browser<'_>, String) {
        let browser = self.signed_in(user).await;
        (browser, self.provider.sid().unwrap())
    }
}

pub(crate) fn assert_accepted(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(answer.cookies.is_empty() && answer.body.is_empty(), "{answer:?}");
}

pub(crate) fn assert_rejected(answer: &Answer, error: &str, code: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert!(answer.cookies.is_empty(), "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&body["error"], &body["code"]), (&json!(error), &json!(code)));
    assert!(!body["error_description"].as_str().unwrap().is_empty());
}

/// Where logouts are recorded: in the session store, or in a deny list beside session cookies.
pub(crate) const RECORDS: [fn(WebConfig, FaultyStore) -> WebConfig; 2] = [
    |web, store| web.with_store(store),
    |web, store| web.with_deny_list(store),
];

/// Waits until a retry has saved the logout and the browser is signed out. Ends the pauses between
/// retries at once.
pub(crate) async fn until_anonymous(browser: &Browser<'_>, store: &FaultyStore) {
    let clock = browser.app.provider.clock();
    let signed_out = async {
        loop {
            let saved = store.saved.notified();
            if browser.get("/").await.body == "anonymous" {
                return;
            }
            tokio::select! {
                () = saved => {}
                () = clock.end_sleep() => {}
            }
        }
    };
    let limit = Duration::from_secs(30);
    tokio::time::timeout(limit, signed_out)
        .await
        .expect("the browser is signed out in time");
}

/// Refreshes a token, and calls `meanwhile` while the provider holds the refresh.
pub(crate) async fn during_a_refresh<F: Future<Output = ()>>(
    app: &App,
    browser: &Browser<'_>,
    meanwhile: impl FnOnce() -> F,
) -> Answer {
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    let held = app.provider.hold(Endpoint::Token);
    let (answer, ()) = tokio::join!(browser.post("/token", ""), async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        meanwhile().await;
        held.release();
    });
    answer
}
