//! Silent sign-in: visitors who are signed in at the provider become signed in without a page.

use axum::body::Body;
use http::{Request, StatusCode};
use logto_axum::WebConfig;
use logto_testing::{CallbackFault, Endpoint, HttpFault};

use crate::{
    app::{Answer, App, BASE, Browser, SESSION},
    faulty_store::FaultyStore,
};

const MARKER: &str = "logto_silent_";

async fn app() -> App {
    App::configured(|web| web.with_silent_sign_in(true)).await
}

fn opening(path: &str) -> axum::http::request::Builder {
    Request::get(path)
        .header("accept", "text/html")
        .header("sec-fetch-site", "none")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
}

/// Opens a page as a browser does.
async fn open(browser: &Browser<'_>, path: &str) -> Answer {
    browser.send(opening(path).body(Body::empty()).unwrap()).await
}

fn local(address: &str) -> &str {
    address.strip_prefix(BASE).expect("an address of this app")
}

/// Opens a page and follows the redirect that finds out whether the browser keeps cookies. Returns
/// the address of the provider.
async fn start(browser: &Browser<'_>, path: &str) -> String {
    let probe = open(browser, path).await;
    assert_eq!(probe.status, StatusCode::SEE_OTHER);
    open(browser, local(&probe.location())).await.location()
}

/// Opens a page, goes to the provider, and returns the response to the callback.
async fn try_sign_in(app: &App, browser: &Browser<'_>, path: &str) -> Answer {
    let callback = app.provider.authorize(&start(browser, path).await).await;
    open(browser, local(&callback)).await
}

