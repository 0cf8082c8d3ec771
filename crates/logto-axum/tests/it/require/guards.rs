//! Guards of pages: what a browser, a script and a program get.

use axum::{
    Router,
    body::Body,
    routing::{any, get},
};
use http::{Method, Request, StatusCode, header};
use logto_axum::{AuthSession, Paths, RequireUser, RequirementRejection, role, scope, signed_in};
use logto_testing::{CallbackFault, CapturedLogs, Lifetimes, TestProvider, TokenFault};

use super::{
    allowed, assert_nothing_started, fetch, guarded, guarded_with, open, outcome, pass_provider, provider, refused,
};
use crate::app::{App, BASE};

/// An app with the page `/guarded`, whose handler takes the extractor, without a layer.
async fn extracting() -> App {
    let app = App::start().await;
    let page = Router::new().route("/guarded", any(async |user: RequireUser| user.id().to_owned()));
    let router = page.merge(app.logto.routes()).layer(app.logto.layer());
    app.map_router(|_| router)
}

#[tokio::test]
async fn a_page_goes_to_the_sign_in_and_returns_to_the_same_address() {
    for app in [extracting().await, guarded(signed_in()).await] {
        let browser = app.browser();
        let sent = open(&browser, "/guarded?tab=1&next=%2Fa%3Fb").await;
        assert!(sent.location().starts_with(app.provider.endpoint()));
        assert_eq!(sent.headers["cache-control"], "private, no-store");
        let back = pass_provider(&browser, &sent).await;
        assert_eq!(back, format!("{BASE}/guarded?tab=1&next=%2Fa%3Fb"));
        let page = open(&browser, "/guarded?tab=1").await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "usr_ada"));
        assert_eq!(browser.transactions(), 0);
    }
}

/// For handlers that look at the error first.
#[tokio::test]
async fn a_handler_may_send_its_user_to_the_sign_in() {
    let page = async |session: AuthSession| match session.require(signed_in()).await {
        Ok(user) => Ok(user.id().to_owned()),
        Err(error) => {
            session.redirect_to_sign_in_for(&error).await?;
            Err(error)
        }
    };
    let app = App::start().await;
    let router = Router::new()
        .route("/guarded", get(page))
        .merge(app.logto.routes())
        .layer(app.logto.layer());
    let app = app.map_router(|_| router);
    let browser = app.browser();
    let sent = open(&browser, "/guarded?tab=1").await;
    assert_eq!(pass_provider(&browser, &sent).await, format!("{BASE}/guarded?tab=1"));
    assert_eq!(open(&browser, "/guarded").await.body, "usr_ada");
}

#[tokio::test]
async fn a_form_goes_to_the_sign_in_and_returns_to_its_page() {
    let app = guarded(signed_in()).await;
    let browser = app.browser();
    let form = Request::post("/guarded")
        .header(header::ORIGIN, BASE)
        .header(header::REFERER, format!("{BASE}/form?step=2"))
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    let sent = browser.send(form.body(Body::empty()).unwrap()).await;
    assert_eq!(pass_provider(&browser, &sent).await, format!("{BASE}/form?step=2"));
}

/// Browsers inside Android apps send the name of the app.
#[tokio::test]
async fn an_embedded_browser_goes_to_the_sign_in_like_any_other() {
    let app = guarded(signed_in()).await;
    let page = Request::get("/guarded")
        .header("accept", "text/html")
        .header("x-requested-with", "com.example.shop");
    let sent = app.browser().send(page.body(Body::empty()).unwrap()).await;
    assert!(sent.location().starts_with(app.provider.endpoint()), "{sent:?}");
}

#[tokio::test]
async fn a_guarded_page_for_failed_sign_ins_starts_no_sign_in() {
    let app = App::configured(|web| web.with_paths(Paths::default().with_error("/failed"))).await;
    let page = Router::new().route("/failed", get(async |user: RequireUser| user.id().to_owned()));
    let router = page.merge(app.logto.routes()).layer(app.logto.layer());
    let app = app.map_router(|_| router);
    let browser = app.browser();
    let answer = open(&browser, "/failed?code=access_denied").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_nothing_started(&browser, &answer);
}

