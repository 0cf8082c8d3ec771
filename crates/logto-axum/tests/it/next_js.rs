//! Session cookies of Logto's Next.js SDK, sealed here in the SDK's format. The browser tests use
//! cookies of the SDK itself.

use std::sync::Arc;

use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, aead::Aead as _};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use logto::{CallbackRequest, ExposeSecret as _, SignInOptions, session::store::MemoryStore};
use logto_axum::WebConfig;
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, IdTokenFault, RotationRule, TestProvider};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::app::{App, Browser, SESSION};

const SECRET: &str = "of-the-next-js-app";

fn switch_on(web: WebConfig) -> WebConfig {
    web.with_next_js_cookie_secret(SECRET)
}

async fn app() -> App {
    let provider = TestProvider::builder()
        .client("app", "secret")
        .rotation(RotationRule::EveryUse)
        .start()
        .await;
    App::with(provider, switch_on)
}

/// The session data of the SDK after a sign-in, with an access token for the API.
async fn sdk_session(app: &App) -> Value {
    app.provider.sign_in_as("ada");
    let client = app.logto.client();
    let redirect_uri = app.provider.redirect_uri().to_owned();
    let options = SignInOptions::new().with_redirect_uri(redirect_uri.clone());
    let start = client.start_sign_in(options).await.unwrap();
    let callback = app.provider.authorize(start.authorization_url.as_str()).await;
    let (_, query) = callback.split_once('?').unwrap();
    let callback = CallbackRequest::parse(&redirect_uri, query);
    let signed_in = client.finish_sign_in(callback, start.transaction).await.unwrap();
    let access_token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let token = json!({
        "token": access_token,
        "scope": "read:products",
        "expiresAt": app.provider.clock().now() + 3600,
    });
    json!({
        "idToken": signed_in.id_token.raw().expose_secret(),
        "refreshToken": signed_in.refresh_token.unwrap().expose_secret(),
        "accessToken": json!({ format!("@{DEFAULT_RESOURCE}"): token }).to_string(),
    })
}

/// The cookie value: `wrapSession` of @logto/node, percent-encoded by Next.js.
fn sealed(sdk_session: &Value, secret: &str) -> String {
    let iv = [7; 12];
    let cipher = Aes256Gcm::new(&Sha256::digest(secret));
    let ciphertext = cipher
        .encrypt(Nonce::from_slice(&iv), sdk_session.to_string().as_bytes())
        .unwrap();
    let value = [ciphertext.as_slice(), &iv]
        .map(|part| BASE64_STANDARD.encode(part))
        .join(".");
    value.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

fn browser_with<'a>(app: &'a App, cookie: &str) -> Browser<'a> {
    app.browser_with([(SESSION.to_owned(), cookie.to_owned())].into())
}

#[tokio::test]
async fn a_session_of_the_next_js_sdk_continues_with_its_tokens_in_our_cookie() {
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    let browser = browser_with(&app, &cookie);
    assert_eq!(browser.get("/me").await.body, "usr_ada");
    assert_ne!(browser.cookies.borrow()[SESSION], cookie);
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");

    // The session no longer depends on the setting.
    let later = app.second_instance(|web| web);
    let browser = browser_with(&later, &browser.cookies.borrow()[SESSION]);
    assert_eq!(browser.get("/me").await.body, "usr_ada");
}

#[tokio::test]
async fn an_sdk_session_lives_no_longer_than_one_of_ours() {
    const LIFETIME: u64 = 14 * 24 * 60 * 60;
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    app.provider.clock().advance(LIFETIME - 1);
    assert_ne!(browser_with(&app, &cookie).get("/").await.body, "anonymous");
    app.provider.clock().advance(1);
    assert_eq!(browser_with(&app, &cookie).get("/").await.body, "anonymous");
}

