//! Sizes of request and response heads. Proxies and servers reject heads above their limits.

use axum::body::Body;
use http::{Request, header};
use logto_axum::WebConfig;
use logto_testing::{DEFAULT_RESOURCE, Organization, TestProvider, TestProviderBuilder, User};

use crate::{
    app::{Answer, App, Browser},
    large_sessions::{get_token, joined, organization_ids, resources, targets, with_resources},
};

/// Default limit of nginx for a response head on most machines (`proxy_buffer_size`), in bytes.
const SMALL_HEAD: usize = 4096;
/// Limit with `proxy_buffer_size 8k`, and usual limit of servers for one request line, in bytes.
const LARGE_HEAD: usize = 8190;
/// Reserve for headers of the app and of proxies, in bytes.
const RESERVE: usize = 256;
const HOUR: u64 = 3600;
const LONGEST_PATH: usize = 640;

const ORIGIN: &str = "https://app.example.com";
/// As long as an app ID of Logto.
const APP_ID: &str = "n7dd2kq7qwv1ktbdkr8xm";

/// A provider for https and with an app ID as long as Logto's, which make heads longer.
fn builder() -> TestProviderBuilder {
    TestProvider::builder()
        .client(APP_ID, "secret")
        .redirect_uri(&format!("{ORIGIN}/callback"))
        .resource(DEFAULT_RESOURCE)
}

fn change(web: WebConfig) -> WebConfig {
    web.with_base_url(ORIGIN)
}

/// The length of the response head in HTTP/1.1, including the headers that the server adds.
fn head(answer: &Answer) -> usize {
    let status = format!("HTTP/1.1 {}\r\n", answer.status);
    let added = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: 100000\r\n\r\n";
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    status.len() + added.len() + headers.sum::<usize>()
}

/// The length of the `Cookie` header of the next request.
fn cookie_header(browser: &Browser<'_>) -> usize {
    let cookies = browser.cookies.borrow();
    let pairs = cookies.iter().map(|(name, value)| name.len() + value.len() + 3);
    "cookie: \r\n".len() + pairs.sum::<usize>()
}

async fn open(browser: &Browser<'_>, path: &str) -> Answer {
    let request = Request::get(path).header("sec-fetch-dest", "document");
    browser.send(request.body(Body::empty()).unwrap()).await
}

async fn post(browser: &Browser<'_>, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

/// Starts a sign-in on a page with a path of `path` bytes; returns the answer and the callback
/// path.
async fn start(app: &App, browser: &Browser<'_>, path: usize) -> (Answer, String) {
    let form = format!("return_to=/{}", "a".repeat(path - 1));
    let answer = post(browser, "/sign-in", &form).await;
    let callback = app.provider.authorize(&answer.location()).await;
    let path = callback.strip_prefix(ORIGIN).unwrap().to_owned();
    (answer, path)
}

fn with_organizations(builder: TestProviderBuilder, organizations: &[String]) -> TestProviderBuilder {
    let add = |builder: TestProviderBuilder, id: &String| builder.organization(Organization::new(id, "Name"));
    organizations.iter().fold(builder, add)
}

#[tokio::test]
async fn every_response_head_fits_into_4_kilobytes_for_a_user_with_100_organizations_and_20_tokens() {
    let organizations = organization_ids(100);
    let builder = with_organizations(builder(), &organizations);
    let (builder, user) = with_resources(builder, joined(User::new("heavy"), &organizations));
    let app = App::with_resources(builder.user(user).start().await, &resources(), change);
    app.provider.sign_in_as("heavy");
    let browser = app.browser();
    let mut answers = Vec::new();
    // The second sign-in replaces the session of the first.
    for _ in 0..2 {
        let (started, callback) = start(&app, &browser, LONGEST_PATH).await;
        let signed_in = browser.get(&callback).await;
        assert!(
            signed_in.location().starts_with(&format!("{ORIGIN}/aaa")),
            "{signed_in:?}"
        );
        answers.extend([started, signed_in]);
        for target in targets(&organizations) {
            app.provider.clock().advance(1);
            answers.push(get_token(&browser, &target).await);
        }
        app.provider.clock().advance(HOUR);
        answers.push(open(&browser, "/page").await);
    }
    answers.push(post(&browser, "/sign-out", "this_app_only=true").await);
    let largest = answers.iter().max_by_key(|answer| head(answer)).unwrap();
    assert!(
        head(largest) <= SMALL_HEAD - RESERVE,
        "{} bytes: {largest:?}",
        head(largest)
    );
    assert!(
        head(largest) > SMALL_HEAD - 2 * RESERVE,
        "the budget is used: {}",
        head(largest)
    );
}

#[tokio::test]
async fn heads_stay_below_8_kilobytes_with_the_largest_session_and_the_most_pending_sign_ins() {
    let organizations = organization_ids(230);
    let mut builder = with_organizations(builder(), &organizations);
    let counts = (170..=230).step_by(4);
    for count in counts.clone() {
        builder = builder.user(joined(User::new(&format!("u{count}")), &organizations[..count]));
    }
    let app = App::with(builder.start().await, change);
    let (mut largest_head, mut largest_request, mut too_large) = (0, 0, 0);
    for count in counts {
        app.provider.sign_in_as(&format!("u{count}"));
        let browser = app.browser();
        let (_, callback) = start(&app, &browser, LONGEST_PATH).await;
        let signed_in = browser.get(&callback).await;
        if signed_in.location().contains("code=session_too_large") {
            too_large += 1;
            continue;
        }
        app.provider.clock().advance(HOUR);
        let mut answers = vec![signed_in, open(&browser, "/page").await];
        for path in [1, 1, 1, 1, 1, 1, LONGEST_PATH, LONGEST_PATH] {
            app.provider.clock().advance(1);
            answers.push(start(&app, &browser, path).await.0);
            largest_request = largest_request.max(cookie_header(&browser));
        }
        answers.push(post(&browser, "/sign-out", "this_app_only=true").await);
        largest_head = answers.iter().map(head).fold(largest_head, usize::max);
    }
    assert!(
        too_large > 0,
        "some sessions were too large, so the largest possible one was tested"
    );
    assert!(largest_head <= LARGE_HEAD - RESERVE, "{largest_head}");
    assert!(largest_request <= LARGE_HEAD - RESERVE, "{largest_request}");
    assert!(largest_head > 5_000, "the budget is used: {largest_head}");
    assert!(largest_request > 6_500, "the budget is used: {largest_request}");
}
