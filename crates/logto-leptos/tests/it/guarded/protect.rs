//! Tests of `<Protect>`.

use http::{Method, StatusCode};
use logto_leptos::{AuthErrorKind, Requirement, role, scope, signed_in};
use logto_testing::{Browser, Endpoint, HttpFault, Page};
use serde_json::{Value, json};

use super::{Guarded, HOUR, transactions};
use crate::app::BASE;

#[track_caller]
fn assert_offers_sign_in(page: &Page, return_to: &str) {
    let form = page.form("/sign-in");
    assert_eq!(form.field("return_to"), Some(return_to), "{page:?}");
}

#[tokio::test]
async fn a_visitor_goes_to_the_provider_and_returns_to_the_same_address() {
    let app = Guarded::start().await;
    let browser = app.browser();
    let sent = browser.get("/member?tab=2&q=a%20b").without_redirects().await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let authorization = format!("{}?", app.provider.url(Endpoint::Authorization));
    assert!(sent.location().unwrap().starts_with(&authorization), "{sent:?}");
    assert!(!sent.body().contains("for members"), "{sent:?}");

    app.provider.sign_in_as("bob");
    let page = browser.get("/member?tab=2&q=a%20b").await;
    assert_eq!(page.url(), format!("{BASE}/member?tab=2&q=a%20b"));
    assert!(page.body().contains("for members"), "{page:?}");
}

#[tokio::test]
async fn a_user_who_meets_the_requirement_sees_the_content_without_javascript() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    for (path, content) in [
        ("/member", "for members"),
        ("/admin", "for admins"),
        ("/widget", "for admins"),
        ("/recent", "for a recent sign-in"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        let (_, body) = page.body().split_once("<body>").unwrap();
        assert!(body.contains(content) && !body.contains("<template"), "{path}: {body}");
    }
}

#[tokio::test]
async fn a_missing_permission_is_a_text_with_403_or_the_fallback() {
    let app = Guarded::start().await;
    let browser = app.signed_in("bob").await;
    let page = browser.get("/admin").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(page.text().contains("does not have permission"), "{page:?}");
    assert!(page.forms().is_empty(), "a sign-in does not help: {page:?}");
    let widget = browser.get("/widget").await;
    assert_eq!(widget.status(), StatusCode::OK);
    assert!(widget.text().contains("Admins see more"), "{widget:?}");
    for page in [page, widget] {
        assert!(!page.body().contains("for admins"), "{page:?}");
    }
}

#[tokio::test]
async fn the_texts_are_in_the_visitors_language() {
    let app = Guarded::start().await;
    let browser = app.signed_in("bob").await;
    let page = browser.get("/admin").header("accept-language", "es").await;
    assert!(
        page.text().contains("Su cuenta no tiene permiso para esto."),
        "{page:?}"
    );
    let visitor = app.browser();
    let fragment = visitor.get("/member").header("hx-request", "true");
    let page = fragment.header("accept-language", "de").await;
    assert!(page.text().contains("Bitte melden Sie sich an"), "{page:?}");
    assert!(page.body().contains(">Anmelden</button>"), "{page:?}");
}

#[tokio::test]
async fn a_fallback_starts_no_sign_in() {
    let app = Guarded::start().await;
    let browser = app.browser();
    let page = browser.get("/widget").await;
    assert_eq!((page.status(), page.path()), (StatusCode::OK, "/widget"));
    assert!(page.text().contains("Admins see more"), "{page:?}");
    assert_eq!(transactions(&browser), 0);
}

#[tokio::test]
async fn an_old_sign_in_is_repeated_and_leads_back() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR / 2);
    let page = browser.get("/recent?tab=1").await;
    assert_eq!(page.url(), format!("{BASE}/recent?tab=1"));
    assert!(page.body().contains("for a recent sign-in"), "{page:?}");
    let request = app.provider.last_authorization().unwrap();
    assert_eq!(request.params.get("max_age").map(AsRef::as_ref), Some("300"));
}

