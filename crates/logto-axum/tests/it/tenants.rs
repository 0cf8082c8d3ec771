//! Several tenants on one router.

use std::{collections::BTreeMap, io};

use axum::{
    Router,
    body::Body,
    routing::{any, get},
};
use http::{Method, Request, StatusCode, header};
use logto_axum::{AuthSession, Logto, LogtoConfig, SessionError, Tenants, WebConfig};
use logto_testing::{Browser, CapturedLogs, TestProvider, allowed_methods};
use tower::ServiceExt as _;

const HOST: &str = "http://localhost:3000";
const SECRET: &str = "a secret that the tenants of this test share";

/// A provider whose application has the same id as those of the others.
async fn provider(base_url: &str) -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("{base_url}/callback"))
        .start()
        .await
}

fn tenant(provider: &TestProvider, base_url: &str, secret: &str) -> Logto {
    Logto::new(
        LogtoConfig::new(provider.endpoint(), "app", "secret"),
        WebConfig::new(base_url, [secret.into()]),
    )
    .unwrap()
}

async fn who(session: AuthSession) -> Result<String, SessionError> {
    let user = session.user().await?;
    Ok(user.map_or_else(|| "signed out".to_owned(), |user| user.id().to_owned()))
}

/// The app, with the tenants `a` and `b` below paths of these names.
fn by_path(a: Logto, b: Logto) -> Router {
    let tenants = Tenants::new(move |request| match request.uri.path().split('/').nth(1)? {
        "a" => Some(a.clone()),
        "b" => Some(b.clone()),
        _ => None,
    });
    Router::new()
        .route("/{tenant}/who", get(who))
        .route("/{tenant}/organization", get(|| async { "a page of the app" }))
        .route("/{tenant}/change", any(|| async { "changed" }))
        .fallback(|| async { "the fallback" })
        .layer(tenants.layer())
}

fn by_host(a: Logto, b: Logto) -> Router {
    Router::new().route("/who", get(who)).layer(Tenants::of([a, b]).layer())
}

/// Sends a cookie of one tenant to another, which no browser would do.
async fn with_cookies(router: &Router, path: &str, host: &str, browser: &Browser) -> String {
    let mut cookies = BTreeMap::new();
    for cookie in browser.cookies() {
        cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
    }
    let cookies: Vec<_> = cookies
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert!(!cookies.is_empty());
    let request = Request::get(path)
        .header(header::HOST, host)
        .header(header::COOKIE, cookies.join("; "));
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_session_of_one_tenant_is_no_session_of_another_on_the_same_host() {
    let (base_a, base_b) = (format!("{HOST}/a"), format!("{HOST}/b"));
    let (of_a, of_b) = (provider(&base_a).await, provider(&base_b).await);
    let router = by_path(tenant(&of_a, &base_a, SECRET), tenant(&of_b, &base_b, SECRET));
    let browser = Browser::of(router.clone()).with_provider(&of_a).with_provider(&of_b);
    of_a.sign_in_as("ada");
    of_b.sign_in_as("bob");
    let page = browser.post_form("/a/sign-in", [("return_to", "/a/who")]).await;
    assert_eq!((page.path(), page.body()), ("/a/who", "usr_ada"), "{}", page.text());
    assert_eq!(browser.get("/b/who").await.body(), "signed out");
    assert_eq!(
        with_cookies(&router, "/a/who", "localhost:3000", &browser).await,
        "usr_ada"
    );
    assert_eq!(
        with_cookies(&router, "/b/who", "localhost:3000", &browser).await,
        "signed out",
        "the same name of the cookie, and the same secret"
    );
    browser.post_form("/b/sign-in", [("return_to", "/b/who")]).await;
    assert_eq!(browser.get("/b/who").await.body(), "usr_bob");
    assert_eq!(browser.get("/a/who").await.body(), "usr_ada");
    let _ = browser.post_form("/a/sign-out", []).without_redirects().await;
    assert_eq!(browser.get("/a/who").await.body(), "signed out");
    assert_eq!(browser.get("/b/who").await.body(), "usr_bob");
}

#[tokio::test]
async fn a_session_of_one_tenant_is_no_session_of_another_on_another_host() {
    let (base_a, base_b) = ("http://a.localhost:3000", "http://b.localhost:3000");
    let (of_a, of_b) = (provider(base_a).await, provider(base_b).await);
    let router = by_host(tenant(&of_a, base_a, SECRET), tenant(&of_b, base_b, SECRET));
    let browser = Browser::of(router.clone())
        .at(base_a)
        .with_site(base_b, router.clone())
        .with_provider(&of_a);
    of_a.sign_in_as("ada");
    let page = browser.post_form("/sign-in", [("return_to", "/who")]).await;
    assert_eq!(page.body(), "usr_ada");
    assert_eq!(browser.get("http://b.localhost:3000/who").await.body(), "signed out");
    assert_eq!(
        with_cookies(&router, "/who", "a.localhost:3000", &browser).await,
        "usr_ada"
    );
    assert_eq!(
        with_cookies(&router, "/who", "b.localhost:3000", &browser).await,
        "signed out"
    );
}

#[tokio::test]
async fn tenants_with_the_same_application_are_separated_by_their_secrets() {
    let (base_a, base_b) = (format!("{HOST}/a"), format!("{HOST}/b"));
    let shared = provider(&base_a).await;
    let other = "another secret of thirty-two bytes or more";
    let router = by_path(tenant(&shared, &base_a, SECRET), tenant(&shared, &base_b, other));
    let browser = Browser::of(router.clone()).with_provider(&shared);
    shared.sign_in_as("ada");
    browser.post_form("/a/sign-in", [("return_to", "/a/who")]).await;
    assert_eq!(
        with_cookies(&router, "/a/who", "localhost:3000", &browser).await,
        "usr_ada"
    );
    assert_eq!(
        with_cookies(&router, "/b/who", "localhost:3000", &browser).await,
        "signed out"
    );
}

/// Tenants without a provider.
async fn router() -> Router {
    let (base_a, base_b) = (format!("{HOST}/a"), format!("{HOST}/b"));
    let unused = provider(&base_a).await;
    by_path(tenant(&unused, &base_a, SECRET), tenant(&unused, &base_b, SECRET))
}

#[tokio::test]
async fn the_longest_base_url_that_a_request_begins_with_names_its_tenant() {
    let unused = provider(HOST).await;
    let tenants = ["", "/a", "/a/b"].map(|path| tenant(&unused, &format!("{HOST}{path}"), SECRET));
    let show = async |session: AuthSession| session.redirect_uri();
    let router = Router::new().fallback(show).layer(Tenants::of(tenants).layer());
    for (url, base_url) in [
        ("/", ""),
        ("/ab", ""),
        ("/a", "/a"),
        ("/a/c", "/a"),
        ("/a/b", "/a/b"),
        ("/a/b/c", "/a/b"),
    ] {
        let page = Browser::of(router.clone()).get(url).await;
        assert_eq!(page.body(), format!("{HOST}{base_url}/callback"), "{url}");
    }
    let elsewhere = Browser::of(router).at("http://elsewhere.localhost:3000").get("/").await;
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND, "another host");
}

