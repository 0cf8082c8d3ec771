//! Users join or leave an organization.

use std::sync::atomic::Ordering;

use axum::{Router, routing::get};
use http::StatusCode;
use logto_axum::{MembershipReaction, WebConfig, WebhookConfig, organization};
use logto_testing::{Endpoint, HttpFault, Membership, TestProvider, TestWebhook};

use super::{KEY, assert_accepted, cookie_and_store_apps, provider, with_webhooks};
use crate::{
    app::{App, Browser},
    backchannel_logout::during_a_refresh,
    faulty_store::FaultyStore,
};

fn reacting(reaction: MembershipReaction) -> impl Fn(WebConfig) -> WebConfig {
    move |web| web.with_webhooks(WebhookConfig::new([KEY.into()]).with_membership_reaction(reaction))
}

/// Removes Ada from all organizations. The browser has an ID token and a token for `acme`.
async fn leave(app: &App, browser: &Browser<'_>) {
    assert_eq!(token(browser).await, StatusCode::OK);
    assert_eq!(organizations(browser).await, "acme globex");
    app.provider.update_user("ada", |user| user.memberships.clear());
    app.provider.clear_log();
}

async fn organizations(browser: &Browser<'_>) -> String {
    browser.get("/organizations").await.body
}

async fn token(browser: &Browser<'_>) -> StatusCode {
    browser.get("/token-for?organization=acme").await.status
}

fn left() -> TestWebhook {
    TestWebhook::membership_updated("acme", &[], &["usr_ada", "usr_carol"])
}

#[tokio::test]
async fn a_user_who_leaves_an_organization_loses_its_claims_and_tokens_at_once() {
    for app in cookie_and_store_apps(with_webhooks).await {
        let browser = app.signed_in("ada").await;
        leave(&app, &browser).await;
        let other = app.signed_in("bob").await;
        app.provider.clear_log();
        assert_eq!(token(&browser).await, StatusCode::OK, "the cached token");
        assert_accepted(&app.receive(left()).await);
        assert_ne!(token(&browser).await, StatusCode::OK);
        assert_eq!(organizations(&browser).await, "");
        assert_eq!(browser.get("/").await.body, "active");
        let requests = app.provider.requests(Endpoint::Token);
        for _ in 0..3 {
            assert_eq!(organizations(&browser).await, "");
            assert_eq!(organizations(&other).await, "");
        }
        assert_eq!(
            app.provider.requests(Endpoint::Token),
            requests,
            "claims are refreshed once"
        );
    }
}

#[tokio::test]
async fn a_user_who_joins_an_organization_has_it_at_once() {
    for app in cookie_and_store_apps(with_webhooks).await {
        let browser = app.signed_in("bob").await;
        assert_eq!(organizations(&browser).await, "");
        app.provider
            .update_user("bob", |user| user.memberships.push(Membership::of("globex")));
        assert_eq!(organizations(&browser).await, "");
        assert_accepted(
            &app.receive(TestWebhook::membership_updated("globex", &["usr_bob"], &[]))
                .await,
        );
        assert_eq!(organizations(&browser).await, "globex");
    }
}

#[tokio::test]
async fn sessions_end_or_continue_as_configured() {
    for (reaction, state) in [
        (MembershipReaction::EndSessions, "anonymous"),
        (MembershipReaction::Ignore, "active"),
    ] {
        for app in cookie_and_store_apps(reacting(reaction)).await {
            let (browser, other) = (app.signed_in("ada").await, app.signed_in("bob").await);
            let webhook = TestWebhook::membership_updated("acme", &["usr_bob"], &["usr_ada"]);
            assert_accepted(&app.receive(webhook).await);
            assert_eq!(browser.get("/").await.body, state, "{reaction:?}");
            assert_eq!(other.get("/").await.body, "active", "who has joined stays signed in");
        }
    }
}

