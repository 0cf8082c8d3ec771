//! What changes state is done for pages of this site alone.

use axum::body::Body;
use futures_util::FutureExt as _;
use http::{Method, Request, StatusCode, header};

use crate::app::{Answer, App, BASE, Browser, SESSION};

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

const FROM_ELSEWHERE: [&[(&str, &str)]; 6] = [
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

fn assert_refused(answer: &Answer, code: &str, what: &dyn std::fmt::Debug) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what:?} {answer:?}");
    assert!(answer.body.contains(code), "{what:?} {}", answer.body);
    assert!(answer.cookies.is_empty(), "{what:?} {:?}", answer.cookies);
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));
}

#[tokio::test]
async fn cross_site_requests_can_neither_sign_in_nor_sign_out_nor_call_the_app() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/sign-in", "/sign-out", "/who", "/fn/save", "/no-such-page"] {
        for headers in FROM_ELSEWHERE {
            let answer = browser.send(form(path, headers)).await;
            assert_refused(&answer, "cross_site_request", &(path, headers));
        }
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = browser.send(request(method.clone(), "/who", FROM_ELSEWHERE[0])).await;
        assert_refused(&answer, "cross_site_request", &method);
    }
    assert_eq!(browser.get("/").await.body, "active");
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
    assert_refused(&answer, "cross_site_request", &"with a session");
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
    for headers in FROM_ELSEWHERE {
        let answer = browser
            .send(request(Method::GET, "/who", &[&upgrade, headers].concat()))
            .await;
        assert_refused(&answer, "cross_site_request", &headers);
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
    let provider = logto_testing::TestProvider::builder()
        .client("app", "secret")
        .start()
        .await;
    let app = App::with(provider, |web| web.with_open_path("/open"));
    let browser = app.signed_in("ada").await;
    for headers in FROM_ELSEWHERE {
        let answer = browser.send(form("/open/who", headers)).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, "anonymous"),
            "{headers:?}"
        );
        assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
        assert_refused(
            &browser.send(form("/openwho", headers)).await,
            "cross_site_request",
            &headers,
        );
    }
    assert_eq!(
        browser.post("/open/who", "").await.body,
        "active",
        "a page of this site is still known"
    );
}

#[tokio::test]
async fn another_site_starts_no_sign_in_on_an_open_path() {
    let provider = logto_testing::TestProvider::builder()
        .client("app", "secret")
        .start()
        .await;
    let app = App::with(provider, |web| web.with_open_path("/open"));
    for headers in FROM_ELSEWHERE {
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
    let elsewhere = ("sec-fetch-site", "cross-site");
    let page = app
        .browser()
        .send(form("/who", &[elsewhere, ("sec-fetch-dest", "document")]))
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
        .send(form("/who", &[elsewhere, ("sec-fetch-dest", "empty")]))
        .await;
    assert!(
        text.body
            .starts_with("cross_site_request: The request came from another site."),
        "{}",
        text.body
    );
}

/// What a GET call can come from that is no page of this site: a link in an e-mail among them.
fn calls_by_get_from_elsewhere() -> impl Iterator<Item = &'static [(&'static str, &'static str)]> {
    FROM_ELSEWHERE.into_iter().chain([&[("sec-fetch-site", "none")][..]])
}

#[tokio::test]
async fn a_get_server_function_answers_other_sites_only_if_it_is_allowed() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let call = |path: &str, headers| request(Method::GET, path, headers);
    for headers in calls_by_get_from_elsewhere() {
        let answer = browser.send(call("/fn/delete?id=1", headers)).await;
        assert_refused(&answer, "server_function_by_get", &headers);
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
    assert_refused(&answer, "server_function_by_get", &"with a session");
}

#[tokio::test]
async fn allowing_a_get_server_function_does_not_allow_one_with_the_same_path_suffix() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let search = |headers| request(Method::GET, "/admin/fn/search", headers);
    for headers in calls_by_get_from_elsewhere() {
        let answer = browser.send(search(headers)).await;
        assert_refused(&answer, "server_function_by_get", &headers);
    }
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(browser.send(search(&own)).await.body, "found in secret");
}

