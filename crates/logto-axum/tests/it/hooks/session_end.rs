//! The hook that runs after sessions have ended, and ending them from code of the app.

use std::sync::atomic::Ordering;

use logto_axum::{Diagnose as _, SessionEndEvent, SessionEndReason, SessionId, WebConfig};
use logto_testing::TestProvider;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::{channel, hanging, with_store};
use crate::{
    app::{App, SESSION},
    backchannel_logout::{assert_accepted, provider},
    faulty_store::FaultyStore,
};

fn reporting(web: WebConfig, sender: UnboundedSender<SessionEndEvent>) -> WebConfig {
    web.with_on_session_end(move |event| {
        sender.send(event).unwrap();
        async { Ok(()) }
    })
}

/// Apps with sessions in cookies and in a store, and their events.
async fn apps() -> [(App, UnboundedReceiver<SessionEndEvent>); 2] {
    [
        app(provider().await, |web| web),
        app(provider().await, |web| web.with_store(FaultyStore::default())),
    ]
}

fn app(
    provider: TestProvider,
    change: impl FnOnce(WebConfig) -> WebConfig,
) -> (App, UnboundedReceiver<SessionEndEvent>) {
    let (sender, events) = channel();
    (App::with(provider, |web| reporting(change(web), sender)), events)
}

#[tokio::test]
async fn the_hook_learns_of_a_sign_out_and_of_the_next_sign_in() {
    for (app, mut events) in apps().await {
        let browser = app.signed_in("ada").await;
        app.provider.sign_in_as("bob");
        browser.sign_in("/").await;
        let event = events.recv().await.unwrap();
        assert_eq!(
            (event.reason(), event.user_id()),
            (SessionEndReason::Replaced, Some("usr_ada"))
        );
        assert!(event.provider_session_id().is_some());
        assert_eq!(event.session_id(), event.session().map(logto_axum::Session::id));
        browser.post("/sign-out", "").await;
        let event = events.recv().await.unwrap();
        assert_eq!(
            (event.reason(), event.user_id()),
            (SessionEndReason::SignOut, Some("usr_bob"))
        );
        assert_eq!(
            format!("{event:?}"),
            r#"SessionEndEvent { reason: SignOut, user_id: Some("usr_bob"), .. }"#
        );
    }
}

#[tokio::test]
async fn the_hook_learns_of_a_back_channel_logout_once() {
    for (app, mut events) in apps().await {
        app.signed_in("ada").await;
        let sid = app.provider.sid().unwrap();
        let token = app.provider.logout_token(Some("usr_ada"), Some(&sid), |_| {});
        assert_accepted(&app.deliver(&token).await);
        app.deliver(&token).await;
        app.deliver("forged").await;
        let event = events.recv().await.unwrap();
        assert_eq!(event.reason(), SessionEndReason::BackChannelLogout);
        assert_eq!(
            (event.user_id(), event.provider_session_id()),
            (Some("usr_ada"), Some(&*sid))
        );
        drop(app);
        assert!(
            events.recv().await.is_none(),
            "neither a replay nor a forgery is an event"
        );
    }
}

#[tokio::test]
async fn the_hook_learns_that_the_grant_has_ended_at_the_provider() {
    for (app, mut events) in apps().await {
        let browser = app.signed_in("ada").await;
        app.provider.revoke_grants("ada");
        app.provider.clock().advance(3601);
        for _ in 0..3 {
            browser.get("/id-token").await;
            assert_eq!(browser.get("/").await.body, "sign_in_needed");
        }
        let event = events.recv().await.unwrap();
        assert_eq!(
            (event.reason(), event.user_id()),
            (SessionEndReason::Revoked, Some("usr_ada"))
        );
        drop(browser);
        drop(app);
        assert!(events.recv().await.is_none(), "one refresh, one event");
    }
}

#[tokio::test]
async fn the_app_ends_all_sessions_of_a_user_and_later_sign_ins_are_not_affected() {
    for (app, mut events) in apps().await {
        let (phone, laptop) = (app.signed_in("ada").await, app.signed_in("ada").await);
        let other = app.signed_in("bob").await;
        app.logto.end_sessions_of("usr_ada").await.unwrap();
        assert_eq!(phone.get("/").await.body, "anonymous");
        assert_eq!(laptop.get("/").await.body, "anonymous");
        assert_eq!(other.get("/").await.body, "active");
        let event = events.recv().await.unwrap();
        assert_eq!(
            (event.reason(), event.user_id()),
            (SessionEndReason::EndedByApp, Some("usr_ada"))
        );
        let again = app.signed_in("ada").await;
        assert_eq!(
            again.get("/").await.body,
            "active",
            "at the same session of the provider"
        );
    }
}