#[tokio::test]
async fn a_rejection_prints_no_parameter_of_its_sign_in() {
    let app = App::start().await;
    let handler = async |user: Result<RequireUser, RequirementRejection>| format!("{:?}", user.unwrap_err());
    let page = Router::new().route("/guarded", get(handler));
    let router = page.merge(app.logto.routes()).layer(app.logto.layer());
    let app = app.map_router(|_| router);
    let printed = open(&app.browser(), "/guarded").await.body;
    assert!(printed.contains("starts_sign_in: true"), "{printed}");
    assert!(!printed.contains("state") && !printed.contains("nonce"), "{printed}");
}

/// Requests that show no page, each as its sender makes it.
const NOT_PAGES: [(Method, &[(&str, &str)]); 9] = [
    (Method::GET, &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")]),
    (
        Method::POST,
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-dest", "empty"),
        ],
    ),
    (
        Method::GET,
        &[
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "iframe"),
            ("accept", "text/html"),
        ],
    ),
    (
        Method::GET,
        &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
    ),
    (Method::HEAD, &[("accept", "text/html")]),
    (
        Method::GET,
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-dest", "empty"),
            ("accept", "text/html, application/xhtml+xml"),
            ("turbo-frame", "cart"),
        ],
    ),
    (
        Method::GET,
        &[("accept", "text/html"), ("x-requested-with", "XMLHttpRequest")],
    ),
    (Method::GET, &[("accept", "text/html"), ("hx-request", "true")]),
    (Method::GET, &[("accept", "application/json")]),
];

