//! The hook that runs when a user signs out.

use std::{future::pending, sync::Arc};

use logto_axum::WebConfig;
use logto_testing::Endpoint;
use tokio::sync::oneshot;

use super::{channel, hanging, while_time_passes, with_store};
use crate::{
    app::{App, SESSION},
    faulty_store::FaultyStore,
};

#[tokio::test]
async fn the_hook_gets_the_session_that_has_ended() {
    let (sender, mut events) = channel();
    let app = App::configured(|web| {
        web.with_on_sign_out(move |event| {
            sender.send(event).unwrap();
            async { Ok(()) }
        })
    })
    .await;
    app.browser().post("/sign-out", "").await;
    let browser = app.signed_in("ada").await;
    browser.post("/sign-out", "").await;
    let event = events.recv().await.unwrap();
    assert_eq!((event.user_id(), event.claims().sub.as_str()), ("usr_ada", "usr_ada"));
    assert!(event.session().refresh_token().is_some());
    assert_eq!(format!("{event:?}"), r#"SignOutEvent { user_id: "usr_ada", .. }"#);
    assert!(events.try_recv().is_err(), "a sign-out without a session has no event");
}

#[tokio::test]
async fn neither_an_error_nor_a_panic_of_the_hook_prevents_the_sign_out() {
    let failing: [fn(WebConfig) -> WebConfig; 2] = [
        |web| web.with_on_sign_out(|_| async { Err("no connection".into()) }),
        |web| web.with_on_sign_out(|event| async move { panic!("about {}", event.user_id()) }),
    ];
    for fail in failing {
        let app = App::configured(fail).await;
        let browser = app.signed_in("ada").await;
        let answer = browser.post("/sign-out", "").await;
        assert!(answer.location().starts_with(app.provider.endpoint()), "{answer:?}");
        assert!(!browser.has(SESSION));
        assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    }
}

#[tokio::test]
async fn a_hook_that_hangs_does_not_prevent_the_sign_out() {
    for hang in [
        |web: WebConfig| web.with_on_sign_out(|_| pending()),
        hanging as fn(WebConfig) -> WebConfig,
    ] {
        let app = App::configured(hang).await;
        let browser = app.signed_in("ada").await;
        let clock = app.provider.clock();
        let answer = while_time_passes(clock, browser.post("/sign-out", "")).await;
        assert!(answer.location().starts_with(app.provider.endpoint()), "{answer:?}");
        assert!(!browser.has(SESSION));
    }
}

#[tokio::test]
async fn a_sign_out_is_final_before_the_hook_runs() {
    for store in [None, Some(FaultyStore::default())] {
        let (started, mut hooks) = channel();
        let app = App::configured(|web| {
            with_store(web, store).with_on_sign_out(move |_| {
                started.send(()).unwrap();
                pending()
            })
        })
        .await;
        let browser = app.signed_in("ada").await;
        let copy = app.browser_with(browser.cookies.borrow().clone());
        tokio::select! {
            answer = browser.post("/sign-out", "") => panic!("{answer:?}"),
            _ = hooks.recv() => {}
        }
        assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
        assert_eq!(copy.get("/").await.body, "anonymous");
    }
}

#[tokio::test]
async fn a_sign_out_continues_after_the_browser_has_closed_the_connection() {
    let (sender, mut hooks) = channel();
    let store = FaultyStore::default();
    let app = App::configured(|web| {
        web.with_deny_list(store.clone()).with_on_sign_out(move |_| {
            sender.send(()).unwrap();
            async { Ok(()) }
        })
    })
    .await;
    let provider = Arc::clone(&app.provider);
    let browser = app.signed_in("ada").await;
    let ((started, has_started), (resume, resumed)) = (oneshot::channel(), oneshot::channel());
    *store.pause_next_save.lock().unwrap() = Some((started, resumed));
    tokio::select! {
        answer = browser.post("/sign-out", "") => panic!("{answer:?}"),
        has_started = has_started => has_started.unwrap(),
    }
    let copy = app.second_instance(|web| web.with_deny_list(store.clone()));
    let cookies = browser.cookies.borrow().clone();
    drop(browser);
    drop(app);
    let _ = resume.send(());
    assert_eq!(hooks.recv().await, Some(()), "the hook runs");
    assert_eq!(provider.requests(Endpoint::Revocation), 1);
    assert_eq!(copy.browser_with(cookies).get("/").await.body, "anonymous");
}