#[tokio::test]
async fn the_app_ends_one_session_by_its_id() {
    for store in [None, Some(FaultyStore::default())] {
        let (sender, mut ids) = channel();
        let (ended, mut events) = channel();
        let app = App::configured(|web| {
            reporting(with_store(web, store), ended).with_on_sign_in(move |event| {
                sender.send(event.session_id().to_text()).unwrap();
                async { Ok(()) }
            })
        })
        .await;
        let (phone, laptop) = (app.signed_in("ada").await, app.signed_in("ada").await);
        let phone_id = SessionId::from_text(&ids.recv().await.unwrap()).unwrap();
        app.logto.end_session(phone_id).await.unwrap();
        assert_eq!(phone.get("/").await.body, "anonymous");
        assert!(!phone.has(SESSION));
        assert_eq!(laptop.get("/").await.body, "active");
        let event = events.recv().await.unwrap();
        assert_eq!(
            (event.reason(), event.session_id()),
            (SessionEndReason::EndedByApp, Some(phone_id))
        );
    }
}

/// How the app ends the sessions of a browser.
#[derive(Clone, Copy, Debug)]
enum Ended {
    OfUser,
    ById,
}

/// Ends the session of Ada while the store fails. Returns the code of the error.
async fn end_without_store(app: &App, ids: &mut UnboundedReceiver<SessionId>, how: Ended) -> String {
    let result = match how {
        Ended::OfUser => app.logto.end_sessions_of("usr_ada").await,
        Ended::ById => app.logto.end_session(ids.recv().await.unwrap()).await,
    };
    result.unwrap_err().code().to_owned()
}

/// An app that reports the ids of its sessions, and their ends.
async fn reporting_app(
    change: impl FnOnce(WebConfig) -> WebConfig,
) -> (App, UnboundedReceiver<SessionId>, UnboundedReceiver<SessionEndEvent>) {
    let ((began, ids), (ended, events)) = (channel(), channel());
    let app = App::configured(|web| {
        reporting(change(web), ended).with_on_sign_in(move |event| {
            began.send(event.session_id()).unwrap();
            async { Ok(()) }
        })
    });
    (app.await, ids, events)
}

#[tokio::test]
async fn a_session_ends_in_this_process_while_the_store_is_down_and_the_app_learns_of_it() {
    for how in [Ended::OfUser, Ended::ById] {
        for is_in_store in [false, true] {
            let store = FaultyStore::default();
            let (app, mut ids, mut events) = reporting_app(|web| {
                if is_in_store {
                    web.with_store(store.clone())
                } else {
                    web.with_deny_list(store.clone())
                }
            })
            .await;
            let browser = app.signed_in("ada").await;
            store.set_down(true);
            assert_eq!(end_without_store(&app, &mut ids, how).await, "store_unavailable");
            store.set_down(false);
            assert_eq!(browser.get("/").await.body, "anonymous", "{how:?} {is_in_store}");
            drop(browser);
            drop(app);
            let event = events.recv().await.expect("an event");
            assert_eq!(event.reason(), SessionEndReason::EndedByApp, "{how:?} {is_in_store}");
        }
    }
}

#[tokio::test]
async fn a_session_is_deleted_from_the_store_even_if_the_deny_list_cannot_be_written() {
    for how in [Ended::OfUser, Ended::ById] {
        let store = FaultyStore::default();
        let (app, mut ids, _) = reporting_app(|web| web.with_store(store.clone())).await;
        let browser = app.signed_in("ada").await;
        let elsewhere = app.second_instance(|web| web.with_store(store.clone()));
        let copy = elsewhere.browser_with(browser.cookies.borrow().clone());
        store.fail_saves.store(true, Ordering::SeqCst);
        assert_eq!(end_without_store(&app, &mut ids, how).await, "store_unavailable");
        assert_eq!(copy.get("/").await.body, "anonymous", "{how:?}");
    }
}

#[tokio::test]
async fn no_response_waits_for_the_hook() {
    let app = App::with(provider().await, |web| {
        hanging(web).with_on_sign_out(|_| async { Ok(()) })
    });
    let browser = app.signed_in("ada").await;
    let token = app.provider.logout_token(Some("usr_ada"), None, |_| {});
    assert_accepted(&app.deliver(&token).await);
    browser.sign_in("/").await;
    browser.post("/sign-out", "").await;
    assert!(!browser.has(SESSION));
}
