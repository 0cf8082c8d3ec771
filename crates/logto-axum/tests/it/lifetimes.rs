//! How long sessions live, what a page renews before it is rendered, and how many cookies a session takes.

use axum::body::Body;
use http::Request;
use logto_axum::Lifetimes;
use logto_testing::{API, Endpoint, HttpFault, Membership, Organization, TestProvider, User};

use crate::app::{App, Browser, SESSION};

const DAY: u64 = 24 * 60 * 60;
const HOUR: u64 = 3600;

async fn open_page(browser: &Browser<'_>) -> String {
    let request = Request::get("/")
        .header("sec-fetch-dest", "document")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await.body
}

async fn provider() -> TestProvider {
    TestProvider::builder().client("app", "secret").start().await
}

#[tokio::test]
async fn a_session_ends_after_its_idle_time_and_a_visit_prolongs_it() {
    let app = App::with(provider().await, |web| {
        web.lifetimes = Lifetimes {
            idle: 2 * DAY,
            absolute: 14 * DAY,
        }
    });
    let browser = app.signed_in("ada").await;
    for _ in 0..5 {
        app.provider.clock().advance(DAY + HOUR);
        assert_eq!(open_page(&browser).await, "active");
    }
    app.provider.clock().advance(2 * DAY);
    assert_eq!(open_page(&browser).await, "anonymous");
}

#[tokio::test]
async fn a_session_ends_after_its_absolute_time_whatever_the_visits() {
    let app = App::with(provider().await, |_| {});
    let browser = app.signed_in("ada").await;
    for _ in 0..13 {
        app.provider.clock().advance(DAY);
        assert_eq!(open_page(&browser).await, "active");
    }
    app.provider.clock().advance(DAY);
    assert_eq!(open_page(&browser).await, "anonymous");
}

#[tokio::test]
async fn a_page_renews_what_ends_soon_before_it_is_rendered() {
    let app = App::with(provider().await, |_| {});
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR - 31);
    app.provider.clear_log();
    open_page(&browser).await;
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        0,
        "31 seconds before the end it is too early"
    );
    app.provider.clock().advance(2);
    assert_eq!(open_page(&browser).await, "active");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    app.provider.clock().advance(60);
    assert_eq!(browser.get("/").await.body, "active", "renewed and saved");
}

#[tokio::test]
async fn the_provider_is_not_asked_by_every_request_while_it_has_a_fault() {
    let app = App::with(provider().await, |_| {});
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.fault(HttpFault::RetryAfter(503, "20").at(Endpoint::Token));
    app.provider.clear_log();
    for _ in 0..10 {
        assert_eq!(open_page(&browser).await, "stale");
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    app.provider.clear_faults();
    app.provider.clock().advance(20);
    assert_eq!(open_page(&browser).await, "active");
}

/// A user with 150 organizations, and 20 API resources.
async fn heavy() -> (TestProvider, Vec<String>) {
    let mut user = User::new("heavy").permission(API, "read:products");
    let mut builder = TestProvider::builder().client("app", "secret").resource(API);
    let resources: Vec<_> = (0..20)
        .map(|number| format!("https://api-{number}.example.com/"))
        .collect();
    for resource in &resources {
        builder = builder.resource(resource);
        user = user.permission(resource, "read:products");
    }
    for number in 0_u32..150 {
        // Ids as Logto makes them: random, so they hardly shrink.
        let id = format!(
            "{:06x}{:06x}",
            number.wrapping_mul(2_654_435_761) & 0xff_ffff,
            number.wrapping_mul(40_503) & 0xff_ffff
        );
        builder = builder.organization(Organization::new(&id, "Name"));
        user = user.member_of(Membership::of(&id).role("member"));
    }
    (builder.user(user).start().await, resources)
}

#[tokio::test]
async fn a_user_with_150_organizations_and_20_resource_tokens_stays_signed_in_with_cookies_alone() {
    let (provider, resources) = heavy().await;
    let app = App::with_resources(provider, &resources, |_| {});
    let browser = app.signed_in("heavy").await;
    for resource in &resources {
        let answer = browser.get(&format!("/token-for?resource={resource}")).await;
        assert_eq!(answer.body, "read:products", "{resource}");
        assert!(answer.cookies.iter().all(|cookie| cookie.len() <= 4096));
        let total: usize = browser
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| name.len() + value.len() + 2)
            .sum();
        assert!(total <= 7_000, "{total} bytes of cookies");
        assert_eq!(open_page(&browser).await, "active");
    }
    assert!(browser.has(&format!("{SESSION}.1")), "it takes more than one cookie");
}

#[tokio::test]
async fn parts_of_a_larger_session_do_not_stay_behind() {
    let (provider, resources) = heavy().await;
    let app = App::with_resources(provider, &resources, |_| {});
    let browser = app.signed_in("heavy").await;
    for resource in &resources {
        browser.get(&format!("/token-for?resource={resource}")).await;
    }
    assert!(browser.has(&format!("{SESSION}.1")));
    browser.post("/sign-out", "").await;
    assert!(
        browser.cookies.borrow().keys().all(|name| !name.starts_with(SESSION)),
        "{:?}",
        browser.cookies
    );
    app.provider.sign_in_as("heavy");
    browser.sign_in("/").await;
    for resource in &resources {
        browser.get(&format!("/token-for?resource={resource}")).await;
    }
    browser.cookies.borrow_mut().remove(&format!("{SESSION}.1"));
    assert_eq!(open_page(&browser).await, "anonymous", "a part is missing");
    assert!(
        browser.cookies.borrow().keys().all(|name| !name.starts_with(SESSION)),
        "{:?}",
        browser.cookies
    );
}
