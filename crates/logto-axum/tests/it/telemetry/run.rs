//! A run from sign-in to sign-out, with failures of provider and store, and with everything that
//! telemetry must not contain.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::{Request, header};
use logto_axum::{WebConfig, WebhookConfig};
use logto_testing::{CallbackFault, Endpoint, HttpFault, IdTokenFault, RotationRule, TestProvider, TestWebhook};
use url::Url;

use crate::{
    app::{App, BASE, Browser},
    faulty_store::FaultyStore,
};

pub(super) const WEBHOOK_KEY: &str = "the-signing-key-of-webhooks-of-this-run";
const VISITOR: &str = "198.51.100.7";
const USER_AGENT: &str = "the-browser-of-this-run";
const APP_SECRET: &str = "the-client-secret-of-this-run";

/// Texts of a run, with their names.
#[derive(Default)]
pub(super) struct Private(pub(super) Vec<(&'static str, String)>);

impl Private {
    fn add(&mut self, name: &'static str, text: impl Into<String>) {
        let text = text.into();
        assert!(text.len() >= 4, "{name} is too short to search: {text}");
        self.0.push((name, text));
    }

    fn add_cookies(&mut self, browser: &Browser<'_>) {
        for value in browser.cookies.borrow().values().filter(|value| value.len() > 8) {
            self.add("a cookie", value);
        }
    }
}

/// The ids of the sessions that began.
pub(super) type SessionIds = Arc<Mutex<Vec<String>>>;

pub(super) async fn app(store: Option<&FaultyStore>, ids: &SessionIds) -> App {
    let provider = TestProvider::builder()
        .client("the-app-id-of-this-run", APP_SECRET)
        .rotation(RotationRule::EveryUse)
        .start()
        .await;
    provider.update_user("ada", |ada| {
        ada.name = Some("Ada Lovelace".to_owned());
        ada.email = Some("ada.lovelace@example.net".to_owned());
    });
    App::with(provider, |web| {
        let ids = Arc::clone(ids);
        let web = web
            .with_webhooks(WebhookConfig::new([WEBHOOK_KEY.into()]))
            .with_on_sign_in(move |event| {
                ids.lock().unwrap().push(event.session_id().to_text());
                async { Ok(()) }
            });
        store.cloned().into_iter().fold(web, WebConfig::with_store)
    })
}

/// Runs everything, and returns what is private about it.
pub(super) async fn run(app: &App, store: &FaultyStore) -> Private {
    let mut private = Private::default();
    let provider = Url::parse(app.provider.endpoint()).unwrap();
    private.add("the provider's address", app.provider.endpoint());
    private.add("the provider's port", format!(":{}", provider.port().unwrap()));
    private.add("an IP address", "127.0.0.1");
    private.add("the app's address", BASE);
    private.add("the app's host", "localhost");
    private.add("a path of the app", "/callback");
    private.add("the app id", app.provider.app_id());
    private.add("the client secret", APP_SECRET);
    private.add("the webhook's key", WEBHOOK_KEY);
    private.add("the user id", app.provider.user("ada").id);
    private.add("the user's name", "Lovelace");
    private.add("the user's email address", "ada.lovelace");
    private.add("the visitor's address", VISITOR);
    private.add("the visitor's browser", USER_AGENT);
    let browser = app.browser();
    sign_in(app, &browser, &mut private).await;
    use_session(app, &browser, &mut private).await;
    failures(app, store, &browser, &mut private).await;
    end(app, &mut private).await;
    private
}

async fn sign_in(app: &App, browser: &Browser<'_>, private: &mut Private) {
    app.provider.sign_in_as("ada");
    for fault in [None, Some(CallbackFault::error("access_denied"))] {
        if let Some(fault) = fault.clone() {
            app.provider.fault_once(fault);
        }
        let start = browser.post("/sign-in", "return_to=/").await;
        let callback = app.provider.authorize(&start.location()).await;
        for address in [start.location(), callback.clone()] {
            for (name, value) in Url::parse(&address).unwrap().query_pairs() {
                if matches!(&*name, "state" | "nonce" | "code" | "code_challenge") {
                    private.add("a parameter", value);
                }
            }
        }
        private.add_cookies(browser);
        browser.get(callback.strip_prefix(BASE).unwrap()).await;
        private.add_cookies(browser);
    }
    app.provider.fault_once(IdTokenFault::SignatureBad);
    browser.sign_in("/").await;
    browser
        .get("/callback?code=forged&state=forged-state-of-this-run")
        .await;
    private.add("a forged state", "forged-state-of-this-run");
    browser.sign_in("/").await;
    private.add_cookies(browser);
    private.add("the provider's session", app.provider.sid().unwrap());
}

async fn use_session(app: &App, browser: &Browser<'_>, private: &mut Private) {
    for path in ["/", "/me", "/page", "/claims"] {
        let request = Request::get(path)
            .header("x-forwarded-for", VISITOR)
            .header(header::USER_AGENT, USER_AGENT);
        browser.send(request.body(Body::empty()).unwrap()).await;
    }
    for _ in 0..2 {
        assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
        let page = browser.get("/tokens").await.body;
        // The page shows the code of an error where there is no token.
        let tokens: Vec<_> = page.split(' ').filter(|token| token.len() > 20).collect();
        assert!(tokens.len() >= 3, "{page}");
        for token in tokens {
            private.add("a token", token);
        }
        private.add_cookies(browser);
        app.provider.clock().advance(3600);
    }
}

async fn failures(app: &App, store: &FaultyStore, browser: &Browser<'_>, private: &mut Private) {
    for fault in [HttpFault::Status(500), HttpFault::InvalidJson, HttpFault::Reset] {
        app.provider.clock().advance(3600);
        app.provider.fault_once(fault.at(Endpoint::Token));
        browser.post("/token", "").await;
    }
    store.set_down(true);
    browser.get("/me").await;
    browser.post("/token", "").await;
    browser.post("/sign-out", "").await;
    app.logto.readiness().await;
    store.set_down(false);
    app.provider.clock().advance(3600);
    browser.post("/token", "").await;
    private.add_cookies(browser);
}

/// Ends sessions in every way.
async fn end(app: &App, private: &mut Private) {
    let sid = app.provider.sid().unwrap();
    let sub = app.provider.user("ada").id;
    let browser = app.signed_in("ada").await;
    private.add_cookies(&browser);
    browser.post("/sign-out", "").await;

    let browser = app.signed_in("ada").await;
    private.add_cookies(&browser);
    let token = app.provider.logout_token(Some(&sub), Some(&sid), |_| {});
    for _ in ["accepted", "replayed"] {
        browser
            .post("/backchannel-logout", &format!("logout_token={token}"))
            .await;
    }
    private.add("a logout token", token);

    app.provider.clock().advance(1);
    app.signed_in("ada").await;
    let now = app.provider.clock().now();
    for key in [WEBHOOK_KEY, "another-key-of-this-run"] {
        let webhook = TestWebhook::user_deleted(&sub).at(now);
        app.send(webhook.request("/webhook", key)).await;
    }
    private.add("another key", "another-key-of-this-run");
}