#[tokio::test]
async fn a_prefetch_or_a_fragment_starts_nothing() {
    let app = Guarded::start().await;
    let browser = app.browser();
    let prefetched = browser.prefetch("/member").await;
    assert_eq!((prefetched.status(), prefetched.body()), (StatusCode::NO_CONTENT, ""));
    let fetched = browser.fetch("/member?tab=2").await;
    let fragment = browser.get("/member?tab=2").header("hx-request", "true").await;
    for page in [fetched, fragment] {
        assert_eq!((page.status(), page.location()), (StatusCode::UNAUTHORIZED, None));
        assert_offers_sign_in(&page, "/member?tab=2");
    }
    assert_eq!(transactions(&browser), 0);
}

#[tokio::test]
async fn an_unavailable_provider_is_a_text_with_503() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    let page = browser.get("/products").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.header("retry-after").is_some(), "{page:?}");
    assert!(
        page.text().contains("unavailable") && !page.body().contains("the products"),
        "{page:?}"
    );
}

/// The sign-in is started before the head, so that it can fail visibly.
#[tokio::test]
async fn a_sign_in_that_cannot_be_started_is_a_text_with_503() {
    let app = Guarded::start().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let page = app.browser().get("/member").await;
    assert_eq!(
        (page.status(), page.location()),
        (StatusCode::SERVICE_UNAVAILABLE, None)
    );
}

#[tokio::test]
async fn while_a_page_streams_there_is_a_button_instead() {
    let app = Guarded::start().await;
    let (status, headers, body) = app.open_late(&app.browser(), "/late?tab=2").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        !headers.contains_key("set-cookie") && !headers.contains_key("location"),
        "{headers:?}"
    );
    assert!(body.contains(r#"action="/sign-in""#), "{body}");
    assert!(body.contains(r#"value="/late?tab=2""#), "{body}");
    assert!(!body.contains("for members"), "{body}");
    let (_, _, body) = app.open_late(&app.signed_in("bob").await, "/late").await;
    assert!(body.contains("for members"), "{body}");
}

/// The browser starts with the decision of the server, in islands too.
#[tokio::test]
async fn the_page_tells_the_browser_the_decision() {
    let app = Guarded::start().await;
    let attribute = |page: &Page, name: &str| -> Value {
        let (_, rest) = page.body().split_once(&format!("{name}=\"")).unwrap();
        let json = rest.split('"').next().unwrap().replace("&quot;", "\"");
        serde_json::from_str(&json).unwrap()
    };
    for (user, access) in [("ada", "allowed"), ("bob", "refused")] {
        let page = app.signed_in(user).await.get("/widget").await;
        let requirement = attribute(&page, "data-logto-requirement");
        assert_eq!(requirement, serde_json::to_value(role("admin")).unwrap());
        let decision = attribute(&page, "data-logto-access");
        assert!(
            decision == json!(access) || decision.get(access).is_some(),
            "{decision}"
        );
    }
}

async fn ask(browser: &Browser, requirement: impl Into<Requirement>) -> Page {
    let visit = browser.fetch("/api/logto/allows").method(Method::POST);
    visit.json(&json!({ "requirement": requirement.into() })).await
}

#[tokio::test]
async fn the_server_function_says_only_which_kind_of_requirement_is_unmet() {
    let app = Guarded::start().await;
    let ada = app.signed_in("ada").await;
    assert_eq!(ask(&ada, role("admin")).await.body(), "\"allowed\"");
    let bob = app.signed_in("bob").await;
    let visitor = app.browser();
    for (browser, kind) in [(bob, AuthErrorKind::Forbidden), (visitor, AuthErrorKind::NotSignedIn)] {
        let page = ask(&browser, role("admin")).await;
        assert_eq!(page.status(), StatusCode::OK, "an answer, not a failure");
        let answer: Value = page.json();
        assert_eq!(answer["refused"]["kind"], json!(kind));
        assert!(
            !page.body().contains("admin") && !page.body().contains("bob"),
            "{page:?}"
        );
        assert_eq!(transactions(&browser), 0);
    }
}

#[tokio::test]
async fn the_server_function_rejects_a_requirement_that_would_cost_many_requests() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    let before = app.provider.requests(Endpoint::Token);
    let many = (0..17).fold(signed_in(), |all, n| all.or(scope(format!("scope {n}"))));
    let page = ask(&browser, many).await;
    assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.body().contains("requirement_too_long"), "{page:?}");
    assert_eq!(app.provider.requests(Endpoint::Token), before);
}
