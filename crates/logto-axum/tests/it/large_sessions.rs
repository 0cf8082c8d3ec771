//! Sessions in several cookies, and sessions that are too large.

use axum::body::Body;
use http::{Request, StatusCode, header};
use logto::session::store::MemoryStore;
use logto_axum::TokenTarget;
use logto_testing::{
    CapturedLogs, DEFAULT_RESOURCE, Endpoint, Membership, Organization, RotationRule, TestProvider,
    TestProviderBuilder, User,
};

use crate::{
    app::{Answer, App, Browser, SESSION},
    lifetimes::open_page,
};

const HOUR: u64 = 3600;

/// Random IDs like Logto's, which compress as little as real ones.
pub(crate) fn organization_ids(count: usize) -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from_digit(u32::try_from(state >> 33).unwrap() % 36, 36).unwrap()
    };
    (0..count).map(|_| (0..12).map(|_| letter()).collect()).collect()
}

pub(crate) fn joined(mut user: User, organizations: &[String]) -> User {
    for (number, id) in organizations.iter().enumerate() {
        let role = ["admin", "billing-manager", "member"][number % 3];
        user = user.with_organization(Membership::of(id).with_role(role).with_permission("read:reports"));
    }
    user
}

fn with_organizations(builder: TestProviderBuilder, organizations: &[String]) -> TestProviderBuilder {
    let add = |builder: TestProviderBuilder, id: &String| builder.organization(Organization::new(id, "Name"));
    organizations
        .iter()
        .fold(builder.client("app", "secret").resource(DEFAULT_RESOURCE), add)
}

pub(crate) fn resources() -> Vec<String> {
    (0..15)
        .map(|number| format!("https://api-{number}.example.com/"))
        .collect()
}

/// The app with a user `heavy` who has 150 organizations with a role in each, and 20 targets for
/// which that user gets tokens: resources and organizations.
pub(crate) async fn app_with_large_user(
    change: impl FnOnce(logto_axum::WebConfig) -> logto_axum::WebConfig,
) -> (App, Vec<TokenTarget>) {
    let organizations = organization_ids(150);
    let user = joined(
        User::new("heavy").with_name("Heavy").with_email("heavy@example.com"),
        &organizations,
    );
    let builder = with_organizations(TestProvider::builder(), &organizations);
    let (builder, user) = with_resources(builder, user);
    let app = App::with_resources(builder.user(user).start().await, &resources(), change);
    (app, targets(&organizations))
}

pub(crate) fn with_resources(builder: TestProviderBuilder, user: User) -> (TestProviderBuilder, User) {
    resources().iter().fold((builder, user), |(builder, user), resource| {
        (
            builder.resource(resource),
            user.with_permission(resource, "read:products"),
        )
    })
}

/// Targets for every resource and some organizations.
pub(crate) fn targets(organizations: &[String]) -> Vec<TokenTarget> {
    let resources = resources().into_iter().map(TokenTarget::resource);
    resources
        .chain(organizations[..5].iter().map(TokenTarget::organization))
        .collect()
}

pub(crate) async fn get_token(browser: &Browser<'_>, target: &TokenTarget) -> Answer {
    let parameter = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name}={value}"));
    let resource = parameter("resource", &target.resource);
    let query = resource
        .or(parameter("organization", &target.organization_id))
        .unwrap_or_default();
    browser.get(&format!("/token-for?{query}")).await
}

/// Bytes of cookies that the browser sends with every request.
fn sent(browser: &Browser<'_>) -> usize {
    let cookies = browser.cookies.borrow();
    cookies.iter().map(|(name, value)| name.len() + value.len() + 2).sum()
}

fn is_session_cookie(name: &str) -> bool {
    name.starts_with(SESSION)
}

#[tokio::test]
async fn a_user_with_150_organizations_and_20_tokens_stays_signed_in_with_cookies() {
    let (app, targets) = app_with_large_user(|web| web).await;
    assert_stays_signed_in(&app, &targets, 4_600).await;
}

