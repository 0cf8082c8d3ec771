//! What changes state is done for pages of this site alone.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};

use crate::app::{App, BASE};

fn form(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn another_site_can_neither_sign_in_nor_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/sign-in", "/sign-out"] {
        for headers in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "http://evil.localhost:3000"),
            ],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[],
        ] {
            let answer = browser.send(form(path, headers)).await;
            assert_eq!(
                answer.location(),
                format!("{BASE}/failed?code=cross_site_request"),
                "{path} {headers:?}"
            );
            assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
        }
    }
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_link_or_a_prefetch_neither_signs_in_nor_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/sign-in", "/sign-out"] {
        for method in [Method::GET, Method::HEAD] {
            let answer = browser
                .send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap())
                .await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
            assert!(answer.cookies.is_empty());
        }
    }
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_page_opened_under_another_name_is_led_to_the_base_url_before_it_signs_in() {
    let app = App::start().await;
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")];
    let answer = app.browser().send(form("/sign-in", &headers)).await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    assert!(answer.cookies.is_empty());
}

#[tokio::test]
async fn an_oversized_form_is_refused() {
    let app = App::start().await;
    let answer = app
        .browser()
        .post("/sign-in", &format!("login_hint={}", "a".repeat(20_000)))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
