//! Wildcard base URLs, for example of preview deployments.

use axum::body::Body;
use http::{Request, StatusCode};
use logto_axum::SetUpFinding;
use logto_testing::TestProvider;

use crate::{
    app::{App, BASE, SESSION},
    base_urls::{form, parameter, redirect_uri},
};

const PREVIEWS: &str = "https://*.preview.example.com";
const ONE: &str = "https://pr-7.preview.example.com";

async fn app_with_previews() -> App {
    let provider = TestProvider::builder().client("app", "secret");
    let provider = provider.redirect_uri("http://localhost:3000/callback");
    let provider = provider
        .redirect_uri("https://*.preview.example.com/callback")
        .start()
        .await;
    App::with(provider, |web| web.with_further_base_url(PREVIEWS))
}

fn get(path: &str, host: &str) -> Request<Body> {
    Request::get(path).header("host", host).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn sign_in_and_sign_out_stay_on_the_preview_where_they_started() {
    let app = app_with_previews().await;
    app.provider.sign_in_as("ada");
    let (host, other) = ("pr-7.preview.example.com", "pr-8.preview.example.com");
    let browser = app.browser();
    let answer = browser.send(form("/sign-in", ONE, &[("host", host)])).await;
    let cookie = &answer.cookies[0];
    assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
    assert!(!cookie.to_ascii_lowercase().contains("domain"), "host-only: {cookie}");
    let callback = app.provider.authorize(&answer.location()).await;
    let callback = callback.strip_prefix(ONE).unwrap();

    let at_other = app.browser();
    let answer = at_other.send(get(callback, other)).await;
    assert!(answer.location().contains("code="), "no transaction on another host");

    let answer = browser.send(get(callback, host)).await;
    assert_eq!(answer.location(), format!("{ONE}/"));
    assert!(browser.has(&format!("__Host-{SESSION}")));
    assert_eq!(browser.send(get("/", host)).await.body, "active");

    let answer = browser.send(form("/sign-out", ONE, &[("host", host)])).await;
    let after = parameter(&answer.location(), "post_logout_redirect_uri");
    assert_eq!(after, Some(format!("{ONE}/")));
}

#[tokio::test]
async fn a_host_that_is_not_one_label_below_the_domain_falls_back_to_the_default_base_url() {
    let app = app_with_previews().await;
    for host in [
        "preview.example.com",
        "a.b.preview.example.com",
        "*.preview.example.com",
        "a_b.preview.example.com",
        "-a.preview.example.com",
        "a.preview.example.com.",
        "a.preview.example.com:8443",
        "a.preview.example.com.evil.example",
        "evil.example/.preview.example.com",
        "evil.example?.preview.example.com",
        "evil.example#.preview.example.com",
        "evil@a.preview.example.com",
        "evil.example, a.preview.example.com",
    ] {
        let answer = app.send(form("/sign-in", BASE, &[("host", host)])).await;
        assert_eq!(redirect_uri(&answer), Some(format!("{BASE}/callback")), "{host}");
    }
    let twice = [("host", "a.preview.example.com"), ("host", "b.preview.example.com")];
    let answer = app.send(form("/sign-in", BASE, &twice)).await;
    assert_eq!(redirect_uri(&answer), Some(format!("{BASE}/callback")));
}

#[tokio::test]
async fn a_return_path_stays_on_the_preview() {
    let app = app_with_previews().await;
    app.provider.sign_in_as("ada");
    let host = "pr-7.preview.example.com";
    for (return_to, end) in [
        ("/page", "/page"),
        ("//evil.example", "/"),
        ("https://pr-8.preview.example.com/", "/"),
        ("/\\evil.example", "/"),
    ] {
        let browser = app.browser();
        let mut request = form("/sign-in", ONE, &[("host", host)]);
        *request.body_mut() = Body::from(format!("return_to={return_to}"));
        let answer = browser.send(request).await;
        let callback = app.provider.authorize(&answer.location()).await;
        let answer = browser.send(get(callback.strip_prefix(ONE).unwrap(), host)).await;
        assert_eq!(answer.location(), format!("{ONE}{end}"), "{return_to}");
    }
}

/// For a browser, previews of one domain are the same site. Only their origins differ.
#[tokio::test]
async fn a_page_of_one_preview_cannot_change_state_on_another() {
    let app = app_with_previews().await;
    for site in [Some("same-site"), Some("cross-site"), None] {
        let mut request = form(
            "/who",
            "https://pr-8.preview.example.com",
            &[("host", "pr-7.preview.example.com")],
        );
        request.headers_mut().remove("sec-fetch-site");
        if let Some(site) = site {
            request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        }
        assert_eq!(app.send(request).await.status, StatusCode::FORBIDDEN, "{site:?}");
    }
}

#[tokio::test]
async fn an_exact_base_url_wins_over_a_matching_wildcard() {
    let provider = TestProvider::builder().client("app", "secret");
    let provider = provider
        .redirect_uri("https://main.preview.example.com/app/callback")
        .start()
        .await;
    let app = App::with(provider, |web| {
        web.with_further_base_url(PREVIEWS)
            .with_further_base_url("https://main.preview.example.com/app")
    });
    let origin = "https://main.preview.example.com";
    let answer = app
        .send(form("/sign-in", origin, &[("host", "main.preview.example.com")]))
        .await;
    assert_eq!(redirect_uri(&answer), Some(format!("{origin}/app/callback")));
}

#[tokio::test]
async fn the_self_check_reports_a_wildcard_as_it_is_registered() {
    // The provider registers a wildcard only for the callback.
    let after_sign_out = SetUpFinding::PostSignOutRedirectUriNotRegistered("https://*.preview.example.com/".into());
    let findings = app_with_previews().await.logto.check_set_up().await;
    assert_eq!(findings, std::slice::from_ref(&after_sign_out));
    let app = App::configured(|web| web.with_further_base_url(PREVIEWS)).await;
    let finding = SetUpFinding::RedirectUriNotRegistered("https://*.preview.example.com/callback".into());
    assert_eq!(app.logto.check_set_up().await, [finding, after_sign_out]);
}

#[tokio::test]
async fn cookies_are_not_secure_over_allowed_http() {
    let address = "http://192.168.1.20:3000";
    let app = App::configured(|web| web.with_base_url(address).with_allow_http(true)).await;
    let answer = app.send(form("/sign-in", address, &[])).await;
    let cookie = &answer.cookies[0];
    assert!(
        cookie.starts_with("logto_tx_") && !cookie.contains("Secure"),
        "{cookie}"
    );
    assert_eq!(redirect_uri(&answer), Some(format!("{address}/callback")));
}
