//! Single sign-on that begins at the identity provider (SAML).

use axum::body::Body;
use http::{Request, StatusCode};
use logto_axum::WebConfig;
use logto_testing::{Endpoint, HttpFault};

use crate::{
    app::{Answer, App, BASE, SESSION},
    cross_site::CROSS_SITE,
};

fn with_entry(web: WebConfig) -> WebConfig {
    web.with_sso_entry("/sso")
}

/// A redirect from Logto, which is another site.
async fn redirected_to(app: &App, path: &str) -> Answer {
    let request = Request::get(path)
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_entry_starts_a_sign_in_with_the_connector_and_no_click() {
    let app = App::configured(with_entry).await;
    app.provider.sign_in_as("ada");
    let start = redirected_to(&app, "/sso?ssoConnectorId=con-1_a.b").await;
    assert_eq!(start.status, StatusCode::SEE_OTHER);
    let browser = app.browser();
    browser.keep_cookies(&start);
    let callback = app.provider.authorize(&start.location()).await;
    let sent = app.provider.last_authorization().unwrap().params;
    assert_eq!(sent.all("direct_sign_in"), ["sso:con-1_a.b"]);
    assert_eq!(sent.all("prompt"), ["login"]);
    let answer = browser.get(callback.strip_prefix(BASE).unwrap()).await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn an_app_without_the_entry_has_no_route_for_it() {
    let app = App::start().await;
    let answer = redirected_to(&app, "/sso?ssoConnectorId=connector").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_invalid_connector_starts_no_sign_in() {
    let app = App::configured(with_entry).await;
    let long = format!("ssoConnectorId={}", "a".repeat(129));
    for query in [
        "ssoConnectorId=",
        "ssoConnectorId=a%20b",
        "ssoConnectorId=a%26prompt%3Dnone",
        "ssoConnectorId=https://evil.example",
        "ssoConnectorId=a%0d%0aSet-Cookie:x",
        "ssoConnectorId=%ff",
        "ssoConnectorId=a&ssoConnectorId=b",
        &long,
    ] {
        let answer = redirected_to(&app, &format!("/sso?{query}")).await;
        assert_eq!(
            answer.location(),
            format!("{BASE}/failed?code=invalid_parameter"),
            "{query}"
        );
        assert!(answer.cookies.is_empty(), "{query}");
    }
    for query in ["", "?", "?ssoconnectorid=a", "?direct_sign_in=sso:a&prompt=none"] {
        let answer = redirected_to(&app, &format!("/sso{query}")).await;
        assert_eq!(answer.location(), format!("{BASE}/"), "{query}");
        assert!(answer.cookies.is_empty(), "{query}");
    }
    assert_eq!(app.provider.requests(Endpoint::Authorization), 0);
}

#[tokio::test]
async fn only_a_page_that_is_opened_starts_the_sign_in() {
    let app = App::configured(with_entry).await;
    let path = "/sso?ssoConnectorId=connector";
    for headers in [
        &[("sec-fetch-dest", "image"), ("sec-fetch-mode", "no-cors")][..],
        &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")],
        &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors")],
        &[
            ("sec-fetch-dest", "document"),
            ("sec-fetch-mode", "navigate"),
            ("sec-purpose", "prefetch"),
        ],
        &[],
    ] {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{headers:?}");
        assert!(answer.cookies.is_empty(), "{headers:?}");
    }
    for headers in CROSS_SITE {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert!(
            answer.status.is_client_error() && answer.cookies.is_empty(),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_provider_that_is_down_leads_to_the_page_for_failures() {
    let app = App::configured(with_entry).await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let answer = redirected_to(&app, "/sso?ssoConnectorId=connector").await;
    assert!(
        answer.location().starts_with(&format!("{BASE}/failed?code=provider_")),
        "{answer:?}"
    );
}

/// Logto's other mode: it sends a code that no sign-in has asked for.
#[tokio::test]
async fn a_code_that_was_not_asked_for_is_refused_with_advice() {
    let app = App::configured(|web| web).await;
    let user = app.signed_in("ada").await;
    let before = app.provider.requests(Endpoint::Token);
    for browser in [&app.browser(), &user] {
        let answer = browser.get("/callback?code=unasked&iss=x").await;
        assert_eq!(answer.location(), format!("{BASE}/failed?code=unsolicited_sign_in"));
    }
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        before,
        "the code is not redeemed"
    );
    assert!(user.has(SESSION));
    assert_eq!(user.get("/").await.body, "active");
    // A constant `state`, which the operator has configured, is none of a sign-in either.
    let answer = app.browser().get("/callback?code=unasked&state=constant").await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
}
