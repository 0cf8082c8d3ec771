//! The names of the user's organizations: from userinfo at the sign-in, or from the ID token.

use axum::{Json, Router, routing::get};
use logto_axum::{AuthSession, RequireUser, SessionError, UserView, WebConfig};
use logto_testing::{CapturedLogs, Endpoint, HttpFault, Organization, TestProvider, User, UserInfoFault};
use serde_json::json;

use crate::{
    app::{App, BASE, Browser, SESSION},
    faulty_store::FaultyStore,
};

/// Responds with the user's view for the browser.
async fn view(user: RequireUser) -> Json<UserView> {
    Json(user.view())
}

/// An app that has added the user to an organization.
async fn refresh(session: AuthSession) -> Result<&'static str, SessionError> {
    session.refresh_organizations().await?;
    Ok("refreshed")
}

fn with_routes(app: App) -> App {
    let own = Router::new()
        .route("/view", get(view))
        .route("/refresh-organizations", get(refresh))
        .layer(app.logto.layer());
    app.map_router(|router| router.merge(own))
}

async fn app(change: impl FnOnce(WebConfig) -> WebConfig) -> App {
    let builder = TestProvider::builder().client("app", "secret");
    let initech = Organization::new("initech", "Initech");
    let provider = builder.organization(Organization::new("acme", "Acme Corporation"));
    let provider = provider.organization(Organization::new("globex", "Globex Corporation"));
    let provider = provider.organization(initech).start().await;
    with_routes(App::with_long_time_limit(provider, change))
}

/// Returns the names in the organization switcher.
async fn shown(browser: &Browser<'_>) -> Vec<String> {
    let view: UserView = serde_json::from_str(&browser.get("/view").await.body).unwrap();
    let organizations = view.organizations.iter();
    organizations.map(|it| it.display_name().to_owned()).collect()
}

const NAMES: [&str; 2] = ["Acme Corporation", "Globex Corporation"];
const IDS: [&str; 2] = ["acme", "globex"];

#[tokio::test]
async fn a_sign_in_requests_the_names_once_and_the_session_keeps_them() {
    for store in [None, Some(FaultyStore::default())] {
        let put = |web: WebConfig| match &store {
            Some(store) => web.with_store(store.clone()),
            None => web,
        };
        let app = app(put).await;
        let browser = app.signed_in("ada").await;
        assert_eq!(shown(&browser).await, NAMES);
        let other = with_routes(app.second_instance(put));
        let copy = other.browser_with(browser.cookies.borrow().clone());
        assert_eq!(shown(&copy).await, NAMES, "in another process");
        app.provider.clock().advance(3601);
        browser.post("/token", "").await;
        assert_eq!(shown(&browser).await, NAMES, "after a refresh");
        assert_eq!(app.provider.requests(Endpoint::UserInfo), 1);
    }
}

#[tokio::test]
async fn no_names_are_requested_if_they_are_not_needed() {
    let app = app(|web| web.with_organization_names(false)).await;
    assert_eq!(shown(&app.signed_in("ada").await).await, IDS);
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 0, "switched off");

    let app = self::app(|web| web).await;
    assert!(shown(&app.signed_in("bob").await).await.is_empty());
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 0, "no organizations");

    app.provider.tweak_id_token(|claims| {
        let data = json!([{ "id": "globex", "name": "Globex" }, { "id": "acme", "name": "Acme" }]);
        claims.insert("organization_data".into(), data);
    });
    assert_eq!(shown(&app.signed_in("ada").await).await, ["Acme", "Globex"]);
    assert_eq!(
        app.provider.requests(Endpoint::UserInfo),
        0,
        "the ID token has the names"
    );
}

/// The names are not worth a failed sign-in.
#[tokio::test]
async fn a_sign_in_without_userinfo_shows_the_ids() {
    for fault in [
        HttpFault::Status(500).at(Endpoint::UserInfo),
        HttpFault::InvalidJson.at(Endpoint::UserInfo),
        UserInfoFault::SubjectOther.into(),
        UserInfoFault::Unauthorized.into(),
        UserInfoFault::claims(|claims| drop(claims.remove("organization_data"))).into(),
    ] {
        let app = app(|web| web).await;
        app.provider.fault(fault.clone());
        let (logs, _guard) = CapturedLogs::of_this_thread();
        let browser = app.signed_in("ada").await;
        assert!(browser.has(SESSION), "{fault:?}");
        assert_eq!(shown(&browser).await, IDS, "{fault:?}");
        let is_warned = logs.text().contains("ids in place of the names of organizations");
        let answers = matches!(fault, logto_testing::Fault::UserInfo(UserInfoFault::Claims(_)));
        assert_eq!(is_warned, !answers, "{fault:?} {}", logs.text());
    }
}

