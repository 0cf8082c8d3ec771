//! Sign-out from the app and from the provider.

use axum::{
    Router,
    body::Body,
    routing::{get, post},
};
use http::StatusCode;
use logto_axum::{AuthSession, Diagnose as _, SessionError, SignOutOptions, WebConfig};
use logto_testing::{Endpoint, HttpFault, TestProvider, User};

use crate::{
    app::{App, BASE, SESSION},
    backchannel_logout::{during_a_refresh, provider, until_anonymous},
    faulty_store::FaultyStore,
};

const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn sign_out_ends_the_session_the_grant_and_the_providers_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.post("/sign-out", "").await;
    assert!(!browser.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    let url = answer.location();
    assert!(!url.contains("id_token_hint") && url.contains("client_id=app"), "{url}");
    assert_eq!(app.provider.end_session(&url).await, format!("{BASE}/"));
    assert_eq!(app.provider.browser_user(), None);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

/// Proxies limit a request line to 8 kB by default, and an ID token can be larger.
#[tokio::test]
async fn the_sign_out_url_does_not_grow_with_the_id_token() {
    let mut lengths = Vec::new();
    for length in [3, 3000] {
        let ada = User::new("ada").with_name(&"Ada".repeat(length / 3));
        let provider = TestProvider::builder().client("app", "secret").user(ada).start().await;
        let app = App::with(provider, |web| web);
        let browser = app.signed_in("ada").await;
        lengths.push(browser.post("/sign-out", "").await.location().len());
    }
    assert_eq!(lengths[0], lengths[1]);
    assert!(lengths[0] < 200, "{lengths:?}");
}

#[tokio::test]
async fn the_id_token_hint_is_sent_if_requested() {
    let leave = async |session: AuthSession| {
        let options = SignOutOptions::default().with_id_token_hint(true);
        session.sign_out(options).await
    };
    let app = App::start().await;
    let leave = Router::new().route("/leave", post(leave)).layer(app.logto.layer());
    let app = app.map_router(|router| router.merge(leave));
    let browser = app.signed_in("ada").await;
    let url = browser.post("/leave", "").await.body;
    assert!(
        url.contains("id_token_hint=ey") && url.contains("client_id=app"),
        "{url}"
    );
    assert_eq!(app.provider.end_session(&url).await, format!("{BASE}/"));
}

#[tokio::test]
async fn the_removal_has_the_attributes_of_the_cookie() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.post("/sign-out", "").await;
    let removal = answer
        .cookies
        .iter()
        .find(|cookie| cookie.starts_with(SESSION))
        .unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=0"] {
        assert!(removal.contains(attribute), "{attribute} in {removal}");
    }
}

#[tokio::test]
async fn a_copied_cookie_does_not_work_after_sign_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow().clone();
    browser.post("/sign-out", "").await;
    for _ in 0..14 {
        assert_eq!(app.browser_with(copy.clone()).get("/").await.body, "anonymous");
        app.provider.clock().advance(DAY);
    }
}

#[tokio::test]
async fn a_copied_cookie_from_before_the_store_does_not_work_after_sign_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow().clone();
    let store = FaultyStore::default();
    let with_store = |web: WebConfig| web.with_store(store.clone());
    let (app, other) = (app.second_instance(with_store), app.second_instance(with_store));
    app.browser_with(copy.clone()).post("/sign-out", "").await;
    assert_eq!(other.browser_with(copy).get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_copied_cookie_does_not_work_after_the_next_sign_in() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow().clone();
    app.provider.sign_in_as("bob");
    browser.sign_in("/").await;
    let other = app.second_instance(|web| web);
    assert_eq!(app.browser_with(copy.clone()).get("/").await.body, "anonymous");
    assert_eq!(
        other.browser_with(copy).get("/").await.body,
        "active",
        "the two instances share no deny list"
    );
}

/// Two instances of one app: with a shared deny list, and with a shared store.
pub(crate) async fn two_instances() -> [(App, App); 2] {
    type Put = fn(WebConfig, FaultyStore) -> WebConfig;
    let put: [Put; 2] = [
        |web, store| web.with_deny_list(store),
        |web, store| web.with_store(store),
    ];
    let mut apps = Vec::new();
    for put in put {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let other = app.second_instance(|web| put(web, store));
        apps.push((app, other));
    }
    apps.try_into().ok().unwrap()
}

#[tokio::test]
async fn sign_out_on_one_instance_signs_out_on_all() {
    for (app, other) in two_instances().await {
        let browser = app.signed_in("ada").await;
        let copy = browser.cookies.borrow().clone();
        assert_eq!(other.browser_with(copy.clone()).get("/").await.body, "active");
        browser.post("/sign-out", "").await;
        assert_eq!(other.browser_with(copy).get("/").await.body, "anonymous");
    }
}

/// The refresh starts before the sign-out, and its response arrives afterwards. The cookie that it
/// sets is not accepted.
#[tokio::test]
async fn a_response_in_flight_does_not_resurrect_the_session_on_any_instance() {
    for (app, other) in two_instances().await {
        for slow in [&app, &other] {
            let browser = app.signed_in("ada").await;
            let cookies = browser.cookies.borrow().clone();
            let late = slow.browser_with(cookies);
            during_a_refresh(slow, &late, || async {
                browser.post("/sign-out", "").await;
            })
            .await;
            for app in [&app, &other] {
                let cookies = late.cookies.borrow().clone();
                assert_eq!(app.browser_with(cookies).get("/").await.body, "anonymous");
            }
        }
    }
}