#[tokio::test]
async fn a_request_without_a_tenant_does_not_reach_the_app() {
    let browser = Browser::of(router().await);
    for path in ["/", "/who", "/c/who", "/sign-in", "/callback"] {
        let page = browser.get(path).await;
        assert_eq!((page.status(), page.body()), (StatusCode::NOT_FOUND, ""), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    assert_eq!(browser.get("/a/nowhere").await.body(), "the fallback");
}

#[tokio::test]
async fn the_layer_serves_the_routes_of_each_tenant_and_leaves_the_pages_of_the_app() {
    let router = router().await;
    for (path, methods) in [
        ("/a/sign-in", "GET,HEAD,POST"),
        ("/b/callback", "GET,HEAD"),
        ("/b/backchannel-logout", "POST"),
    ] {
        assert_eq!(allowed_methods(&router, path).await.join(","), methods, "{path}");
    }
    let browser = Browser::of(router);
    assert_eq!(browser.get("/a/organization").await.body(), "a page of the app");
    let page = browser
        .post_form("/a/organization", [("organization_id", "acme")])
        .await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn cross_site_requests_are_refused_for_every_tenant() {
    let browser = Browser::of(router().await);
    for path in ["/a/change", "/b/change", "/b/sign-in"] {
        let planted = browser
            .get(path)
            .method(Method::POST)
            .from_page("https://evil.example/");
        assert_eq!(planted.await.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_tenant_may_be_looked_up_in_a_database() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let base_url = format!("{HOST}/a");
    let of_a = provider(&base_url).await;
    let logto = tenant(&of_a, &base_url, SECRET);
    let tenants = Tenants::lookup(move |request| {
        let name = request.uri.path().split('/').nth(1).unwrap_or_default().to_owned();
        let logto = logto.clone();
        async move {
            tokio::task::yield_now().await;
            match name.as_str() {
                "a" => Ok(Some(logto)),
                "broken" => Err(io::Error::other("the database is down")),
                _ => Ok(None),
            }
        }
    });
    let router = Router::new().fallback(who).layer(tenants.layer());
    let browser = Browser::of(router).with_provider(&of_a);
    of_a.sign_in_as("ada");
    let page = browser.post_form("/a/sign-in", [("return_to", "/a/who")]).await;
    assert_eq!((page.path(), page.body()), ("/a/who", "usr_ada"), "{}", page.text());
    assert_eq!(browser.get("/b/who").await.status(), StatusCode::NOT_FOUND);
    let unavailable = browser.get("/broken/who").await;
    assert_eq!(
        (unavailable.status(), unavailable.body()),
        (StatusCode::SERVICE_UNAVAILABLE, "")
    );
    assert_eq!(unavailable.header("cache-control"), Some("no-store"));
    assert!(unavailable.header("retry-after").is_some());
    let logs = logs.text();
    assert!(
        logs.contains("tenant_unavailable") && logs.contains("the database is down"),
        "{logs}"
    );
}
