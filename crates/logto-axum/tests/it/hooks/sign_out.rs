//! The hook that runs when a user signs out.

use std::future::pending;

use logto_axum::WebConfig;
use logto_testing::Endpoint;

use super::{channel, hanging};
use crate::app::{App, SESSION};

#[tokio::test]
async fn the_hook_gets_the_session_before_its_refresh_token_is_revoked() {
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
        let (answer, ()) = tokio::join!(browser.post("/sign-out", ""), clock.end_sleep());
        assert!(answer.location().starts_with(app.provider.endpoint()), "{answer:?}");
        assert!(!browser.has(SESSION));
    }
}
