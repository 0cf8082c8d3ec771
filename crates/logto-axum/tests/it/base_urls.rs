//! Several domains, reverse proxies, and a base path.

use std::net::{IpAddr, SocketAddr};

use axum::{Router, body::Body, extract::ConnectInfo, routing::get};
use http::{Request, StatusCode, header};
use logto_axum::{AuthSession, ReturnTo, SetUpFinding};
use logto_testing::{CapturedLogs, TestProvider};
use url::Url;

use crate::app::{Answer, App, BASE, SESSION};

const OTHER: &str = "https://b.example";
const PROXY: &str = "10.1.2.3";

/// An app of two domains behind proxies in 10.0.0.0/8.
async fn app_of_two_domains() -> App {
    let provider = TestProvider::builder().client("app", "secret");
    let provider = provider.redirect_uri("https://b.example/callback").start().await;
    App::with(provider, |web| {
        web.with_further_base_url(OTHER).with_trusted_proxy("10.0.0.0/8")
    })
}

/// A form sent by a page of `origin`, with these additional headers.
pub(crate) fn form(path: &str, origin: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::ORIGIN, origin)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

fn from_peer(mut request: Request<Body>, peer: &str) -> Request<Body> {
    let address = SocketAddr::new(peer.parse::<IpAddr>().unwrap(), 40_000);
    request.extensions_mut().insert(ConnectInfo(address));
    request
}

pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    let address = Url::parse(address).unwrap();
    let found = address.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// The redirect URI of a sign-in; `None` if it was first redirected to the default base URL.
pub(crate) fn redirect_uri(answer: &Answer) -> Option<String> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    parameter(&answer.location(), "redirect_uri")
}

#[tokio::test]
async fn sign_in_and_sign_out_stay_on_the_domain_where_they_started() {
    let app = app_of_two_domains().await;
    app.provider.sign_in_as("ada");
    let host = ("host", "b.example");
    let browser = app.browser();
    let answer = browser.send(form("/sign-in", OTHER, &[host])).await;
    assert!(
        answer.cookies[0].starts_with("__Host-") && answer.cookies[0].contains("Secure"),
        "{:?}",
        answer.cookies
    );
    let callback = app.provider.authorize(&answer.location()).await;
    let callback = callback.strip_prefix(OTHER).unwrap();
    let get = |path| Request::get(path).header(host.0, host.1).body(Body::empty()).unwrap();
    let answer = browser.send(get(callback)).await;
    assert_eq!(answer.location(), format!("{OTHER}/"));
    assert!(browser.has(&format!("__Host-{SESSION}")) && !browser.has(SESSION));
    assert_eq!(browser.send(get("/")).await.body, "active");
    assert_eq!(
        browser.get("/").await.body,
        "anonymous",
        "each domain has its own cookies"
    );

    let answer = browser.send(form("/sign-out", OTHER, &[host])).await;
    let after = parameter(&answer.location(), "post_logout_redirect_uri");
    assert_eq!(after.as_deref(), Some("https://b.example/"));
}

#[tokio::test]
async fn an_unknown_host_falls_back_to_the_default_base_url() {
    let app = app_of_two_domains().await;
    for host in [
        "evil.example",
        "b.example.evil.example",
        "b.example:8443",
        "evil@b.example",
        "",
        "[",
        "b.example/x",
    ] {
        let answer = app.send(form("/sign-in", BASE, &[("host", host)])).await;
        assert_eq!(redirect_uri(&answer), Some(format!("{BASE}/callback")), "{host}");
    }
    let twice = [("host", "b.example"), ("host", "evil.example")];
    let answer = app.send(form("/sign-in", BASE, &twice)).await;
    assert_eq!(redirect_uri(&answer), Some(format!("{BASE}/callback")));
}

#[tokio::test]
async fn a_page_of_one_domain_cannot_change_state_on_the_other() {
    let app = app_of_two_domains().await;
    for (origin, host) in [(BASE, "b.example"), (OTHER, "localhost:3000")] {
        let mut request = form("/who", origin, &[("host", host)]);
        request
            .headers_mut()
            .insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(app.send(request).await.status, StatusCode::FORBIDDEN, "{origin} {host}");
        let mut old_browser = form("/who", origin, &[("host", host)]);
        old_browser.headers_mut().remove("sec-fetch-site");
        assert_eq!(
            app.send(old_browser).await.status,
            StatusCode::FORBIDDEN,
            "{origin} {host}"
        );
    }
}

