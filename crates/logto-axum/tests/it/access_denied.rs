//! A user who has lost access to the application.

use std::sync::Arc;

use http::StatusCode;
use logto::session::store::MemoryStore;
use logto_testing::{Endpoint, TestProvider};

use crate::app::{App, Browser};

const HOUR: u64 = 3600;

/// Takes the user's access away, and lets the ID token expire so that it is refreshed.
pub(crate) fn lose_access(app: &App) {
    app.provider.update_user("ada", |user| user.access_denied = true);
    app.provider.clock().advance(HOUR + 1);
}

fn give_access_back(app: &App) {
    app.provider.update_user("ada", |user| user.access_denied = false);
}

async fn assert_denied(browser: &Browser<'_>) {
    let me = browser.get("/me").await;
    assert_eq!(
        (me.status, me.body.as_str()),
        (StatusCode::FORBIDDEN, "app_access_denied")
    );
    assert!(!me.headers.contains_key("location"), "a sign-in does not help");
    assert_eq!(browser.get("/").await.body, "access_denied");
    assert_eq!(browser.get("/id-token").await.body, "none");
    assert_eq!(browser.post("/token", "").await.body, "app_access_denied");
    let userinfo = browser.get("/claims").await;
    assert_eq!(
        (userinfo.status, userinfo.body.as_str()),
        (StatusCode::OK, "access_denied ")
    );
}

#[tokio::test]
async fn a_user_who_lost_access_is_denied_and_needs_no_sign_in_once_it_returns() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    lose_access(&app);
    app.provider.clear_log();
    for _ in 0..3 {
        assert_denied(&browser).await;
    }
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        1,
        "one refresh, not one per page"
    );

    give_access_back(&app);
    app.provider.clock().advance(5);
    assert_eq!(browser.get("/me").await.body, "usr_ada");
    assert_eq!(browser.get("/").await.body, "active");
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn another_instance_also_denies_a_user_who_lost_access() {
    for store in [None, Some(Arc::new(MemoryStore::default()))] {
        let with_store = |web: logto_axum::WebConfig| {
            store
                .clone()
                .into_iter()
                .fold(web, |web, store| web.with_shared_store(store))
        };
        let app = App::with(crate::stores::provider().await, with_store);
        let other = app.second_instance(with_store);
        let browser = app.signed_in("ada").await;
        lose_access(&app);
        assert_denied(&browser).await;
        app.provider.clear_log();
        let at_other = other.browser_with(browser.cookies.borrow().clone());
        assert_denied(&at_other).await;
        assert_eq!(
            app.provider.requests(Endpoint::Token),
            0,
            "the other instance also backs off"
        );
        give_access_back(&app);
        app.provider.clock().advance(5);
        assert_eq!(at_other.get("/me").await.body, "usr_ada");
    }
}

#[tokio::test]
async fn a_user_who_lost_access_can_sign_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    lose_access(&app);
    assert_denied(&browser).await;
    assert_eq!(browser.post("/sign-out", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

async fn assert_organizations_denied(browser: &Browser<'_>) {
    for path in ["/organizations", "/organization-tokens"] {
        let answer = browser.get(path).await;
        let answer = (answer.status, answer.body.as_str());
        assert_eq!(answer, (StatusCode::FORBIDDEN, "app_access_denied"), "{path}");
    }
}

/// Asking for a sign-in would start a redirect loop.
#[tokio::test]
async fn organizations_of_a_user_who_lost_access_are_denied_without_asking_for_a_sign_in() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/organizations").await.body, "acme globex");
    lose_access(&app);
    assert_organizations_denied(&browser).await;
}

#[tokio::test]
async fn organizations_from_userinfo_are_denied_when_the_refresh_reports_lost_access() {
    for path in ["/organizations", "/organization-tokens"] {
        let builder = TestProvider::builder().client("app", "secret");
        let builder = builder.without_id_token_claims(["organizations", "organization_roles"]);
        let app = App::with(builder.start().await, |web| web);
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get(path).await.body, "acme globex");
        // The ID token is still valid; the next token request reports the lost access.
        assert_eq!(browser.post("/clear", "").await.status, StatusCode::OK);
        app.provider.update_user("ada", |user| user.access_denied = true);
        let answer = browser.get(path).await;
        let answer = (answer.status, answer.body.as_str());
        assert_eq!(answer, (StatusCode::FORBIDDEN, "app_access_denied"), "{path}");
    }
}

#[tokio::test]
async fn a_refused_organization_token_leaves_the_user_signed_in() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    for _ in 0..3 {
        let refused = browser.get("/token-for?organization=initech").await;
        assert_eq!(
            (refused.status, refused.body.as_str()),
            (StatusCode::FORBIDDEN, "access_denied")
        );
    }
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        1,
        "one refresh, not one per page"
    );
    assert_eq!(browser.get("/").await.body, "active");
    assert_eq!(browser.get("/token-for?organization=acme").await.status, StatusCode::OK);
}