#[tokio::test]
async fn a_later_sign_in_needs_no_refresh() {
    for app in cookie_and_store_apps(with_webhooks).await {
        assert_accepted(&app.receive(left()).await);
        let browser = app.signed_in("ada").await;
        app.provider.clear_log();
        assert_eq!(browser.get("/").await.body, "active");
        assert_eq!(organizations(&browser).await, "acme globex");
        assert_eq!(app.provider.requests(Endpoint::Token), 0);
    }
}

#[tokio::test]
async fn every_process_that_shares_the_sessions_refreshes_the_claims() {
    for put in crate::backchannel_logout::RECORDS {
        let store = FaultyStore::default();
        let change = |web| put(with_webhooks(web), store.clone());
        let app = App::with(provider().await, change);
        let other = app.second_instance(change);
        let browser = app.signed_in("ada").await;
        let elsewhere = other.browser_with(browser.cookies.borrow().clone());
        leave(&app, &elsewhere).await;
        assert_accepted(&app.receive(left()).await);
        assert_eq!(organizations(&elsewhere).await, "");
    }
}

/// The claims of before must not decide while the current ones are unknown.
#[tokio::test]
async fn an_outdated_membership_allows_nothing_while_the_provider_is_down() {
    for app in cookie_and_store_apps(with_webhooks).await {
        let guarded = Router::new()
            .route("/acme", get(|| async { "the data of acme" }))
            .layer(app.logto.require(organization("acme")))
            .layer(app.logto.layer());
        let app = app.map_router(|router| router.merge(guarded));
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get("/acme").await.body, "the data of acme");
        leave(&app, &browser).await;
        assert_accepted(&app.receive(left()).await);
        app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
        app.provider.fault(HttpFault::Status(503).at(Endpoint::UserInfo));
        let answer = browser.get("/acme").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
        assert_ne!(token(&browser).await, StatusCode::OK);
        assert_eq!(browser.get("/").await.body, "stale", "the user stays signed in");
        app.provider.clear_faults();
        app.provider.clock().advance(60);
        assert_eq!(browser.get("/acme").await.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.get("/").await.body, "active");
    }
}

/// The tokens of a refresh that was requested before the event do not count as current.
#[tokio::test]
async fn a_refresh_in_flight_does_not_hide_the_event() {
    for put in crate::backchannel_logout::RECORDS {
        let store = FaultyStore::default();
        let provider = TestProvider::builder().client("app", "secret").start().await;
        let app = App::with_long_time_limit(provider, |web| put(with_webhooks(web), store.clone()));
        let browser = app.signed_in("ada").await;
        during_a_refresh(&app, &browser, || async {
            assert_accepted(&app.receive(left()).await);
        })
        .await;
        app.provider.update_user("ada", |user| user.memberships.clear());
        assert_eq!(organizations(&browser).await, "");
    }
}

#[tokio::test]
async fn no_request_of_a_session_takes_another_round_trip_to_the_store() {
    for put in crate::backchannel_logout::RECORDS {
        let reads = async |change: fn(WebConfig) -> WebConfig| {
            let store = FaultyStore::default();
            let app = App::with(provider().await, |web| put(change(web), store.clone()));
            let browser = app.signed_in("ada").await;
            browser.get("/").await;
            store.loads.store(0, Ordering::SeqCst);
            assert_eq!(browser.get("/").await.body, "active");
            store.loads.load(Ordering::SeqCst)
        };
        assert_eq!((reads(|web| web).await, reads(with_webhooks).await), (1, 1));
    }
}

#[tokio::test]
async fn an_event_without_members_is_accepted() {
    for reaction in [MembershipReaction::EndSessions, MembershipReaction::Refresh] {
        for app in cookie_and_store_apps(reacting(reaction)).await {
            let browser = app.signed_in("ada").await;
            // Logto before 1.40.
            assert_accepted(&app.receive(TestWebhook::membership_updated("acme", &[], &[])).await);
            app.provider.clear_log();
            assert_eq!(organizations(&browser).await, "acme globex");
            assert_eq!(app.provider.requests(Endpoint::Token), 0);
        }
    }
}
