//! The browser, with apps that need no provider and with a whole sign-in.

use std::collections::BTreeMap;

use axum::{
    Form, Json, Router,
    extract::{Query, RawQuery},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect},
    routing::{any, get, post},
};
use logto_testing::{Browser, DEFAULT_REDIRECT_URI, TestClock, TestProvider, User};
use serde_json::{Value, json};

/// Shows the headers of a request that describe it.
async fn headers(headers: HeaderMap) -> Json<Value> {
    let shown = headers.iter().filter(|(name, _)| {
        name.as_str().starts_with("sec-") || [header::ORIGIN, header::REFERER, header::HOST].contains(name)
    });
    let shown = shown.map(|(name, value)| (name.as_str().to_owned(), json!(value.to_str().unwrap())));
    Json(Value::Object(shown.collect()))
}

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "home" }))
        .route("/headers", any(headers))
        .route("/moved", any(|| async { Redirect::to("/headers?moved") }))
        .route("/kept", any(|| async { Redirect::temporary("/echo") }))
        .route(
            "/away",
            any(|| async { Redirect::to("https://elsewhere.example/page") }),
        )
        .route("/loop", any(|| async { Redirect::to("/loop") }))
        .route(
            "/echo",
            post(|Form(form): Form<BTreeMap<String, String>>| async { Json(form) }),
        )
        .route(
            "/search",
            get(|RawQuery(query): RawQuery| async { query.unwrap_or_default() }),
        )
        .route(
            "/form",
            get(|| async {
                Html(
                    "<form method=post action=/echo><input type=hidden name=token value=t><input name=title>\
                     <button name=action value=save>Save</button></form>\
                     <form action=/search?old><input name=q value='a b'></form>",
                )
            }),
        )
        .route(
            "/cookie",
            get(|headers: HeaderMap| async move {
                headers
                    .get(header::COOKIE)
                    .map_or(String::new(), |it| it.to_str().unwrap().to_owned())
            }),
        )
        .route(
            "/set",
            any(|Query(query): Query<BTreeMap<String, String>>| async move {
                [(header::SET_COOKIE, query["cookie"].clone())]
            }),
        )
}

async fn shown(visit: logto_testing::Visit<'_>) -> Value {
    visit.await.json()
}

#[tokio::test]
async fn an_address_that_the_user_types_has_no_page_behind_it() {
    let browser = Browser::of(app());
    let expected = json!({
        "host": "localhost:3000",
        "sec-fetch-site": "none",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "sec-fetch-user": "?1",
    });
    assert_eq!(shown(browser.get("/headers")).await, expected);
    browser.get("/").await;
    assert_eq!(shown(browser.get("/headers")).await, expected, "after another page");
}

#[tokio::test]
async fn links_forms_and_scripts_name_their_page() {
    let browser = Browser::of(app()).at("https://app.example:8443");
    browser.get("/search?q=tea#top").await;
    let page = "https://app.example:8443/search?q=tea";
    let link = shown(browser.click("/headers").without_redirects()).await;
    assert_eq!(
        (&link["sec-fetch-site"], &link["referer"]),
        (&json!("same-origin"), &json!(page))
    );
    assert_eq!(
        (&link["origin"], &link["host"]),
        (&Value::Null, &json!("app.example:8443"))
    );
    browser.get("/search?q=tea").await;
    let form = shown(browser.post_form("/headers", [("a", "b")])).await;
    assert_eq!(
        (&form["origin"], &form["sec-fetch-mode"], &form["referer"]),
        (&json!("https://app.example:8443"), &json!("navigate"), &json!(page))
    );
    browser.get("/search?q=tea").await;
    let script = shown(browser.fetch("/headers").json(&["tea"])).await;
    assert_eq!(
        (&script["origin"], &script["sec-fetch-mode"], &script["sec-fetch-dest"]),
        (&json!("https://app.example:8443"), &json!("cors"), &json!("empty"))
    );
    let get = shown(browser.fetch("/headers")).await;
    assert_eq!((&get["origin"], &get["referer"]), (&Value::Null, &json!(page)));
    let prefetch = shown(browser.prefetch("/headers")).await;
    assert_eq!(
        (&prefetch["sec-purpose"], &prefetch["sec-fetch-dest"]),
        (&json!("prefetch"), &json!("document"))
    );
}

#[tokio::test]
async fn a_page_of_another_site_is_cross_site_and_sends_lax_cookies_only_with_a_link() {
    let browser = Browser::of(app()).at("https://app.example");
    browser.get("/set?cookie=n%3Dv").await;
    let form = browser.post_form("/headers", []).from_page("https://evil.example/trap");
    let form = shown(form).await;
    assert_eq!(
        (&form["sec-fetch-site"], &form["origin"], &form["referer"]),
        (
            &json!("cross-site"),
            &json!("https://evil.example"),
            &json!("https://evil.example/")
        )
    );
    let sibling = browser.click("/headers").from_page("https://app.example:8443/");
    assert_eq!(shown(sibling).await["sec-fetch-site"], "same-site");
    let from_evil = |path: &str| browser.click(path).from_page("https://evil.example/");
    assert_eq!(from_evil("/cookie").await.body(), "n=v");
    let script = browser.fetch("/cookie").from_page("https://evil.example/");
    assert_eq!(script.await.body(), "");
}