#[tokio::test]
async fn a_sign_in_waits_for_the_names_for_two_seconds() {
    let builder = TestProvider::builder().client("app", "secret");
    let app = with_routes(App::with_long_time_limit(builder.start().await, |web| web));
    app.provider.sign_in_as("ada");
    app.provider.fault(HttpFault::Hang.at(Endpoint::UserInfo));
    let (browser, clock) = (app.browser(), app.provider.clock());
    let started = clock.now();
    let (answer, ()) = tokio::join!(browser.sign_in("/me"), clock.end_sleep());
    assert_eq!(answer.location(), format!("{BASE}/me"));
    assert_eq!(clock.now(), started + 2);
    assert_eq!(shown(&browser).await, IDS);
}

/// Cookies have little space, and names must not make a sign-in fail.
#[tokio::test]
async fn names_that_do_not_fit_are_left_out() {
    for store in [None, Some(FaultyStore::default())] {
        let stored = store.is_some();
        let put = |web: WebConfig| match store {
            Some(store) => web.with_store(store),
            None => web,
        };
        let ids: Vec<_> = (100..150).map(|number| format!("organization{number}")).collect();
        let mut builder = TestProvider::builder().client("app", "secret");
        let mut user = User::new("heavy");
        for id in &ids {
            builder = builder.organization(Organization::new(id, &format!("The company {id}")));
            user = user.with_organization(id.as_str());
        }
        let app = with_routes(App::with_long_time_limit(builder.user(user).start().await, put));
        let browser = app.signed_in("heavy").await;
        let shown = shown(&browser).await;
        let named = shown.iter().filter(|name| name.starts_with("The company")).count();
        // A name takes 27 bytes, its id 15, and their punctuation 6.
        assert_eq!((shown.len(), named), (50, if stored { 50 } else { 512 / 48 }));
    }
}

#[tokio::test]
async fn the_app_can_request_the_organizations_again() {
    for store in [None, Some(FaultyStore::default())] {
        let put = |web: WebConfig| match store {
            Some(store) => web.with_store(store),
            None => web,
        };
        let app = app(put).await;
        let browser = app.signed_in("ada").await;
        app.provider
            .update_user("ada", |user| *user = user.clone().with_organization("initech"));
        assert_eq!(shown(&browser).await, NAMES);
        assert_eq!(browser.get("/refresh-organizations").await.body, "refreshed");
        assert_eq!(shown(&browser).await, [NAMES[0], NAMES[1], "Initech"]);

        app.provider.tweak_id_token(|claims| {
            let data = json!([{ "id": "acme", "name": "Acme" }]);
            claims.insert("organization_data".into(), data);
        });
        app.provider.clear_log();
        assert_eq!(browser.get("/refresh-organizations").await.body, "refreshed");
        assert_eq!(shown(&browser).await[0], "Acme");
        assert_eq!(
            app.provider.requests(Endpoint::UserInfo),
            0,
            "the ID token has the names"
        );
    }
    let app = app(|web| web).await;
    assert_eq!(app.browser().get("/refresh-organizations").await.status, 401);
}

#[tokio::test]
async fn the_app_can_name_organizations_itself() {
    let name = |web: WebConfig| {
        web.with_organization_names(false)
            .with_user_view(|_, view| view.with_organization_name("globex", "Our best customer"))
    };
    let app = app(name).await;
    assert_eq!(shown(&app.signed_in("ada").await).await, ["acme", "Our best customer"]);
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 0);
}

/// A page compares ids to notice that another user has signed in.
#[tokio::test]
async fn the_app_cannot_remove_the_id_of_the_user() {
    let without_id = |web: WebConfig| {
        web.with_user_view(|_, mut view| {
            view.id.clear();
            view
        })
    };
    let app = app(without_id).await;
    let browser = app.signed_in("ada").await;
    let view: UserView = serde_json::from_str(&browser.get("/view").await.body).unwrap();
    assert!(!view.id.is_empty());
}