#[tokio::test]
async fn a_larger_budget_uses_several_cookies() {
    let (app, targets) = app_with_large_user(|web| web.with_cookie_budget(7_000)).await;
    let browser = assert_stays_signed_in(&app, &targets, 7_000).await;
    assert!(
        browser.has(&format!("{SESSION}.1")),
        "the session takes more than one cookie"
    );
    assert!(sent(&browser) > 6_500, "the budget is used: {}", sent(&browser));
}

async fn assert_stays_signed_in<'a>(app: &'a App, targets: &[TokenTarget], budget: usize) -> Browser<'a> {
    let browser = app.signed_in("heavy").await;
    for target in targets {
        app.provider.clock().advance(1);
        let answer = get_token(&browser, target).await;
        assert!(answer.body.ends_with(" refreshed"), "{target:?}: {}", answer.body);
        assert!(
            answer.cookies.iter().all(|cookie| cookie.len() <= 4096),
            "attributes included"
        );
        assert!(sent(&browser) <= budget, "{} bytes of cookies", sent(&browser));
        assert_eq!(open_page(&browser).await, "active");
    }
    // A day later.
    let next_day = app.browser_with(browser.cookies.borrow().clone());
    app.provider.clock().advance(24 * HOUR);
    assert_eq!(open_page(&next_day).await, "active");
    browser
}

#[tokio::test]
async fn the_least_recently_used_tokens_are_evicted_and_fetched_again() {
    let (app, targets) = app_with_large_user(|web| web.with_cookie_budget(7_000)).await;
    let browser = app.signed_in("heavy").await;
    for target in &targets {
        app.provider.clock().advance(1);
        get_token(&browser, target).await;
    }
    let mut kept = 0;
    for target in targets.iter().rev() {
        if !get_token(&browser, target).await.body.ends_with(" kept") {
            break;
        }
        kept += 1;
    }
    assert!((10..20).contains(&kept), "{kept} of 20 are kept");
    for target in &targets[..20 - kept - 1] {
        assert!(
            get_token(&browser, target).await.body.ends_with(" refreshed"),
            "{target:?}"
        );
    }
    assert_eq!(open_page(&browser).await, "active");
}

#[tokio::test]
async fn all_parts_of_a_large_session_are_removed() {
    let (app, targets) = app_with_large_user(|web| web.with_cookie_budget(7_000)).await;
    let browser = app.signed_in("heavy").await;
    for target in &targets {
        get_token(&browser, target).await;
    }
    let second = format!("{SESSION}.1");
    assert!(browser.has(&second));
    browser.post("/sign-out", "").await;
    assert!(!browser.cookies.borrow().keys().any(|name| is_session_cookie(name)));

    app.provider.sign_in_as("heavy");
    browser.sign_in("/").await;
    for target in &targets {
        get_token(&browser, target).await;
    }
    browser.cookies.borrow_mut().remove(&second);
    assert_eq!(open_page(&browser).await, "anonymous", "a part is missing");
    assert!(!browser.cookies.borrow().keys().any(|name| is_session_cookie(name)));
}

#[tokio::test]
async fn a_sign_in_that_does_not_fit_into_cookies_ends_on_the_error_page() {
    let organizations = organization_ids(500);
    let user = joined(User::new("huge"), &organizations);
    let builder = with_organizations(TestProvider::builder(), &organizations);
    let provider = builder.user(user).user(User::new("usual")).start().await;
    let app = App::with(provider, |web| web);
    let (logs, _capture) = CapturedLogs::of_this_thread();
    app.signed_in("usual").await;
    assert!(!logs.text().contains("does not fit into"), "{}", logs.text());
    app.provider.sign_in_as("huge");
    let browser = app.browser();
    let answer = browser.sign_in("/me").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(logs.text().contains("does not fit into"), "{}", logs.text());
    assert!(
        answer
            .location()
            .contains("/failed?code=session_too_large_organizations"),
        "{}",
        answer.location()
    );
    assert!(!browser.cookies.borrow().keys().any(|name| is_session_cookie(name)));
    assert_eq!(browser.transactions(), 0);
    let advice = logto_axum::advice("session_too_large_organizations").advice;
    assert!(advice.starts_with("It has more organizations and roles"), "{advice}");
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1, "the grant is revoked");
}