#[tokio::test]
async fn nested_server_functions_are_guarded_and_limited() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/v1/fn/delete", "/v1/fn/search"] {
        for headers in calls_by_get_from_elsewhere() {
            let answer = browser.send(request(Method::GET, path, headers)).await;
            assert_refused(&answer, "server_function_by_get", &(path, headers));
        }
        let own = request(Method::GET, path, &[("sec-fetch-site", "same-origin")]);
        assert_eq!(browser.send(own).await.body, "nested");
    }
    let answer = browser.post("/v1/fn/save", &"x".repeat(101)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_get_server_function_on_an_open_path_answers_other_sites_without_the_session() {
    let provider = logto_testing::TestProvider::builder()
        .client("app", "secret")
        .start()
        .await;
    let app = App::with(provider, |web| web.with_open_path("/open"));
    let browser = app.signed_in("ada").await;
    let who = |headers| request(Method::GET, "/open/fn/who", headers);
    for headers in calls_by_get_from_elsewhere() {
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
        .expect("nothing is waited for");
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.send(save(100, Body::from("x".repeat(100)))).await.body, "saved");
}

#[tokio::test]
async fn links_and_prefetches_get_a_confirmation_page_and_neither_sign_in_nor_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for (path, button) in [
        ("/sign-in", "<button>Sign in</button>"),
        ("/sign-out", "<button>Sign out</button>"),
    ] {
        for (method, headers) in [
            (Method::GET, &[][..]),
            (Method::HEAD, &[]),
            (
                Method::GET,
                &[("sec-purpose", "prefetch;prerender"), ("sec-fetch-mode", "navigate")],
            ),
            (
                Method::GET,
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
            ),
        ] {
            let answer = browser.send(request(method.clone(), path, headers)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(answer.cookies.is_empty());
            assert!(
                method == Method::HEAD
                    || answer
                        .body
                        .contains(&format!("<form method=post action=\"?\">{button}")),
                "{}",
                answer.body
            );
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        }
    }
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn the_confirmation_page_keeps_a_valid_return_path_and_no_other_input() {
    let app = App::start().await;
    let page = app
        .browser()
        .get("/sign-in?return_to=/profile%3Ftab%3D1%26x%3D%2522")
        .await;
    let field = r#"<input type=hidden name="return_to" value="/profile?tab=1&amp;x=%22">"#;
    assert!(page.body.contains(field), "{}", page.body);
    for bad in [
        "//evil.example",
        "https://evil.example",
        "%22%3E%3Cscript%3E",
        "/%5Cevil.example",
    ] {
        let page = app
            .browser()
            .get(&format!("/sign-in?return_to={bad}&x=%3Cscript%3E"))
            .await;
        assert!(
            page.body.contains("<form method=post action=\"?\"><button>"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("evil") && !page.body.contains("script"),
            "{}",
            page.body
        );
    }
}

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
    let elsewhere = [("sec-fetch-site", "cross-site"), cors, empty, HTML];
    let answer = app.browser().send(request(Method::GET, "/go", &elsewhere)).await;
    assert!(
        answer.cookies.is_empty() && answer.status == StatusCode::UNAUTHORIZED,
        "{answer:?}"
    );
}

/// `fetch` makes `same-origin` of the mode `navigate`, and `empty` of the destination; other
/// workers make a request of their own.
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
        let answer = app.browser().send(attempt(&Method::GET, "/me?tab=1", headers)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        for part in [
            "<!DOCTYPE html>",
            "<code>not_signed_in</code>",
            r#"<input type=hidden name="return_to" value="/me?tab=1">"#,
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
    let program = app.browser().send(attempt(&Method::GET, "/me", &[empty])).await;
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
        "and works before"
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
