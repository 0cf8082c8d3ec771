//! Security headers on every response.

use axum::{Router, body::Body, response::Html, routing::get};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderName, Request, StatusCode, header};
use logto_axum::{AuthSession, ContentSecurityPolicy, CspDirective, SecurityHeaders, WebConfig};
use logto_testing::CapturedLogs;
use sha2::{Digest as _, Sha256};

use crate::{
    app::{Answer, App, BASE, Layered, layered_at},
    faulty_store::FaultyStore,
};

const HSTS: &str = "strict-transport-security";
const CSP: &str = "content-security-policy";

fn site() -> Router {
    Router::new()
        .route("/page", get(|| async { Html("<p>a page</p>") }))
        .route("/file", get(|| async { "a file" }))
        .route(
            "/error",
            get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "an error") }),
        )
}

/// Routes of an app with strict headers.
fn strict(routes: Router) -> Layered {
    layered_at(BASE, routes, |web| web.with_security_headers(SecurityHeaders::strict()))
}

fn https(headers: SecurityHeaders) -> Layered {
    layered_at("https://app.example.com", site(), |web| {
        web.with_security_headers(headers)
    })
}

/// The response of a page that sets these headers itself.
async fn page_with<const N: usize>(headers: [(HeaderName, &'static str); N]) -> Answer {
    let page = get(move || async move { (headers, Html("<p>a page</p>")) });
    strict(Router::new().route("/page", page)).get("/page").await
}

fn lines(answer: &Answer, name: &str) -> Vec<String> {
    let lines = answer.headers.get_all(name).iter();
    lines.map(|line| line.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_app_with_fonts_and_scripts_from_elsewhere_keeps_working_by_default() {
    for base_url in [BASE, "https://app.example.com"] {
        let app = layered_at(base_url, site(), |web| web);
        for path in ["/page", "/file", "/error", "/no-such-path"] {
            let headers = app.get(path).await.headers;
            for name in [CSP, HSTS, "x-frame-options"] {
                assert!(!headers.contains_key(name), "{base_url} {path} {name}");
            }
        }
    }
    let app = App::start().await;
    for path in ["/sign-in", "/callback?failed=access_denied"] {
        let page = app.browser().get(path).await;
        assert!(
            lines(&page, CSP)[0].starts_with("default-src 'none'"),
            "{path} {page:?}"
        );
    }
}

#[test]
fn a_debug_build_recommends_strict_headers_until_the_app_has_decided() {
    let start = |headers: Option<SecurityHeaders>| {
        let (logs, _guard) = CapturedLogs::of_this_thread();
        layered_at(BASE, site(), |web| {
            headers.into_iter().fold(web, WebConfig::with_security_headers)
        });
        logs.text()
    };
    let log = start(None);
    assert_eq!(log.matches("security_headers_recommended").count(), 1, "{log}");
    assert!(
        log.contains("`.with_security_headers(SecurityHeaders::strict())`"),
        "{log}"
    );
    for headers in [SecurityHeaders::none(), SecurityHeaders::strict()] {
        assert!(!start(Some(headers)).contains("recommended"));
    }
}

#[tokio::test]
async fn every_response_forbids_sniffing_and_limits_the_referrer() {
    let app = layered_at(BASE, site(), |web| web);
    for path in ["/page", "/file", "/error", "/no-such-path"] {
        let answer = app.get(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(
            answer.headers["referrer-policy"], "strict-origin-when-cross-origin",
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_strict_policy_allows_only_this_site_and_forms_to_the_provider() {
    let app = strict(site());
    let policies = lines(&app.get("/page").await, CSP);
    let expected = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                    connect-src 'self'; object-src 'none'; base-uri 'none'; \
                    form-action 'self' http://localhost:3000 https://tenant.logto.app; frame-ancestors 'none'";
    assert_eq!(policies, [expected]);
    assert!(
        !app.get("/file").await.headers.contains_key(CSP),
        "only pages have a policy"
    );
}

#[tokio::test]
async fn every_document_that_can_run_scripts_has_a_policy() {
    let kinds = [
        ("/xhtml", "application/xhtml+xml"),
        ("/xml", "text/xml; charset=utf-8"),
        ("/feed", "application/atom+xml"),
    ];
    let documents = kinds.iter().fold(site(), |site, &(path, kind)| {
        site.route(
            path,
            get(move || async move { ([(header::CONTENT_TYPE, kind)], "<a/>") }),
        )
    });
    let drawing = |headers| get(move || async move { (headers, "<svg/>") });
    let svg = (header::CONTENT_TYPE, "image/svg+xml");
    let documents = documents.route("/svg", drawing([svg.clone(), (header::ACCEPT_RANGES, "none")]));
    let documents = documents.route(
        "/own",
        drawing([svg, (header::CONTENT_SECURITY_POLICY, "default-src 'self'")]),
    );
    let app = strict(documents.clone());
    for (path, _) in kinds {
        assert_eq!(
            lines(&app.get(path).await, CSP),
            lines(&app.get("/page").await, CSP),
            "{path}"
        );
    }
    let svg = app.get("/svg").await;
    let policy = &lines(&svg, CSP)[0];
    assert!(
        policy.starts_with("default-src 'none';") && !policy.contains("script-src"),
        "{policy}"
    );
    assert!(policy.ends_with("frame-ancestors 'self'"), "{policy}");
    assert!(!svg.headers.contains_key("x-frame-options") && !svg.headers.contains_key("cache-control"));
    assert_eq!(lines(&app.get("/own").await, CSP), ["default-src 'self'"]);

    let app = layered_at(BASE, documents, |web| web);
    for path in ["/xhtml", "/xml", "/svg"] {
        assert!(!app.get(path).await.headers.contains_key(CSP), "{path}");
    }
}

#[tokio::test]
async fn an_app_can_add_sources_to_the_policy_or_disable_it() {
    let policy = ContentSecurityPolicy::default().allow(CspDirective::ImgSrc, "https://cdn.example.com");
    let app = https(SecurityHeaders::strict().with_content_security_policy(policy));
    let policies = lines(&app.get("/page").await, CSP);
    assert!(
        policies[0].contains("img-src 'self' data: https://cdn.example.com;"),
        "{policies:?}"
    );
    let app = https(SecurityHeaders::strict().without_content_security_policy());
    let page = app.get("/page").await;
    assert!(!page.headers.contains_key(CSP));
    assert_eq!(page.headers["x-frame-options"], "DENY");
    let framed = SecurityHeaders::strict()
        .without_content_security_policy()
        .with_frames_denied(false);
    assert!(!https(framed).get("/page").await.headers.contains_key("x-frame-options"));
}

#[tokio::test]
async fn hsts_is_sent_over_https_except_on_localhost() {
    let year = https(SecurityHeaders::strict()).get("/file").await;
    assert_eq!(year.headers[HSTS], "max-age=31536000");
    let hour = https(SecurityHeaders::strict().with_hsts_max_age(3600))
        .get("/error")
        .await;
    assert_eq!(hour.headers[HSTS], "max-age=3600");
    let never = https(SecurityHeaders::strict().without_hsts()).get("/file").await;
    assert!(!never.headers.contains_key(HSTS));
    for base_url in [BASE, "https://localhost:3000", "https://127.0.0.1"] {
        let strict = |web: WebConfig| web.with_security_headers(SecurityHeaders::strict());
        let answer = layered_at(base_url, site(), strict).get("/file").await;
        assert!(
            !answer.headers.contains_key(HSTS),
            "{base_url}: HSTS would apply to every server on this machine"
        );
    }
}

#[tokio::test]
async fn headers_set_by_the_app_are_kept() {
    let own = [
        (header::X_CONTENT_TYPE_OPTIONS, "app"),
        (header::REFERRER_POLICY, "unsafe-url"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    let expected = own.clone();
    let answer = page_with(own).await;
    for (name, value) in expected {
        assert_eq!(lines(&answer, name.as_str()), [value], "{name}");
    }
}

#[tokio::test]
async fn a_page_can_set_a_nonce_unless_it_has_its_own_policy_or_is_not_html() {
    async fn with_nonce(session: AuthSession) -> Html<&'static str> {
        let policy = session.logto().content_security_policy().unwrap();
        session.set_content_security_policy(policy, Some("n0nce"));
        Html("<p>a page</p>")
    }
    let own = |session| async {
        (
            [(header::CONTENT_SECURITY_POLICY, "default-src 'self'")],
            with_nonce(session).await,
        )
    };
    let text = |session| async { with_nonce(session).await.0 };
    let app = strict(
        Router::new()
            .route("/page", get(with_nonce))
            .route("/own", get(own))
            .route("/text", get(text)),
    );
    let page = lines(&app.get("/page").await, CSP);
    assert!(
        page.len() == 1 && page[0].contains("script-src 'self' 'wasm-unsafe-eval' 'nonce-n0nce'"),
        "{page:?}"
    );
    assert_eq!(lines(&app.get("/own").await, CSP), ["default-src 'self'"]);
    assert!(lines(&app.get("/text").await, CSP).is_empty());
}

#[tokio::test]
async fn frames_are_denied_unless_the_policy_of_the_app_has_frame_ancestors() {
    let csp = header::CONTENT_SECURITY_POLICY;
    let silent = page_with([(csp.clone(), "default-src 'self'; img-src frame-ancestors")]).await;
    assert_eq!(silent.headers["x-frame-options"], "DENY");
    for policy in [
        "default-src 'self'; Frame-Ancestors https://intranet.example",
        "frame-ancestors 'self'",
        "img-src *,frame-ancestors",
    ] {
        let answer = page_with([(csp.clone(), policy)]).await;
        assert!(!answer.headers.contains_key("x-frame-options"), "{policy}");
    }
}

#[tokio::test]
async fn the_callback_sends_no_referrer() {
    let app = App::start().await;
    let answer = app.browser().get("/callback?code=a-code&state=a-state").await;
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
}

/// Checks the policy of a page of this crate, and returns its `form-action` sources.
#[track_caller]
fn form_targets(answer: &Answer) -> String {
    let (_, style) = answer.body.split_once("<style>").unwrap();
    let (style, rest) = style.split_once("</style>").unwrap();
    for dangerous in ["<script", "<style", " style=", " src=", " onclick="] {
        assert!(!rest.contains(dangerous), "{dangerous} in {rest}");
    }
    let hash = BASE64_STANDARD.encode(Sha256::digest(style));
    let start = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action ");
    let policies = lines(answer, CSP);
    let targets = policies[0].strip_prefix(&start);
    let targets = targets.and_then(|rest| rest.strip_suffix("; frame-ancestors 'none'"));
    assert_eq!(policies.len(), 1, "{policies:?}");
    assert_eq!(answer.headers["x-frame-options"], "DENY");
    targets.unwrap_or_else(|| panic!("{policies:?}")).to_owned()
}

#[tokio::test]
async fn confirmation_pages_run_no_scripts_and_submit_only_here_and_to_the_provider() {
    let social = ContentSecurityPolicy::default().allow(CspDirective::FormAction, "https://social.example");
    for (policy, more) in [
        (Some(ContentSecurityPolicy::default()), ""),
        (Some(social), "https://social.example "),
        (None, ""),
    ] {
        let app = App::configured(|web| {
            let headers = policy
                .into_iter()
                .fold(SecurityHeaders::none(), SecurityHeaders::with_content_security_policy);
            web.with_security_headers(headers)
        })
        .await;
        let provider = app.provider.endpoint();
        let expected = format!("'self' {more}{BASE} {}", provider.trim_end_matches('/'));
        for path in ["/sign-in?return_to=/me", "/sign-out"] {
            let page = app.browser().get(path).await;
            assert!(page.body.contains("<form method=post action=\"?\">"), "{page:?}");
            assert_eq!(form_targets(&page), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn error_pages_run_no_scripts_and_have_no_form_except_to_sign_in_again() {
    let store = FaultyStore::default();
    let app = App::configured(|web| web.with_store(store.clone())).await;
    let browser = app.signed_in("ada").await;
    let cross_site = Request::post("/who")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-dest", "document");
    let refused = browser.send(cross_site.body(Body::empty()).unwrap()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let failed = browser.get("/callback?failed=access_denied").await;
    assert_eq!(failed.status, StatusCode::BAD_REQUEST);
    store.set_down(true);
    let unavailable = browser.post("/sign-out", "").await;
    assert_eq!(unavailable.status, StatusCode::SERVICE_UNAVAILABLE);
    let provider = app.provider.endpoint();
    let expected = format!("'self' {BASE} {}", provider.trim_end_matches('/'));
    assert_eq!(failed.body.matches("<form").count(), 1);
    assert_eq!(form_targets(&failed), expected);
    for page in [refused, unavailable] {
        assert!(!page.body.contains("<form"), "{page:?}");
        assert_eq!(form_targets(&page), "'none'");
    }
}
