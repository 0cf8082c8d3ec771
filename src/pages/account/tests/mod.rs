//! Calls of the account's server functions that no form of the page makes. The browser tests use the
//! page.

mod profile;
mod requests;
mod sessions;

use http::{Method, StatusCode};
use logto_testing::{Browser, Endpoint, Page, TestProviderBuilder, User};
use serde_json::{Value, json};

use crate::pages::test_app::{self, App, call};

const ACCOUNT: &str = "/account";
const LOAD: &str = "/fn/account/load";
const SAVE: &str = "/fn/account/save";
const CONFIRM: &str = "/fn/account/confirm";
const LIST: &str = "/fn/account/sessions";
const END: &str = "/fn/account/sessions/end";

const PASSWORD: &str = "the password of ada";

/// The beginning of a JWT: `{"alg":` in base64.
const JWT: &str = "eyJhbGci";

type Fields<'a> = &'a [(&'a str, &'a str)];

fn provider() -> TestProviderBuilder {
    let ada = User::new("ada").with_name("Ada").with_password(PASSWORD);
    test_app::provider()
        .user(ada)
        .user(User::new("bob").with_name("Bob").with_password("the password of bob"))
}

/// `ada` has an entry of another app in the custom data.
async fn start() -> App {
    start_with(&[]).await
}

async fn start_with(variables: &[(&str, &str)]) -> App {
    let app = App::with(provider(), variables).await;
    app.provider
        .update_user("ada", |ada| ada.custom_data = json!({ "theme": "dark", "plan": "pro" }));
    app
}

impl App {
    /// A browser on the account page. The app has used the access token of the user.
    async fn on_account_page(&self, user: &str) -> Browser {
        let browser = self.signed_in(user).await;
        let page = browser.get(ACCOUNT).await;
        assert_eq!(page.status(), StatusCode::OK, "{}", page.text());
        browser
    }

    /// The same after the user has entered the password.
    async fn confirmed(&self, user: &str) -> Browser {
        let browser = self.on_account_page(user).await;
        let password = self.provider.user(user).password.unwrap();
        let page = call(&browser, CONFIRM, &[("password", &password)]).await;
        assert_eq!(page.status(), StatusCode::OK, "{}", page.body());
        self.assert_no_secret(&page);
        browser
    }

    /// Calls a function, and checks the refusal.
    async fn assert_refused(
        &self,
        browser: &Browser,
        (path, fields): (&str, Fields<'_>),
        (status, code): (StatusCode, &str),
    ) {
        let page = call(browser, path, fields).await;
        let shown = format!("{path} {fields:.200?}: {} {}", page.status(), page.body());
        assert_eq!(page.status(), status, "{shown}");
        assert!(page.body().contains(code), "{shown}");
        self.assert_no_secret(&page);
    }

    /// The name, the custom data and the time of the last change, as the provider has them.
    fn stored(&self, user: &str) -> (Option<String>, Value, u64) {
        let user = self.provider.user(user);
        (user.name, user.custom_data, user.updated_at)
    }

    /// The calls that could change an account or a session.
    fn changing_calls(&self) -> usize {
        let log = self.provider.log().into_iter();
        log.filter(|request| request.endpoint == Endpoint::Account && request.path.starts_with("/api/my-account"))
            .filter(|request| request.method != Method::GET)
            .count()
    }

    /// No access token, proof or JWT is in a response or in an address that led to it.
    fn assert_no_secret(&self, page: &Page) {
        let log = self.provider.log();
        let account = log.iter().filter(|request| request.endpoint == Endpoint::Account);
        let sent: Vec<_> = account
            .flat_map(|request| ["authorization", "logto-verification-id"].map(|name| request.headers.get(name)))
            .flatten()
            .map(|value| value.to_str().unwrap().trim_start_matches("Bearer "))
            .filter(|secret| !secret.is_empty())
            .collect();
        assert!(!sent.is_empty(), "the app has not used a token yet");
        let headers = page.headers().values().map(|value| value.to_str().unwrap());
        for text in headers.chain(page.redirects()).chain([page.body(), page.url()]) {
            for secret in sent.iter().chain(&[JWT, PASSWORD]) {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
    }
}

/// The ids of the user's sessions at the provider, as the account page reads them.
async fn sessions_of(browser: &Browser) -> Vec<String> {
    let page = call(browser, LIST, &[]).await;
    assert_eq!(page.status(), StatusCode::OK, "{}", page.body());
    let sessions: Vec<Value> = page.json();
    let uid = |session: &Value| session["uid"].as_str().unwrap().to_owned();
    sessions.iter().map(uid).collect()
}
