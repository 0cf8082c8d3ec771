//! Requests that may start a sign-in, and their answers.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};

use super::{form, request};
use crate::app::{App, BASE, Browser, SESSION};

const OWN: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("origin", BASE)];

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

fn attempt(method: &Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut attempt = form(path, &[&OWN, headers].concat());
    *attempt.method_mut() = method.clone();
    attempt
}

#[tokio::test]
async fn prefetches_and_script_requests_start_no_sign_in() {
    let app = App::start().await;
    let prefetch = ("sec-purpose", "prefetch");
    let prerender = ("sec-purpose", "prefetch;prerender");
    let (cors, empty) = (("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty"));
    for (method, path, headers, status) in [
        (Method::POST, "/sign-in", &[prefetch][..], StatusCode::NO_CONTENT),
        (Method::GET, "/go", &[prefetch, HTML], StatusCode::NO_CONTENT),
        (Method::GET, "/go", &[prerender, HTML], StatusCode::NO_CONTENT),
        (Method::GET, "/go", &[("purpose", "prefetch")], StatusCode::NO_CONTENT),
        (Method::GET, "/go", &[cors], StatusCode::UNAUTHORIZED),
        (Method::GET, "/go", &[empty], StatusCode::UNAUTHORIZED),
        (
            Method::GET,
            "/go",
            &[("sec-fetch-dest", "iframe"), HTML],
            StatusCode::UNAUTHORIZED,
        ),
    ] {
        let answer = app.browser().send(attempt(&method, path, headers)).await;
        assert_eq!(answer.status, status, "{path} {headers:?}");
        assert!(answer.cookies.is_empty(), "{path} {headers:?} {:?}", answer.cookies);
        let code = if status == StatusCode::NO_CONTENT {
            ""
        } else {
            "navigation_needed"
        };
        assert_eq!(answer.body, code, "{path} {headers:?}");
    }
    let cross_site = [("sec-fetch-site", "cross-site"), cors, empty, HTML];
    let answer = app.browser().send(request(Method::GET, "/go", &cross_site)).await;
    assert!(
        answer.cookies.is_empty() && answer.status == StatusCode::UNAUTHORIZED,
        "{answer:?}"
    );
}

/// `fetch` in a service worker changes the mode `navigate` to `same-origin` and the destination to
/// `empty`. Some workers create a new request.
#[tokio::test]
async fn a_sign_in_works_through_a_service_worker() {
    let app = App::start().await;
    for mode in ["navigate", "same-origin", "cors"] {
        for destination in ["document", "empty"] {
            for (method, path) in [(Method::POST, "/sign-in"), (Method::POST, "/go"), (Method::GET, "/go")] {
                let browser = app.browser();
                let headers = [("sec-fetch-mode", mode), ("sec-fetch-dest", destination), HTML];
                let answer = browser.send(attempt(&method, path, &headers)).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {headers:?}");
                assert_eq!(browser.transactions(), 1, "{path} {headers:?}");
            }
        }
    }
}

#[tokio::test]
async fn browsers_get_an_error_page_instead_of_a_bare_code() {
    let app = App::start().await;
    let empty = ("sec-fetch-dest", "empty");
    for headers in [&[("sec-fetch-dest", "document")][..], &[empty, HTML], &[HTML]] {
        let answer = app
            .browser()
            .send(attempt(&Method::GET, "/token-for?tab=1", headers))
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        for part in [
            "<!DOCTYPE html>",
            "<code>not_signed_in</code>",
            r#"<input type=hidden name="return_to" value="/token-for?tab=1">"#,
            "<button>Sign in</button>",
        ] {
            assert!(answer.body.contains(part), "{part} {headers:?} {}", answer.body);
        }
        let mut no_form = attempt(&Method::POST, "/sign-in", headers);
        no_form.headers_mut().remove(header::CONTENT_TYPE);
        let answer = app.browser().send(no_form).await;
        assert_eq!(answer.location(), format!("{BASE}/failed?code=invalid_parameter"));
        let mut too_long = attempt(&Method::POST, "/sign-in", headers);
        *too_long.body_mut() = Body::from("x".repeat(20_000));
        let answer = app.browser().send(too_long).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.body.starts_with("<!DOCTYPE html>"), "{}", answer.body);
    }
    let program = app.browser().send(attempt(&Method::GET, "/token-for", &[empty])).await;
    assert_eq!(program.body, "not_signed_in");
}

#[tokio::test]
async fn a_sign_in_started_by_the_app_returns_only_to_this_site() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for (to, end) in [
        ("/page%3Ftab%3D1", "/page?tab=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/%5Cevil.example", "/"),
    ] {
        let browser = app.browser();
        let answer = browser.get(&format!("/go?to={to}")).await;
        let callback = app.provider.authorize(&answer.location()).await;
        let answer = browser.get(callback.strip_prefix(BASE).unwrap()).await;
        assert_eq!(answer.location(), format!("{BASE}{end}"), "{to}");
        assert!(browser.has(SESSION));
    }
}

#[tokio::test]
async fn a_sign_in_under_another_host_name_redirects_to_the_base_url_first() {
    let app = App::start().await;
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")];
    let answer = app.browser().send(form("/sign-in", &headers)).await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    assert!(answer.cookies.is_empty());
    let browser: Browser<'_> = app.browser();
    assert_eq!(
        browser.send(form("/who", &headers)).await.body,
        "anonymous",
        "the page itself works"
    );
}

#[tokio::test]
async fn rejects_an_oversized_form() {
    let app = App::start().await;
    let answer = app
        .browser()
        .post("/sign-in", &format!("login_hint={}", "a".repeat(20_000)))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
