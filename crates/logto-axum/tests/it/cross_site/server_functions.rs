//! Server functions: cross-site calls and body limits.

use axum::body::Body;
use futures_util::FutureExt as _;
use http::{Method, StatusCode, header};

use super::{CROSS_SITE, assert_rejected, form, request};
use crate::app::{App, BASE};

/// Headers of GET requests that no page of this site sends; `none` is a link in an email.
fn cross_site_gets() -> impl Iterator<Item = &'static [(&'static str, &'static str)]> {
    CROSS_SITE.into_iter().chain([&[("sec-fetch-site", "none")][..]])
}

#[tokio::test]
async fn a_get_server_function_answers_other_sites_only_if_it_is_allowed() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let call = |path: &str, headers| request(Method::GET, path, headers);
    for headers in cross_site_gets() {
        let answer = browser.send(call("/fn/delete?id=1", headers)).await;
        assert_rejected(&answer, "server_function_by_get", &headers);
        let answer = browser.send(request(Method::HEAD, "/fn/delete?id=1", headers)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(browser.send(call("/fn/search?id=1", headers)).await.body, "found");
    }
    for headers in [
        &[("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")],
        &[("origin", BASE)],
    ] {
        let answer = browser.send(call("/fn/delete?id=1", headers)).await;
        assert_eq!(answer.body, "deleted", "{headers:?}");
    }
}

#[tokio::test]
async fn a_program_can_call_a_get_server_function_unless_it_carries_a_session() {
    let app = App::start().await;
    let call = || request(Method::GET, "/fn/delete?id=1", &[]);
    assert_eq!(app.browser().send(call()).await.body, "deleted");
    let answer = app.signed_in("ada").await.send(call()).await;
    assert_rejected(&answer, "server_function_by_get", &"with a session");
}

#[tokio::test]
async fn allowing_a_get_server_function_does_not_allow_one_with_the_same_path_suffix() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let search = |headers| request(Method::GET, "/admin/fn/search", headers);
    for headers in cross_site_gets() {
        let answer = browser.send(search(headers)).await;
        assert_rejected(&answer, "server_function_by_get", &headers);
    }
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(browser.send(search(&own)).await.body, "found in secret");
}

#[tokio::test]
async fn nested_server_functions_are_guarded_and_limited() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/v1/fn/delete", "/v1/fn/search"] {
        for headers in cross_site_gets() {
            let answer = browser.send(request(Method::GET, path, headers)).await;
            assert_rejected(&answer, "server_function_by_get", &(path, headers));
        }
        let own = request(Method::GET, path, &[("sec-fetch-site", "same-origin")]);
        assert_eq!(browser.send(own).await.body, "nested");
    }
    let answer = browser.post("/v1/fn/save", &"x".repeat(101)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_get_server_function_on_an_open_path_answers_other_sites_without_the_session() {
    let app = App::configured(|web| web.with_open_path("/open")).await;
    let browser = app.signed_in("ada").await;
    let who = |headers| request(Method::GET, "/open/fn/who", headers);
    for headers in cross_site_gets() {
        assert_eq!(browser.send(who(headers)).await.body, "anonymous", "{headers:?}");
    }
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(browser.send(who(&own)).await.body, "active");
}

#[tokio::test]
async fn the_body_of_a_server_function_is_limited_with_and_without_content_length() {
    let app = App::start().await;
    let save = |body: Body, length: Option<usize>| {
        let mut save = form("/fn/save", &[("origin", BASE)]);
        if let Some(length) = length {
            save.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        *save.body_mut() = body;
        save
    };
    let streamed = |bytes: usize| {
        let chunks = std::iter::repeat_n(Ok::<_, std::convert::Infallible>("0123456789"), bytes / 10);
        Body::from_stream(futures_util::stream::iter(chunks))
    };
    for (body, length) in [
        (streamed(110), Some(110)),
        (streamed(110), None),
        (Body::from("x".repeat(101)), None),
    ] {
        let answer = app.send(save(body, length)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.body.starts_with("body_too_large: "), "{}", answer.body);
    }
    assert_eq!(app.send(save(streamed(100), None)).await.body, "saved");
}

#[tokio::test]
async fn a_body_with_a_too_large_content_length_is_rejected_before_it_arrives() {
    let app = App::start().await;
    let save = |length: usize, body: Body| {
        let mut save = form("/fn/save", &[("origin", BASE)]);
        save.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        *save.body_mut() = body;
        save
    };
    let never = Body::from_stream(futures_util::stream::pending::<Result<&str, std::convert::Infallible>>());
    let answer = app
        .send(save(101, never))
        .now_or_never()
        .expect("an answer without waiting for the body");
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.send(save(100, Body::from("x".repeat(100)))).await.body, "saved");
}