#[tokio::test]
async fn requests_that_show_no_page_get_401_with_a_code_and_start_nothing() {
    for app in [extracting().await, guarded(signed_in()).await] {
        for (method, headers) in NOT_PAGES {
            let browser = app.browser();
            let mut request = Request::builder().method(&method).uri("/guarded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = browser.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {headers:?}");
            assert_nothing_started(&browser, &answer);
            if method != Method::HEAD {
                assert!(answer.body.contains("not_signed_in"), "{answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_prefetch_starts_nothing() {
    for app in [extracting().await, guarded(signed_in()).await] {
        let browser = app.browser();
        let request = Request::get("/guarded")
            .header("sec-purpose", "prefetch")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document")
            .header("accept", "text/html");
        let answer = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_nothing_started(&browser, &answer);
    }
}

#[tokio::test]
async fn a_missing_role_is_403_without_another_sign_in() {
    let app = guarded(role("admin")).await;
    let browser = app.signed_in("bob").await;
    let page = open(&browser, "/guarded?tab=1").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_nothing_started(&browser, &page);
    for part in [
        "<h1>No permission</h1>",
        "<code>forbidden</code>",
        "Sign out",
        &format!("href=\"{BASE}/guarded?tab=1\""),
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains("Sign in"), "{}", page.body);
    assert_eq!(outcome(&browser).await, refused(403, "forbidden"));
}

/// The whole app, with the routes of the sign-in, its failure page and a nested router.
#[tokio::test]
async fn a_whole_app_can_be_guarded_without_locking_the_sign_in() {
    let app = App::start().await;
    let nested = Router::new().route("/callback", get(|| async { "nested" }));
    let router = Router::new()
        .route("/", get(|| async { "home" }))
        .route("/failed", get(|| async { "failed" }))
        .nest("/api", nested)
        .merge(app.logto.routes())
        .layer(app.logto.require(signed_in()))
        .layer(app.logto.layer());
    let app = app.map_router(|_| router);
    let browser = app.browser();
    for guarded in ["/", "/api/callback", "/unknown", "/callback/", "//callback"] {
        let answer = fetch(&browser, guarded).await;
        assert_ne!(answer.status, StatusCode::OK, "{guarded}");
        assert_ne!(answer.body, "nested", "{guarded}");
    }
    assert_eq!(fetch(&browser, "/api/callback").await.status, StatusCode::UNAUTHORIZED);
    app.provider.fault_once(CallbackFault::error("access_denied"));
    let sent = open(&browser, "/?tab=1").await;
    let failed = pass_provider(&browser, &sent).await;
    assert!(
        failed.starts_with(&format!("{BASE}/failed?code=access_denied")),
        "{failed}"
    );
    assert_eq!(open(&browser, "/failed?code=access_denied").await.body, "failed");
    let sent = open(&browser, "/?tab=1").await;
    assert_eq!(pass_provider(&browser, &sent).await, format!("{BASE}/?tab=1"));
    assert_eq!(open(&browser, "/").await.body, "home");
    assert_eq!(fetch(&browser, "/api/callback").await.body, "nested");
    assert_eq!(browser.post("/sign-out", "").await.status, StatusCode::SEE_OTHER);
}

/// Within a nested router, the path of a request lacks the prefix.
#[tokio::test]
async fn a_nested_route_with_the_path_of_a_protocol_route_is_guarded() {
    let app = App::start().await;
    let nested = Router::new().route("/callback", get(|| async { "nested" }));
    let nested = nested.layer(app.logto.require(signed_in()));
    let own = Router::new().nest("/api", nested).merge(app.logto.routes());
    let own = own.layer(app.logto.layer());
    let app = app.map_router(|_| own);
    let answer = fetch(&app.browser(), "/api/callback").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::UNAUTHORIZED, "not_signed_in")
    );
    let browser = app.signed_in("ada").await;
    assert_eq!(fetch(&browser, "/api/callback").await.body, "nested");
}

#[tokio::test]
async fn a_user_who_lost_access_is_not_sent_to_the_sign_in() {
    let app = guarded(signed_in()).await;
    let browser = app.signed_in("ada").await;
    crate::access_denied::lose_access(&app);
    let page = open(&browser, "/guarded").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_nothing_started(&browser, &page);
    assert!(page.body.contains("app_access_denied"), "{}", page.body);
}

/// Every redirect would lead to the provider and back to the page, without a click.
#[tokio::test]
async fn a_provider_that_ends_new_sessions_causes_no_redirect_loop() {
    let app = guarded(scope("read:products")).await;
    let browser = app.browser();
    let sent = open(&browser, "/guarded").await;
    pass_provider(&browser, &sent).await;
    app.provider.fault(TokenFault::Error(400, "invalid_grant"));
    let page = open(&browser, "/guarded").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_nothing_started(&browser, &page);
    for part in ["<code>sign_in_needed</code>", "<button>Sign in</button>"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    app.provider.clock().advance(10);
    assert_eq!(open(&browser, "/guarded").await.status, StatusCode::SEE_OTHER);
}

/// Without a refresh token, the session ends with its ID token.
#[tokio::test]
async fn a_provider_whose_sessions_expire_at_once_causes_no_redirect_loop() {
    let lifetimes = Lifetimes::default().with_id_token(0);
    let provider = TestProvider::builder().client("app", "secret").lifetimes(lifetimes);
    let app = guarded_with(provider.start().await, signed_in(), |web| web);
    app.provider.fault(TokenFault::RefreshTokenMissing);
    let browser = app.browser();
    let sent = open(&browser, "/guarded").await;
    pass_provider(&browser, &sent).await;
    let page = open(&browser, "/guarded").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_nothing_started(&browser, &page);
    for part in ["<code>sign_in_needed</code>", "<button>Sign in</button>"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
}

/// A new sign-in would bring no refresh token either.
#[tokio::test]
async fn a_scope_without_a_refresh_token_causes_no_redirect_loop() {
    let app = guarded(scope("read:products")).await;
    app.provider.fault(TokenFault::RefreshTokenMissing);
    let browser = app.browser();
    let sent = open(&browser, "/guarded").await;
    pass_provider(&browser, &sent).await;
    let page = open(&browser, "/guarded").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_nothing_started(&browser, &page);
    assert!(page.body.contains("no_refresh_token"), "{}", page.body);
}

#[tokio::test]
async fn a_missing_layer_is_an_error_that_the_log_explains() {
    let app = guarded_with(provider().await, signed_in(), |web| web);
    let require = app.logto.require(signed_in());
    // It is logged once, at the first use.
    let (logs, _capture) = CapturedLogs::of_this_thread();
    for router in [
        Router::new().route("/guarded", get(async |_: RequireUser| "in")),
        Router::new().route("/guarded", get(|| async { "in" })).layer(require),
    ] {
        let app = guarded(signed_in()).await.map_router(|_| router);
        let answer = fetch(&app.browser(), "/guarded").await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.body, "logto_layer_missing");
    }
    let log = logs.text();
    assert!(
        log.contains("ERROR") && log.contains("`.layer(logto.layer())`"),
        "{log}"
    );
}

/// A user of whom nothing more is required costs no request, and no cookie.
#[tokio::test]
async fn a_guarded_page_sends_no_request_for_a_known_user() {
    let app = guarded(role("admin")).await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    for _ in 0..3 {
        let answer = fetch(&browser, "/guarded").await;
        assert_eq!((answer.status.as_u16(), answer.body), allowed("ada"));
        assert!(answer.cookies.is_empty());
    }
    assert!(app.provider.log().is_empty());
}