#[tokio::test]
async fn a_sign_out_of_this_app_only_keeps_the_providers_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow().clone();
    let answer = browser.post("/sign-out", "this_app_only=true").await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    assert!(!browser.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    assert!(app.provider.browser_user().is_some());
    assert_eq!(app.browser_with(copy).get("/").await.body, "anonymous");
}

#[tokio::test]
async fn an_invalid_form_also_signs_out_at_the_provider() {
    for form in ["this_app_only=perhaps", "this_app_only=false", "%ff"] {
        let app = App::start().await;
        let browser = app.signed_in("ada").await;
        let url = browser.post("/sign-out", form).await.location();
        assert!(url.starts_with(&app.provider.url(Endpoint::EndSession)), "{url}");
        assert!(!browser.has(SESSION));
    }
}

#[tokio::test]
async fn a_sign_out_fails_while_the_store_is_down_and_can_be_retried() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    let answer = browser.post("/sign-out", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.body.contains("store_unavailable") && !answer.headers.contains_key("location"),
        "{answer:?}"
    );
    assert!(browser.has(SESSION));
    store.set_down(false);
    browser.post("/sign-out", "").await;
    assert!(!browser.has(SESSION));
}

#[tokio::test]
async fn sign_out_removes_the_cookie_while_the_deny_list_is_down() {
    let list = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_deny_list(list.clone()));
    let browser = app.signed_in("ada").await;
    list.set_down(true);
    let answer = browser.post("/sign-out", "").await;
    let end_session = app.provider.url(Endpoint::EndSession);
    assert!(answer.location().starts_with(&end_session), "{answer:?}");
    assert!(!browser.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
}

#[tokio::test]
async fn a_copied_cookie_does_not_work_after_a_sign_out_during_a_deny_list_outage() {
    let list = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_deny_list(list.clone()));
    let other = app.second_instance(|web| web.with_deny_list(list.clone()));
    let browser = app.signed_in("ada").await;
    let copies = [&app, &other].map(|app| app.browser_with(browser.cookies.borrow().clone()));
    list.set_down(true);
    browser.post("/sign-out", "").await;
    list.set_down(false);
    // Longer than the process itself remembers sign-outs.
    app.provider.clock().advance(600);
    assert_eq!(copies[0].get("/").await.body, "anonymous");
    until_anonymous(&copies[1], &list).await;
}

#[tokio::test]
async fn sign_out_ends_the_session_although_the_revocation_fails() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Revocation));
    browser.post("/sign-out", "").await;
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn the_script_for_other_tabs_is_public_and_sets_no_cookie() {
    let app = App::start().await;
    let answer = app.signed_in("ada").await.get("/logto-session.js").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "public, max-age=3600");
    assert!(
        answer.cookies.is_empty() && answer.body.contains("BroadcastChannel"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn apps_on_one_origin_use_different_broadcast_channels() {
    let provider = async |app_id| TestProvider::builder().client(app_id, "secret").start().await;
    let mut channels = Vec::new();
    for (app_id, base_url) in [("app", BASE), ("app", "http://localhost:3000/b"), ("other", BASE)] {
        let app = App::with(provider(app_id).await, |web| web.with_base_url(base_url));
        let script = app.browser().get("/logto-session.js").await.body;
        let (_, rest) = script.split_once("new BroadcastChannel(\"").unwrap();
        channels.push(rest.split_once("\")").unwrap().0.to_owned());
    }
    assert_eq!(channels, ["logto_app /", "logto_app /b", "logto_other /"]);
}

#[tokio::test]
async fn signing_out_twice_succeeds() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    browser.post("/sign-out", "").await;
    let url = browser.post("/sign-out", "").await.location();
    assert_eq!(app.provider.end_session(&url).await, format!("{BASE}/"));
    let answer = browser.post("/sign-out", "this_app_only=true").await;
    assert_eq!(answer.location(), format!("{BASE}/"));
}

#[tokio::test]
async fn a_sign_out_after_the_session_expired_ends_the_providers_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(15 * DAY);
    assert_eq!(browser.get("/").await.body, "anonymous");
    let url = browser.post("/sign-out", "").await.location();
    assert!(url.contains("client_id=app"), "{url}");
    assert_eq!(app.provider.end_session(&url).await, format!("{BASE}/"));
    assert_eq!(app.provider.browser_user(), None);
}

/// Cookies and redirects can no longer be sent.
#[tokio::test]
async fn a_sign_out_while_the_response_streams_fails_and_keeps_the_session() {
    async fn late(session: AuthSession) -> Body {
        Body::from_stream(futures_util::stream::once(async move {
            let signed_out = session.sign_out(SignOutOptions::default()).await;
            let redirected = session.redirect_to_sign_out(SignOutOptions::default()).await;
            let code = |error: SessionError| error.code();
            Ok::<_, std::convert::Infallible>(format!(
                "{} {}",
                signed_out.map_or_else(code, |_| "signed out"),
                redirected.map_or_else(code, |()| "signed out")
            ))
        }))
    }
    for stored in [false, true] {
        let provider = provider().await;
        let app = App::with(provider, |web| {
            if stored {
                web.with_store(FaultyStore::default())
            } else {
                web
            }
        });
        let late = Router::new().route("/late", get(late)).layer(app.logto.layer());
        let app = app.map_router(|router| router.merge(late));
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get("/late").await.body, "response_started response_started");
        assert_eq!(browser.get("/").await.body, "active");
        assert_eq!(app.provider.requests(Endpoint::Revocation), 0);
    }
}
