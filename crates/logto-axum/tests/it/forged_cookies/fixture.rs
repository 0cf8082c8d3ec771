//! The apps under test and their valid sessions.

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderValue, Request, StatusCode, header};
use logto::session::store::MemoryStore;
use logto_testing::TestProvider;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::runtime::Runtime;

use crate::{
    app::{Answer, App, Browser, SESSION},
    large_sessions::{app_with_large_user, get_token},
};

const CASES: u32 = 10_000;
const LONGER_THAN_ANY_SESSION: u64 = 15 * 24 * 3600;

/// The values of the cookies of a session: `logto_app`, `logto_app.1`, …
pub(super) type Values = Vec<Vec<u8>>;

/// A valid session: its sealed value, split into the parts of one or more cookies. The number of
/// parts, which starts the first cookie, is not included.
pub(super) struct Genuine {
    pub(super) parts: Vec<String>,
    pub(super) in_store: bool,
}

/// One app with sessions in cookies and one with a store.
pub(super) struct Fixture {
    runtime: Runtime,
    pub(super) cookies: App,
    store: App,
    /// Two consecutive sessions of each kind: in one cookie, in several cookies, in the store.
    pub(super) genuine: Vec<Genuine>,
    /// Values sealed with the same secret, but for another app or purpose, or too long ago.
    pub(super) other: Vec<String>,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (cookies, store, genuine, other) = runtime.block_on(sessions());
        Self {
            runtime,
            cookies,
            store,
            genuine,
            other,
        }
    }

    /// The app of a valid session.
    pub(super) fn app(&self, which: usize) -> &App {
        if self.genuine[which].in_store {
            &self.store
        } else {
            &self.cookies
        }
    }

    pub(super) fn ask(&self, app: &App, values: &Values) -> Answer {
        let mut header = Vec::new();
        for (number, value) in values.iter().enumerate() {
            header.extend_from_slice(name(number).as_bytes());
            header.push(b'=');
            header.extend_from_slice(value);
            header.extend_from_slice(b"; ");
        }
        let request = Request::get("/")
            .header("sec-fetch-dest", "document")
            .header(header::COOKIE, HeaderValue::from_bytes(&header).unwrap())
            .body(Body::empty())
            .unwrap();
        self.runtime.block_on(app.send(request))
    }

    /// Whether the value begins like one sealed with a secret that this instance does not have.
    fn names_another_key(&self, value: &[u8]) -> bool {
        let count = value.iter().position(|&byte| byte == b'~');
        let sealed = &value[count.map_or(0, |end| end + 1)..];
        let ours = key_of(self.genuine[0].parts[0].as_bytes()).unwrap();
        key_of(sealed).is_some_and(|key| key[0] == ours[0] && key != ours)
    }

    /// Checks that cookies are rejected without an error and removed, unless another instance might
    /// have their key. Cases without cookies are not counted.
    pub(super) fn assert_rejected<'a, S: Strategy>(
        &self,
        strategy: &S,
        make: impl Fn(S::Value) -> Option<(&'a App, Values)>,
    ) {
        let config = Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        };
        let result = TestRunner::new(config).run(strategy, |value| {
            let (app, values) = make(value).ok_or_else(|| TestCaseError::reject("no change"))?;
            let answer = self.ask(app, &values);
            prop_assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "anonymous"));
            if answer.cookies.is_empty() && self.names_another_key(&values[0]) {
                return Ok(());
            }
            for number in 0..values.len() {
                let removal = format!("{}=; ", name(number));
                let is_removal = |cookie: &String| cookie.starts_with(&removal) && cookie.contains("Max-Age=0");
                prop_assert!(
                    answer.cookies.iter().any(is_removal),
                    "{removal} in {:?}",
                    answer.cookies
                );
            }
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// The version and the key ID.
fn key_of(sealed: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed.get(..8)?).ok()?;
    bytes.truncate(5);
    Some(bytes)
}

/// The parts as cookies; the first one starts with their number.
pub(super) fn to_cookies(parts: &[String]) -> Values {
    let mut values: Values = parts.iter().map(|part| part.clone().into_bytes()).collect();
    if parts.len() > 1 {
        values[0] = format!("{}~{}", parts.len(), parts[0]).into_bytes();
    }
    values
}

fn name(number: usize) -> String {
    if number == 0 {
        SESSION.to_owned()
    } else {
        format!("{SESSION}.{number}")
    }
}

async fn sessions() -> (App, App, Vec<Genuine>, Vec<String>) {
    let (cookies, targets) = app_with_large_user(|web| {
        web.with_next_js_cookie_secret("the cookieSecret of a Next.js app")
            .with_cookie_budget(7_000)
    })
    .await;
    let store = cookies.second_instance(|web| web.with_store(MemoryStore::default()));
    let other_app = App::with(TestProvider::builder().client("other", "secret").start().await, |web| {
        web
    });

    let mut other = vec![
        value(&other_app.signed_in("ada").await, "logto_other"),
        value(&small(&cookies).await, SESSION),
        value(&small(&store).await, SESSION),
    ];
    cookies.provider.clock().advance(LONGER_THAN_ANY_SESSION);
    let pending = cookies.browser();
    pending.go_to_provider("/").await;
    other.extend(pending.cookies.borrow().values().cloned());

    let mut genuine = Vec::new();
    for _ in 0..2 {
        genuine.push(Genuine::of(&small(&cookies).await, false));
    }
    for _ in 0..2 {
        let browser = small(&cookies).await;
        for target in &targets {
            get_token(&browser, target).await;
        }
        genuine.push(Genuine::of(&browser, false));
    }
    for _ in 0..2 {
        genuine.push(Genuine::of(&small(&store).await, true));
    }
    drop(pending);
    (cookies, store, genuine, other)
}

/// A browser that has just signed in; its session fits into one cookie.
async fn small(app: &App) -> Browser<'_> {
    app.signed_in("heavy").await
}

fn value(browser: &Browser<'_>, name: &str) -> String {
    browser.cookies.borrow()[name].clone()
}

impl Genuine {
    fn of(browser: &Browser<'_>, in_store: bool) -> Self {
        let cookies = browser.cookies.borrow();
        let first = &cookies[SESSION];
        let mut parts = vec![
            first
                .split_once('~')
                .map_or(first.as_str(), |(_, rest)| rest)
                .to_owned(),
        ];
        parts.extend((1..).map_while(|number| cookies.get(&name(number)).cloned()));
        Self { parts, in_store }
    }
}
