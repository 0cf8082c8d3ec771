//! A sign-in without a return path redirects to the page that started it.

use axum::body::Body;
use http::{Request, header};

use logto_testing::{Endpoint, HttpFault};

use crate::app::{Answer, App, BASE, Browser};

/// Signs in at the provider; returns where the callback redirects to.
async fn finish(app: &App, browser: &Browser<'_>, start: &Answer) -> String {
    let callback = app.provider.authorize(&start.location()).await;
    browser.get(callback.strip_prefix(BASE).unwrap()).await.location()
}

/// Sends a form or calls a function from the page `referer`.
async fn send_from(browser: &Browser<'_>, path: &str, referer: Option<&str>) -> Answer {
    let mut request = Request::post(path)
        .header(header::ORIGIN, BASE)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(referer) = referer {
        request = request.header(header::REFERER, referer);
    }
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_sign_in_returns_to_the_page_that_sent_the_form_or_called_the_function() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let here = format!("{BASE}/page?tab=1");
    let route = format!("{BASE}/sign-in?one_time_token=secret");
    for path in ["/sign-in", "/go"] {
        for (referer, end) in [
            (Some(here.as_str()), "/page?tab=1"),
            (Some(route.as_str()), "/"),
            (Some("https://evil.example/page"), "/"),
            (Some("http://localhost:3000//evil.example"), "/"),
            (Some("nonsense"), "/"),
            (None, "/"),
        ] {
            let browser = app.browser();
            let start = send_from(&browser, path, referer).await;
            let target = finish(&app, &browser, &start).await;
            assert_eq!(target, format!("{BASE}{end}"), "{path} {referer:?}");
        }
    }
}

/// The token is a secret, and invalid after the sign-in.
#[tokio::test]
async fn a_one_time_token_is_removed_from_the_return_path() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let here = "/welcome?email=ada&one_time_token=T";
    let referer = format!("{BASE}{here}");
    let form = "return_to=%2Fwelcome%3Fone_time_token%3DT";
    for (name, path) in [
        ("form", "/sign-in"),
        ("referer", "/sign-in"),
        ("call", "/go"),
        ("page", here),
    ] {
        let browser = app.browser();
        let start = match name {
            "form" => browser.post(path, form).await,
            "page" => browser.get(path).await,
            _ => send_from(&browser, path, Some(&referer)).await,
        };
        assert_eq!(
            finish(&app, &browser, &start).await,
            format!("{BASE}/welcome"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_return_path_of_a_failed_sign_in_has_no_one_time_token() {
    let app = App::start().await;
    let referer = format!("{BASE}/welcome?one_time_token=T");
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    for form in ["", "return_to=%2Fwelcome%3Fone_time_token%3DT"] {
        let request = Request::post("/sign-in")
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, &referer);
        let failed = app
            .browser()
            .send(request.body(Body::from(form)).unwrap())
            .await
            .location();
        assert!(
            failed.contains("return_to=%2Fwelcome") && !failed.contains("one_time"),
            "{failed}"
        );
    }
}

/// Without JavaScript, a form navigates to the address of the function.
#[tokio::test]
async fn a_sign_in_by_a_get_server_function_returns_to_the_page_with_the_form() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for (referer, end) in [(Some(format!("{BASE}/page?tab=1")), "/page?tab=1"), (None, "/")] {
        let browser = app.browser();
        let mut request = Request::get("/fn/go?x=1")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        if let Some(referer) = referer {
            request = request.header(header::REFERER, referer);
        }
        let start = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(finish(&app, &browser, &start).await, format!("{BASE}{end}"));
    }
}

#[tokio::test]
async fn an_explicit_return_path_overrides_the_referer() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for (named, end) in [("/page", "/page"), ("//evil.example", "/")] {
        let browser = app.browser();
        let start = send_from(&browser, &format!("/go?to={named}"), Some(&format!("{BASE}/here"))).await;
        assert_eq!(finish(&app, &browser, &start).await, format!("{BASE}{end}"));
    }
}

/// A page that starts a sign-in whenever it is opened must not loop.
#[tokio::test]
async fn a_page_that_starts_a_sign_in_on_load_is_returned_to_only_once() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let start = browser.get("/go?x=1").await;
    assert_eq!(finish(&app, &browser, &start).await, format!("{BASE}/go?x=1"));
    let again = browser.get("/go?x=1").await;
    assert_eq!(finish(&app, &browser, &again).await, format!("{BASE}/"));
}

/// The return path is taken from the `Referer`.
#[tokio::test]
async fn pages_send_the_full_referer_only_to_this_site() {
    let app = App::start().await;
    let policy = app.browser().get("/page").await.headers[header::REFERRER_POLICY].clone();
    assert_eq!(policy, "strict-origin-when-cross-origin");
}

/// Leptos adds the error to the address of the page when a form without JavaScript fails.
#[tokio::test]
async fn the_error_of_a_form_is_removed_from_the_return_path() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let here = "/welcome?tab=1&__path=%2Fapi%2Fsave&__err=e30%3D";
    let browser = app.browser();
    let form = format!("return_to={}", here.replace('%', "%25").replace('&', "%26"));
    for (name, start) in [
        (
            "referer",
            send_from(&browser, "/sign-in", Some(&format!("{BASE}{here}"))).await,
        ),
        ("form", browser.post("/sign-in", &form).await),
        ("page", browser.get(here).await),
    ] {
        let target = finish(&app, &browser, &start).await;
        assert_eq!(target, format!("{BASE}/welcome?tab=1"), "{name}");
    }
}
