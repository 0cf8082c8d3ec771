//! No secret is logged, not even at trace level.

use std::collections::BTreeMap;

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{Request, header};
use logto_testing::{
    CallbackFault, CapturedLogs, Endpoint, HttpFault, IdTokenFault, RotationRule, Secrets, TestProvider,
};
use url::Url;

use crate::{
    app::{App, BASE, Browser},
    faulty_store::FaultyStore,
};

const APP_SECRET: &str = "the-client-secret-that-is-not-logged";
const COOKIE_SECRET: &str = "the cookie secret that is not logged";

async fn provider() -> TestProvider {
    let provider = TestProvider::builder().client("app", APP_SECRET);
    let provider = provider.rotation(RotationRule::EveryUse);
    provider.backchannel_session_required().start().await
}

#[tokio::test]
async fn no_secret_is_logged_from_sign_in_to_sign_out() {
    let logs = CapturedLogs::start();
    let mut secrets = Secrets::default();
    secrets.add("client secret", APP_SECRET);
    secrets.add("credentials", BASE64_STANDARD.encode(format!("app:{APP_SECRET}")));
    secrets.add("cookie secret", COOKIE_SECRET);
    let store = FaultyStore::default();
    for stored in [None, Some(store.clone())] {
        let app = App::with(provider().await, |web| {
            let web = web.with_cookie_secrets([COOKIE_SECRET.into()]);
            stored.into_iter().fold(web, logto_axum::WebConfig::with_store)
        });
        visit(&app, &mut secrets).await;
        failures(&app, &store, &mut secrets).await;
    }
    logs.assert_without(&secrets);
}

/// Sign-in, pages, tokens, a refresh, sign-out, and a back-channel logout.
async fn visit(app: &App, secrets: &mut Secrets) {
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = go_to_provider(&browser, app, secrets).await;
    browser.get(&callback).await;
    let one_time_token = "the-one-time-token-that-is-not-logged";
    secrets.add("one-time token", one_time_token);
    for further in ["", "&first_screen=nonsense"] {
        let fields = format!("one_time_token={one_time_token}{further}");
        browser.get(&format!("/sign-in?{fields}")).await;
        browser.post("/sign-in", &fields).await;
    }
    add_cookies(&browser, secrets);
    for path in ["/", "/me", "/page", "/claims"] {
        browser.get(path).await;
    }
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    browser.get("/late-token").await;
    add_tokens(&browser, secrets).await;
    app.provider.clock().advance(3600);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    add_tokens(&browser, secrets).await;
    let sid = app.provider.sid().unwrap();
    let end = browser.post("/sign-out", "").await;
    app.provider.end_session(&end.location()).await;

    let logout_token = app.provider.logout_token(Some("usr_ada"), Some(&sid), |_| {});
    for _ in ["accepted", "replayed"] {
        browser
            .post("/backchannel-logout", &format!("logout_token={logout_token}"))
            .await;
    }
    secrets.add("logout token", logout_token);
    for exchange in app.provider.log() {
        if let Some(verifier) = exchange.params.get("code_verifier") {
            secrets.add("verifier", verifier);
        }
    }
}

/// Failures, because most log messages report one.
async fn failures(app: &App, store: &FaultyStore, secrets: &mut Secrets) {
    let browser = app.browser();
    app.provider.sign_in_as("ada");
    for fault in [
        IdTokenFault::SignatureBad,
        IdTokenFault::NonceWrong,
        IdTokenFault::NotAJwt,
    ] {
        app.provider.fault_once(fault);
        let callback = go_to_provider(&browser, app, secrets).await;
        browser.get(&callback).await;
        browser.get(&callback).await;
    }
    app.provider.fault_once(CallbackFault::error("access_denied"));
    let callback = go_to_provider(&browser, app, secrets).await;
    browser.get(&callback).await;
    let callback = go_to_provider(&browser, app, secrets).await;
    browser.get(&format!("{callback}&state=another")).await;

    let signed_in = app.signed_in("ada").await;
    add_cookies(&signed_in, secrets);
    let broken: String = browser_cookie(&signed_in).chars().rev().collect();
    secrets.add("broken cookie", &broken[..40]);
    let broken = BTreeMap::from([(crate::app::SESSION.to_owned(), broken)]);
    app.browser_with(broken).get("/me").await;
    for fault in [HttpFault::Status(500), HttpFault::InvalidJson, HttpFault::Reset] {
        app.provider.clock().advance(3600);
        app.provider.fault_once(fault.at(Endpoint::Token));
        signed_in.post("/token", "").await;
    }
    store.set_down(true);
    signed_in.get("/me").await;
    let cross_site = Request::post("/sign-out").header(header::ORIGIN, "https://evil.example");
    signed_in.send(cross_site.body(Body::empty()).unwrap()).await;
    store.set_down(false);
    let bearer = "a-bearer-token-that-is-not-logged";
    secrets.add("bearer token", bearer);
    let request = Request::get("/api").header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    signed_in.send(request.body(Body::empty()).unwrap()).await;
}

/// Like [`Browser::go_to_provider`], and collects the secrets on the way.
async fn go_to_provider(browser: &Browser<'_>, app: &App, secrets: &mut Secrets) -> String {
    let start = browser.post("/sign-in", "return_to=/").await;
    add_cookies(browser, secrets);
    let callback = app.provider.authorize(&start.location()).await;
    for address in [start.location(), callback.clone()] {
        for (name, value) in Url::parse(&address).unwrap().query_pairs() {
            if matches!(&*name, "state" | "nonce" | "code") {
                secrets.add(&name, value);
            }
        }
    }
    callback.strip_prefix(BASE).unwrap().to_owned()
}

fn add_cookies(browser: &Browser<'_>, secrets: &mut Secrets) {
    for (name, value) in browser.cookies.borrow().iter() {
        secrets.add(name, value);
    }
}

fn browser_cookie(browser: &Browser<'_>) -> String {
    browser.cookies.borrow()[crate::app::SESSION].clone()
}

async fn add_tokens(browser: &Browser<'_>, secrets: &mut Secrets) {
    let tokens = browser.get("/tokens").await.body;
    assert!(tokens.split(' ').count() >= 4, "{tokens}");
    for token in tokens.split(' ') {
        secrets.add("token", token);
    }
    add_cookies(browser, secrets);
}