#[tokio::test]
async fn requests_with_the_same_sdk_cookie_share_one_refresh() {
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    app.provider.clock().advance(3600);
    app.provider.clear_log();
    for _ in 0..2 {
        assert!(
            browser_with(&app, &cookie)
                .post("/token", "")
                .await
                .body
                .starts_with("read:products")
        );
        // After the reuse window the refresh token in the cookie would end the grant.
        app.provider.clock().advance(10);
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn an_sdk_session_is_migrated_to_the_store_once_across_processes() {
    let store = Arc::new(MemoryStore::default());
    let with_store = |web: WebConfig| switch_on(web).with_shared_store(store.clone());
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    app.provider.clock().advance(3600);
    app.provider.clear_log();
    for _ in 0..2 {
        let process = app.second_instance(with_store);
        let browser = browser_with(&process, &cookie);
        assert!(browser.post("/token", "").await.body.starts_with("read:products"));
        assert!(browser.cookies.borrow()[SESSION].len() < 160, "the cookie holds an ID");
        app.provider.clock().advance(10);
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_copied_sdk_cookie_does_not_work_after_sign_out() {
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    browser_with(&app, &cookie).post("/sign-out", "").await;
    assert_eq!(browser_with(&app, &cookie).get("/").await.body, "anonymous");

    let store = Arc::new(MemoryStore::default());
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    let processes = [0, 1].map(|_| app.second_instance(|web| switch_on(web).with_shared_store(store.clone())));
    browser_with(&processes[0], &cookie).post("/sign-out", "").await;
    assert_eq!(browser_with(&processes[1], &cookie).get("/").await.body, "anonymous");
}

#[tokio::test]
async fn an_sdk_cookie_is_neither_accepted_nor_removed_while_the_provider_is_unavailable() {
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    // A new process, which does not know the provider's keys.
    let moved = app.second_instance(switch_on);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let browser = browser_with(&moved, &cookie);
    let answer = browser.get("/").await;
    assert_eq!(answer.status, 503);
    assert!(answer.headers.contains_key("retry-after"));
    assert_eq!(browser.cookies.borrow()[SESSION], cookie);

    app.provider.clear_faults();
    assert_eq!(browser.get("/me").await.body, "usr_ada");
}

#[tokio::test]
async fn over_https_our_cookie_replaces_the_sdk_cookie() {
    let app = app().await;
    let cookie = sealed(&sdk_session(&app).await, SECRET);
    let https = app.second_instance(|web| switch_on(web).with_base_url("https://app.example.com"));
    let browser = browser_with(&https, &cookie);
    assert_eq!(browser.get("/me").await.body, "usr_ada");
    assert!(browser.has("__Host-logto_app") && !browser.has(SESSION));
    assert_eq!(browser.get("/me").await.body, "usr_ada");
}

#[tokio::test]
async fn rejects_and_removes_an_unverifiable_sdk_cookie() {
    let app = app().await;
    let sdk_session = sdk_session(&app).await;
    let mut cookies = vec![
        sealed(&sdk_session, "another secret"),
        sealed(&json!({ "refreshToken": sdk_session["refreshToken"] }), SECRET),
        sealed(&json!(["no session"]), SECRET),
    ];
    for fault in [
        IdTokenFault::SignatureBad,
        IdTokenFault::KeyUnpublished,
        IdTokenFault::AlgNone,
        IdTokenFault::Hs256WithClientSecret,
        IdTokenFault::IssuerWrong,
        IdTokenFault::AudienceOther,
        IdTokenFault::NotAJwt,
    ] {
        app.provider.fault_once(fault);
        let mut forged = sdk_session.clone();
        forged["idToken"] = app.provider.id_token("ada", None, &["openid"]).into();
        cookies.push(sealed(&forged, SECRET));
    }
    for (number, cookie) in cookies.iter().enumerate() {
        let browser = browser_with(&app, cookie);
        assert_eq!(browser.get("/").await.body, "anonymous", "{number}");
        assert!(!browser.has(SESSION), "{number}");
    }
    let off = app.second_instance(|web| web);
    let browser = browser_with(&off, &sealed(&sdk_session, SECRET));
    assert_eq!(browser.get("/").await.body, "anonymous");
    assert!(!browser.has(SESSION));
}