#[tokio::test]
async fn redirects_are_followed_within_the_app() {
    let browser = Browser::of(app());
    let page = browser.post_form("/moved", [("a", "b")]).await;
    assert_eq!((page.status(), page.path()), (StatusCode::OK, "/headers?moved"));
    assert_eq!(page.redirects().collect::<Vec<_>>(), ["http://localhost:3000/moved"]);
    let kept: Value = browser.post_form("/kept", [("a", "b")]).await.json();
    assert_eq!(kept, json!({ "a": "b" }), "307 keeps method and body");
    for unfollowed in [browser.get("/away"), browser.get("/moved").without_redirects()] {
        let page = unfollowed.await;
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
        assert!(page.location().is_some() && page.redirects().next().is_none());
    }
}

#[tokio::test]
#[should_panic(expected = "more than 20 redirects")]
async fn a_loop_of_redirects_is_reported() {
    Browser::of(app()).get("/loop").await;
}

#[tokio::test]
async fn a_form_is_submitted_with_its_fields() {
    let browser = Browser::of(app());
    let page = browser.get("/form").await;
    let form = page.form("/echo").with_field("title", "Tea").press("Save");
    let sent: Value = browser.submit(&form).await.json();
    assert_eq!(sent, json!({ "token": "t", "title": "Tea", "action": "save" }));
    let found = browser.submit(&page.form("/search")).await;
    assert_eq!((found.path(), found.body()), ("/search?q=a+b", "q=a+b"));
}

#[tokio::test]
async fn cookies_expire_by_the_clock_of_the_test() {
    let clock = TestClock::at(1_700_000_000);
    let browser = Browser::of(app()).with_clock(clock.clone());
    browser.get("/set?cookie=n%3Dv%3B+Max-Age%3D60").await;
    assert_eq!(browser.cookie("n").unwrap().expires(), Some(1_700_000_060));
    clock.advance(59);
    assert_eq!(browser.get("/cookie").await.body(), "n=v");
    clock.advance(1);
    assert_eq!(browser.get("/cookie").await.body(), "");
    assert_eq!(browser.storage_state(), json!({ "cookies": [], "origins": [] }));
}

#[tokio::test]
async fn debug_output_hides_the_values_of_cookies() {
    let browser = Browser::of(app());
    browser.get("/set?cookie=n%3Dthe-value").await;
    browser.get("/").await;
    let debug = format!("{browser:?} {:?}", browser.cookies());
    assert!(!debug.contains("the-value"), "{debug}");
}

/// Shows the query of the callback, and where the request came from.
async fn callback(RawQuery(query): RawQuery, headers: HeaderMap) -> impl IntoResponse {
    let site = headers["sec-fetch-site"].to_str().unwrap().to_owned();
    format!("{site} {}", query.unwrap_or_default())
}

#[tokio::test]
async fn a_sign_in_leads_to_the_provider_and_back() {
    let provider = TestProvider::builder().user(User::new("grace")).start().await;
    let url = url::Url::parse_with_params(
        &provider.url(logto_testing::Endpoint::Authorization),
        [
            ("client_id", provider.app_id()),
            ("redirect_uri", DEFAULT_REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "s"),
        ],
    );
    let url = url.unwrap().to_string();
    let app = Router::new()
        .route("/sign-in", post(|| async move { Redirect::to(&url) }))
        .route("/callback", get(callback));
    let browser = Browser::of(app).with_provider(&provider);
    let page = browser.post_form("/sign-in", []).await;
    assert!(page.body().starts_with("cross-site code="), "{}", page.body());
    assert!(page.url().starts_with(DEFAULT_REDIRECT_URI));
    assert_eq!(page.redirects().count(), 2);
    let script = browser.fetch("/sign-in").form([]).await;
    assert_eq!(
        script.status(),
        StatusCode::SEE_OTHER,
        "a script does not leave the app"
    );
}

#[tokio::test]
async fn a_provider_in_memory_listens_at_no_address() {
    let provider = TestProvider::builder()
        .user(User::new("grace"))
        .in_memory("https://tenant.logto.example");
    assert_eq!(provider.issuer(), "https://tenant.logto.example/oidc");
    let browser = Browser::of(provider.router()).at(provider.public_endpoint());
    let metadata: Value = browser.get("/oidc/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["issuer"], provider.issuer());
}