#[tokio::test]
async fn forwarded_hosts_are_accepted_only_from_trusted_proxies() {
    let app = app_of_two_domains().await;
    let forwarded = [
        &[
            ("host", "internal:3000"),
            ("x-forwarded-host", "b.example"),
            ("x-forwarded-proto", "https"),
        ][..],
        &[
            ("host", "internal:3000"),
            ("x-forwarded-host", "evil.example, B.example:443"),
        ],
        &[
            ("host", "internal:3000"),
            ("forwarded", "for=192.0.2.1;host=b.example;proto=https"),
        ],
        &[("host", "b.example"), ("x-forwarded-proto", "https")],
    ];
    for headers in forwarded {
        for peer in [PROXY, "::ffff:10.1.2.3"] {
            let answer = app.send(from_peer(form("/sign-in", OTHER, headers), peer)).await;
            let expected = Some(format!("{OTHER}/callback"));
            assert_eq!(redirect_uri(&answer), expected, "{headers:?} {peer}");
        }
    }
    for headers in &forwarded[..3] {
        for request in [
            form("/sign-in", BASE, headers),
            from_peer(form("/sign-in", BASE, headers), "192.0.2.1"),
            from_peer(form("/sign-in", BASE, headers), "::1"),
        ] {
            let answer = app.send(request).await;
            assert_eq!(redirect_uri(&answer), Some(format!("{BASE}/callback")), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn conflicting_headers_of_a_trusted_proxy_fall_back_to_the_default_base_url() {
    let app = app_of_two_domains().await;
    for headers in [
        &[("x-forwarded-host", "b.example"), ("x-forwarded-proto", "http")][..],
        &[("x-forwarded-host", "evil.example")],
        &[("x-forwarded-host", "b.example, evil.example")],
        &[("x-forwarded-host", "b.example"), ("forwarded", "host=localhost:3000")],
        &[
            ("host", "b.example"),
            ("x-forwarded-host", "localhost:3000"),
            ("x-forwarded-proto", "http"),
        ],
    ] {
        let answer = app.send(from_peer(form("/sign-in", BASE, headers), PROXY)).await;
        assert_eq!(redirect_uri(&answer), Some(format!("{BASE}/callback")), "{headers:?}");
    }
}

/// Without the peer address a proxy cannot be distinguished from an attacker.
#[tokio::test]
async fn the_self_check_reports_trusted_proxies_without_peer_addresses() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let app = app_of_two_domains().await;
    assert!(!app.logto.check_set_up().await.contains(&SetUpFinding::PeerUnknown));
    for _ in 0..2 {
        app.send(form("/who", BASE, &[("x-forwarded-host", "b.example")])).await;
    }
    assert!(app.logto.check_set_up().await.contains(&SetUpFinding::PeerUnknown));
    let logs = logs.text();
    assert_eq!(logs.matches("peer_unknown").count(), 1, "{logs}");
    assert!(
        logs.contains("ERROR") && logs.contains("into_make_service_with_connect_info::<std::net::SocketAddr>()"),
        "{logs}"
    );
}

#[tokio::test]
async fn the_self_check_accepts_trusted_proxies_with_peer_addresses() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let app = app_of_two_domains().await;
    for peer in [PROXY, "192.0.2.1"] {
        app.send(from_peer(form("/who", BASE, &[]), peer)).await;
    }
    assert!(!app.logto.check_set_up().await.contains(&SetUpFinding::PeerUnknown));
    assert!(!logs.text().contains("peer_unknown"));
}

#[tokio::test]
async fn the_self_check_checks_every_base_url() {
    let app = App::configured(|web| web.with_further_base_url(OTHER)).await;
    let findings = [
        SetUpFinding::RedirectUriNotRegistered("https://b.example/callback".into()),
        SetUpFinding::PostSignOutRedirectUriNotRegistered("https://b.example/".into()),
    ];
    assert_eq!(app.logto.check_set_up().await, findings);
}

/// An app under a path, either nested or behind a proxy that strips the path.
async fn app_under_a_path(base_url: &str) -> App {
    let provider = TestProvider::builder().client("app", "secret");
    let provider = provider.redirect_uri(&format!("{base_url}/callback")).start().await;
    App::with(provider, |web| web.with_base_url(base_url))
}

#[tokio::test]
async fn an_app_nested_under_a_path_signs_in_and_returns_under_it() {
    let base = format!("{BASE}/app");
    let app = app_under_a_path(&base)
        .await
        .map_router(|router| Router::new().nest("/app", router));
    app.provider.sign_in_as("ada");
    for (return_to, end) in [
        ("/page", "/page"),
        ("/app/page", "/page"),
        ("//evil.example", "/"),
        ("/app/../page", "/page"),
    ] {
        let browser = app.browser();
        let answer = browser.post("/app/sign-in", &format!("return_to={return_to}")).await;
        let callback = app.provider.authorize(&answer.location()).await;
        let answer = browser.get(callback.strip_prefix(BASE).unwrap()).await;
        assert_eq!(answer.location(), format!("{base}{end}"), "{return_to}");
        assert_eq!(browser.get("/app").await.body, "active");
    }
}

#[tokio::test]
async fn server_functions_are_guarded_under_the_base_path() {
    let cross_site = |path: &str| {
        let request = Request::get(path).header("sec-fetch-site", "cross-site");
        request.body(Body::empty()).unwrap()
    };
    let nested = app_under_a_path(&format!("{BASE}/app"))
        .await
        .map_router(|router| Router::new().nest("/app", router));
    let behind_a_proxy = app_under_a_path(&format!("{BASE}/app")).await;
    for (app, prefix) in [(nested, "/app"), (behind_a_proxy, "")] {
        let answer = app.send(cross_site(&format!("{prefix}/fn/delete"))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{prefix}");
        let answer = app.send(cross_site(&format!("{prefix}/fn/search"))).await;
        assert_eq!(answer.body, "found", "{prefix}");
    }
}

#[tokio::test]
async fn addresses_include_the_base_path_behind_a_proxy_that_strips_it() {
    let base = format!("{BASE}/app");
    let app = app_under_a_path(&base).await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let answer = browser.post("/sign-in", "return_to=/app/page").await;
    let callback = app.provider.authorize(&answer.location()).await;
    let answer = browser.get(callback.strip_prefix(base.as_str()).unwrap()).await;
    assert_eq!(answer.location(), format!("{base}/page"));
    let answer = browser.post("/sign-out", "this_app_only=true").await;
    assert_eq!(answer.location(), format!("{base}/"));
    assert!(
        answer.cookies.iter().all(|cookie| cookie.contains("Path=/app")),
        "{:?}",
        answer.cookies
    );
}

#[tokio::test]
async fn cookies_of_an_app_under_a_path_are_limited_to_that_path() {
    let app = app_under_a_path("https://a.example/app").await;
    let answer = app.send(form("/sign-in", "https://a.example", &[])).await;
    let cookie = &answer.cookies[0];
    assert!(
        cookie.starts_with("__Secure-logto_tx_") && cookie.contains("Path=/app") && cookie.contains("Secure"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_link_to_a_page_names_the_domain_of_the_request_and_no_other_host() {
    let link = async |session: AuthSession| {
        let page = ReturnTo::parse("/invitations/i1?from=mail").unwrap();
        session.absolute_url(&page)
    };
    let app = app_of_two_domains().await;
    let own = Router::new().route("/link", get(link)).layer(app.logto.layer());
    let app = app.map_router(|router| router.merge(own));
    for (host, base_url) in [("localhost:3000", BASE), ("b.example", OTHER), ("evil.example", BASE)] {
        let request = Request::get("/link").header("host", host).body(Body::empty()).unwrap();
        let link = app.browser().send(request).await.body;
        assert_eq!(link, format!("{base_url}/invitations/i1?from=mail"), "{host}");
    }
}