/// The user has no organizations, so the advice must not blame them.
#[tokio::test]
async fn a_sign_in_with_too_much_custom_data_names_custom_data() {
    let app = App::with(TestProvider::builder().client("app", "secret").start().await, |web| web);
    let notes: Vec<u32> = (0..3000).map(|number| number * 7919).collect();
    app.provider.tweak_id_token(move |claims| {
        claims.insert("custom_data".to_owned(), serde_json::json!({ "notes": notes }));
    });
    app.provider.sign_in_as("ada");
    let answer = app.browser().sign_in("/me").await;
    assert!(
        answer.location().contains("/failed?code=session_too_large_custom_data"),
        "{}",
        answer.location()
    );
    let advice = logto_axum::advice("session_too_large_custom_data").advice;
    assert!(advice.starts_with("It has more custom data"), "{advice}");
}

#[tokio::test]
async fn a_sign_in_too_large_for_the_store_ends_on_the_error_page() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    provider.update_user("ada", |user| {
        user.profile.insert("website".into(), "x".repeat(300_000).into());
    });
    let app = App::with(provider, |web| web.with_store(MemoryStore::default()));
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let answer = browser.sign_in("/me").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(
        answer.location().contains("/failed?code=session_too_large"),
        "{}",
        answer.location()
    );
    assert!(!browser.cookies.borrow().keys().any(|name| is_session_cookie(name)));
}

#[tokio::test]
async fn a_session_that_outgrows_its_cookies_keeps_the_rotated_refresh_token() {
    let organizations = organization_ids(500);
    let user = joined(User::new("growing"), &organizations[..1]);
    let builder = with_organizations(TestProvider::builder(), &organizations);
    let provider = builder.user(user).rotation(RotationRule::EveryUse).start().await;
    let app = App::with(provider, |web| web);
    let browser = app.signed_in("growing").await;
    app.provider
        .update_user("growing", |user| *user = joined(user.clone(), &organizations[1..]));
    for _ in 0..3 {
        // Longer than refreshed sessions stay in memory, and than a rotated token can be reused.
        app.provider.clock().advance(2 * HOUR);
        let second = app.second_instance(|web| web);
        let at_second = second.browser();
        at_second.cookies.replace(browser.cookies.take());
        app.provider.clear_log();
        assert_eq!(open_page(&at_second).await, "active");
        assert_eq!(app.provider.requests(Endpoint::Token), 1);
        browser.cookies.replace(at_second.cookies.take());
        assert!(sent(&browser) <= 4_600);
    }
}

/// Browsers ignore a removal that violates the rules of the `__Host-` prefix.
#[tokio::test]
async fn over_https_removals_have_the_attributes_that_the_prefix_requires() {
    const HTTPS: &str = "https://app.example";
    let organizations = organization_ids(170);
    let builder = with_organizations(TestProvider::builder(), &organizations);
    let builder = builder.redirect_uri("https://app.example/callback");
    let user = joined(User::new("large"), &organizations);
    let app = App::with(builder.user(user).start().await, |web| web.with_base_url(HTTPS));
    app.provider.sign_in_as("large");
    let browser = app.browser();
    let form = |path| {
        Request::post(path)
            .header(header::ORIGIN, HTTPS)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty())
            .unwrap()
    };
    let started = browser.send(form("/sign-in")).await;
    let callback = app.provider.authorize(&started.location()).await;
    let signed_in = browser.get(callback.strip_prefix(HTTPS).unwrap()).await;
    let kept: Vec<_> = browser.cookies.borrow().keys().cloned().collect();
    assert_eq!(kept, ["__Host-logto_app", "__Host-logto_app.1"]);
    let signed_out = browser.send(form("/sign-out")).await;
    assert!(browser.cookies.borrow().is_empty());

    let removals: Vec<_> = [&signed_in, &signed_out]
        .into_iter()
        .flat_map(|answer| &answer.cookies)
        .filter(|cookie| cookie.contains("Max-Age=0"))
        .collect();
    assert_eq!(removals.len(), 3, "the transaction and both parts: {removals:?}");
    for removal in removals {
        assert!(
            removal.starts_with("__Host-") && !removal.contains("Domain"),
            "{removal}"
        );
        for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/;"] {
            assert!(format!("{removal};").contains(attribute), "{attribute} in {removal}");
        }
    }
}
