//! Cross-site requests cannot change state.

mod confirmation;
mod server_functions;
mod sign_in;

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use logto_testing::CapturedLogs;

use crate::app::{Answer, App, BASE};

fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

fn form(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let kind = (header::CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded");
    request(Method::POST, path, &[&[kind], headers].concat())
}

pub(crate) const CROSS_SITE: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    &[("sec-fetch-site", "cross-site")],
    &[
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.localhost:3000"),
    ],
    &[("sec-fetch-site", "cross-site"), ("origin", BASE)],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
];

fn assert_rejected(answer: &Answer, code: &str, what: &dyn std::fmt::Debug) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what:?} {answer:?}");
    assert!(answer.body.contains(code), "{what:?} {}", answer.body);
    assert!(answer.cookies.is_empty(), "{what:?} {:?}", answer.cookies);
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));
}

#[tokio::test]
async fn cross_site_requests_can_neither_sign_in_nor_sign_out_nor_call_the_app() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in [
        "/sign-in",
        "/sign-out",
        "/organization",
        "/who",
        "/fn/save",
        "/no-such-page",
    ] {
        for headers in CROSS_SITE {
            let answer = browser.send(form(path, headers)).await;
            assert_rejected(&answer, "cross_site_request", &(path, headers));
        }
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = browser.send(request(method.clone(), "/who", CROSS_SITE[0])).await;
        assert_rejected(&answer, "cross_site_request", &method);
    }
    assert_eq!(browser.get("/").await.body, "active");
}

/// The line tells the developer of an endpoint for other sites how to open it.
#[tokio::test]
async fn the_layer_logs_a_cross_site_request_that_it_refuses() {
    let app = App::start().await;
    let (logs, _capture) = CapturedLogs::of_this_thread();
    app.send(form("/who", CROSS_SITE[0])).await;
    let logs = logs.text();
    let refusals: Vec<_> = logs
        .lines()
        .filter(|line| line.contains("a request was refused"))
        .collect();
    assert_eq!(refusals.len(), 1, "{logs}");
    for part in [
        "WARN",
        "cross_site_request",
        "POST",
        "/who",
        "https://evil.example",
        ".with_open_path(\"/who\")",
    ] {
        assert!(refusals[0].contains(part), "{part}: {refusals:?}");
    }
}

#[tokio::test]
async fn same_origin_requests_can_call_the_app() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for headers in [
        &[("sec-fetch-site", "same-origin"), ("origin", BASE)][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
        &[("sec-fetch-site", "none")],
        &[("origin", BASE)],
    ] {
        assert_eq!(browser.send(form("/who", headers)).await.body, "active", "{headers:?}");
    }
}

#[tokio::test]
async fn requests_without_an_origin_pass_unless_they_carry_a_session() {
    let app = App::start().await;
    assert_eq!(app.browser().send(form("/who", &[])).await.body, "anonymous");
    let browser = app.signed_in("ada").await;
    let answer = browser.send(form("/who", &[])).await;
    assert_rejected(&answer, "cross_site_request", &"with a session");
}

#[tokio::test]
async fn requests_without_an_origin_can_neither_sign_in_nor_sign_out() {
    let app = App::start().await;
    for path in ["/sign-in", "/sign-out"] {
        let answer = app.browser().send(form(path, &[])).await;
        assert_eq!(answer.location(), format!("{BASE}/failed?code=cross_site_request"));
        assert!(answer.cookies.is_empty());
    }
}

#[tokio::test]
async fn only_same_origin_pages_can_open_a_web_socket() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let upgrade = [("connection", "Upgrade"), ("upgrade", "websocket")];
    for headers in CROSS_SITE {
        let answer = browser
            .send(request(Method::GET, "/who", &[&upgrade, headers].concat()))
            .await;
        assert_rejected(&answer, "cross_site_request", &headers);
    }
    let own = [&upgrade[..], &[("origin", BASE)]].concat();
    assert_eq!(browser.send(request(Method::GET, "/who", &own)).await.body, "active");
}

#[tokio::test]
async fn a_link_from_another_site_opens_a_page_with_the_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    assert_eq!(browser.send(request(Method::GET, "/", &headers)).await.body, "active");
}

#[tokio::test]
async fn an_open_path_answers_other_sites_without_the_session() {
    let app = App::configured(|web| web.with_open_path("/open")).await;
    let browser = app.signed_in("ada").await;
    for headers in CROSS_SITE {
        let answer = browser.send(form("/open/who", headers)).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, "anonymous"),
            "{headers:?}"
        );
        assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
        assert_rejected(
            &browser.send(form("/openwho", headers)).await,
            "cross_site_request",
            &headers,
        );
    }
    assert_eq!(
        browser.post("/open/who", "").await.body,
        "active",
        "pages of this site still have the session"
    );
}

#[tokio::test]
async fn another_site_starts_no_sign_in_on_an_open_path() {
    let app = App::configured(|web| web.with_open_path("/open")).await;
    for headers in CROSS_SITE {
        let answer = app.browser().send(form("/open/go", headers)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{headers:?} {answer:?}");
        assert_eq!(answer.body, "navigation_needed", "{headers:?}");
    }
    let browser = app.browser();
    assert_eq!(browser.post("/open/go", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.transactions(), 1);
}

#[tokio::test]
async fn a_rejection_is_a_page_for_a_browser_and_text_for_a_program() {
    let app = App::start().await;
    let cross_site = ("sec-fetch-site", "cross-site");
    let page = app
        .browser()
        .send(form("/who", &[cross_site, ("sec-fetch-dest", "document")]))
        .await;
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("frame-ancestors 'none'")
    );
    let text = app
        .browser()
        .send(form("/who", &[cross_site, ("sec-fetch-dest", "empty")]))
        .await;
    assert!(
        text.body
            .starts_with("cross_site_request: The request came from another site."),
        "{}",
        text.body
    );
}