#[tokio::test]
async fn a_visitor_who_is_signed_in_at_the_provider_becomes_signed_in_and_returns_to_the_page() {
    let app = app().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let start = start(&browser, "/page?tab=a%20b").await;
    assert!(start.contains("prompt=none"), "{start}");
    let callback = app.provider.authorize(&start).await;
    let back = open(&browser, local(&callback)).await;
    assert_eq!(back.location(), format!("{BASE}/page?tab=a%20b"));
    assert!(browser.has(SESSION) && browser.transactions() == 0);
    assert_eq!(open(&browser, "/page?tab=a%20b").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_visitor_who_is_signed_out_there_sees_the_page_and_is_not_sent_again() {
    let app = app().await;
    app.provider.sign_out_browser();
    let browser = app.browser();
    let back = try_sign_in(&app, &browser, "/page").await;
    assert_eq!(back.location(), format!("{BASE}/page"));
    assert!(!browser.has(SESSION) && browser.transactions() == 0);
    for path in ["/page", "/", "/page?logto_silent=1"] {
        assert_eq!(open(&browser, path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn every_failure_ends_quietly_on_the_page() {
    for code in [
        "login_required",
        "consent_required",
        "interaction_required",
        "account_selection_required",
        "access_denied",
        "server_error",
        "temporarily_unavailable",
        "invalid_scope",
        "unmet_authentication_requirements",
    ] {
        let app = app().await;
        app.provider.sign_in_as("ada");
        app.provider.fault_once(CallbackFault::error(code));
        let browser = app.browser();
        let back = try_sign_in(&app, &browser, "/page?a=b").await;
        assert_eq!(back.location(), format!("{BASE}/page?a=b"), "{code}");
        assert!(!browser.has(SESSION) && browser.transactions() == 0, "{code}");
        assert_eq!(open(&browser, "/page?a=b").await.status, StatusCode::OK, "{code}");
    }
}

#[tokio::test]
async fn a_late_callback_leads_back_to_the_page_too() {
    let app = app().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = app.provider.authorize(&start(&browser, "/page").await).await;
    app.provider.clock().advance(3600);
    assert_eq!(
        open(&browser, local(&callback)).await.location(),
        format!("{BASE}/page")
    );
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
}

/// The browser has dropped the cookie, or another process has to open it.
#[tokio::test]
async fn a_callback_without_its_transaction_leads_home() {
    let app = app().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = app.provider.authorize(&start(&browser, "/page").await).await;
    browser
        .cookies
        .borrow_mut()
        .retain(|name, _| !name.starts_with("logto_tx_"));
    for callback in [
        local(&callback),
        "/callback?error=login_required&state=silent.forged",
        "/callback?code=forged&state=silent.forged",
    ] {
        assert_eq!(
            open(&browser, callback).await.location(),
            format!("{BASE}/"),
            "{callback}"
        );
    }
    assert!(!browser.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    let asked_for = open(&browser, "/callback?code=forged&state=forged.silent.").await;
    assert_eq!(asked_for.location(), format!("{BASE}/failed?code=transaction_missing"));
}

/// Tabs that open at once have all sent their first request before the first marker arrives.
async fn start_in_tabs(browser: &Browser<'_>, count: usize) -> Vec<Answer> {
    open(browser, "/page").await;
    let probing = browser.cookies.borrow().clone();
    let marker = probing.into_iter().find(|(name, _)| name.starts_with(MARKER)).unwrap();
    let mut answers = Vec::new();
    for tab in 0..count {
        browser.cookies.borrow_mut().insert(marker.0.clone(), marker.1.clone());
        answers.push(open(browser, &format!("/page?tab={tab}&logto_silent=1")).await);
    }
    answers
}

#[tokio::test]
async fn tabs_that_open_at_once_do_not_end_on_an_error() {
    for is_signed_in in [false, true] {
        let app = app().await;
        if is_signed_in {
            app.provider.sign_in_as("ada");
        } else {
            app.provider.sign_out_browser();
        }
        let browser = app.browser();
        let answers = start_in_tabs(&browser, 8).await;
        let (started, opened): (Vec<_>, Vec<_>) = answers
            .iter()
            .partition(|answer| answer.status == StatusCode::SEE_OTHER);
        // The limit of 3 kB leaves room for four transactions.
        assert_eq!((started.len(), browser.transactions()), (4, 4));
        assert!(opened.iter().all(|answer| answer.status == StatusCode::OK));
        for (tab, answer) in started.into_iter().enumerate() {
            let callback = app.provider.authorize(&answer.location()).await;
            let back = open(&browser, local(&callback)).await;
            assert_eq!(back.location(), format!("{BASE}/page?tab={tab}"));
        }
        assert_eq!((browser.has(SESSION), browser.transactions()), (is_signed_in, 0));
    }
}

#[tokio::test]
async fn a_silent_sign_in_ends_no_sign_in_that_the_user_has_asked_for() {
    let app = app().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let mut asked_for = Vec::new();
    // The limit of 3 kB leaves room for four.
    for _ in 0..4 {
        asked_for.push(browser.post("/sign-in", "return_to=/page").await.location());
    }
    let answers = start_in_tabs(&browser, 1).await;
    assert_eq!((answers[0].status, browser.transactions()), (StatusCode::OK, 4));
    for start in asked_for {
        let callback = app.provider.authorize(&start).await;
        assert_eq!(
            open(&browser, local(&callback)).await.location(),
            format!("{BASE}/page")
        );
    }
}

#[tokio::test]
async fn a_client_without_cookies_gets_the_page_and_never_goes_to_the_provider() {
    let app = app().await;
    for (path, probe) in [
        ("/page", "/page?logto_silent=1"),
        ("/page?a=b", "/page?a=b&logto_silent=1"),
    ] {
        let redirect = open(&app.browser(), path).await;
        assert_eq!(redirect.location(), format!("{BASE}{probe}"));
        assert_eq!(open(&app.browser(), probe).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn only_opening_a_page_starts_a_silent_sign_in() {
    let app = app().await;
    let with = |name: &'static str, value: &'static str| {
        let mut request = opening("/page").body(Body::empty()).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    for request in [
        with("sec-purpose", "prefetch;prerender"),
        with("sec-fetch-dest", "iframe"),
        with("sec-fetch-dest", "empty"),
        // A program, or an old browser.
        Request::get("/page")
            .header("accept", "text/html")
            .body(Body::empty())
            .unwrap(),
        opening("/logto-session.js").body(Body::empty()).unwrap(),
        opening("/sign-in").body(Body::empty()).unwrap(),
        opening("/failed").body(Body::empty()).unwrap(),
    ] {
        let shown = format!("{request:?}");
        let answer = app.browser().send(request).await;
        assert!(!answer.headers.contains_key("location"), "{shown}");
        assert!(answer.cookies.is_empty(), "{shown}");
    }
    let mut head = opening("/page").body(Body::empty()).unwrap();
    *head.method_mut() = http::Method::HEAD;
    assert_eq!(app.browser().send(head).await.status, StatusCode::OK);
}

#[tokio::test]
async fn parts_of_the_query_that_are_used_once_are_not_lost() {
    let app = app().await;
    for path in [
        "/page?one_time_token=T&login_hint=ada@example.com",
        "/page?__path=%2Ffn&__err=e30%3D",
    ] {
        assert_eq!(open(&app.browser(), path).await.status, StatusCode::OK, "{path}");
    }
    let long = format!("/page?{}", "a".repeat(2000));
    assert_eq!(open(&app.browser(), &long).await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_a_sign_out_the_browser_stays_signed_out() {
    for form in ["", "this_app_only=true"] {
        let app = app().await;
        app.provider.sign_in_as("ada");
        let browser = app.browser();
        browser.sign_in("/page").await;
        assert!(browser.has(SESSION));
        browser.post("/sign-out", form).await;
        assert!(!browser.has(SESSION));
        assert_eq!(open(&browser, "/page").await.status, StatusCode::OK, "{form}");
    }
}

#[tokio::test]
async fn without_the_provider_the_page_is_served() {
    let app = app().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let browser = app.browser();
    let probe = open(&browser, "/page").await;
    assert_eq!(open(&browser, local(&probe.location())).await.status, StatusCode::OK);
    assert_eq!(open(&browser, "/page").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_planted_marker_prevents_the_silent_sign_in_or_starts_it_at_once() {
    let app = app().await;
    let browser = app.browser();
    open(&browser, "/page").await;
    let marker = browser
        .cookies
        .borrow()
        .keys()
        .find(|name| name.starts_with(MARKER))
        .cloned();
    let marker = marker.expect("the marker");
    for value in ["", "PROBING", "https://evil.example", "probing\"", "%00"] {
        let browser = app.browser_with([(marker.clone(), value.to_owned())].into());
        assert_eq!(open(&browser, "/page").await.status, StatusCode::OK, "{value}");
    }
    let browser = app.browser_with([(marker, "probing".to_owned())].into());
    let probe = open(&browser, "/page").await.location();
    assert_eq!(probe, format!("{BASE}/page?logto_silent=1"));
    let start = open(&browser, local(&probe)).await.location();
    assert!(start.starts_with(app.provider.endpoint()), "{start}");
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_revived() {
    let app = app().await;
    let browser = app.signed_in("ada").await;
    app.logto.end_sessions_of("usr_ada").await.unwrap();
    assert_eq!(browser.get("/").await.body, "anonymous");
    assert!(!browser.has(SESSION));
    assert_eq!(open(&browser, "/page").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_entry_of_single_sign_on_is_no_page() {
    let app = App::configured(|web| web.with_silent_sign_in(true).with_sso_entry("/sso")).await;
    let start = open(&app.browser(), "/sso?ssoConnectorId=connector").await.location();
    assert!(start.contains("direct_sign_in=sso%3Aconnector"), "{start}");
}

#[tokio::test]
async fn a_failure_while_the_store_is_down_leads_back_to_the_page() {
    let store = FaultyStore::default();
    let app = App::configured(|web| web.with_silent_sign_in(true).with_store(store.clone())).await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = app.provider.authorize(&start(&browser, "/page").await).await;
    store.set_down(true);
    let back = open(&browser, local(&callback)).await;
    assert_eq!(
        (back.status, back.location()),
        (StatusCode::SEE_OTHER, format!("{BASE}/page"))
    );
}

#[tokio::test]
async fn the_redirects_are_not_cached_and_the_marker_ends_with_the_browser_session() {
    let app = app().await;
    let browser = app.browser();
    let probe = open(&browser, "/page").await;
    assert_eq!(probe.headers["cache-control"], "private, no-store");
    let [marker] = probe.cookies.as_slice() else {
        panic!("{:?}", probe.cookies)
    };
    for part in [MARKER, "=probing;", "HttpOnly", "SameSite=Lax"] {
        assert!(marker.contains(part), "{marker}");
    }
    assert!(!marker.contains("Max-Age") && !marker.contains("Expires"), "{marker}");
}

#[tokio::test]
async fn it_is_off_by_default() {
    let app = App::configured(|web: WebConfig| web).await;
    app.provider.sign_in_as("ada");
    let answer = open(&app.browser(), "/page").await;
    assert_eq!((answer.status, answer.cookies.len()), (StatusCode::OK, 0));
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.post("/sign-out", "").await.cookies.len(), 1);
}
