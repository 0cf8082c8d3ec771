//! How acting ends.

use super::*;

#[tokio::test]
async fn acting_ends_when_the_exchanged_token_expires() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(600);
        act_as(&browser, "bob").await;
        app.provider.clock().advance(3599);
        assert!(acting(&browser).await.starts_with("Bob Reader until"));
        app.provider.clock().advance(1);
        assert_eq!(
            browser.get("/own").await.status,
            StatusCode::OK,
            "the session continues"
        );
        assert_not_acting(&browser).await;
        app.provider.clear_log();
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
        assert!(
            logged(&app, Endpoint::Revocation).is_empty(),
            "an expired token is not revoked"
        );
    }
}

#[tokio::test]
async fn acting_survives_a_refresh() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(3000);
        act_as(&browser, "bob").await;
        app.provider.clock().advance(601);
        assert!(browser.post("/token", "").await.body.ends_with("refreshed"));
        assert!(acting(&browser).await.starts_with("Bob Reader until"));
        assert!(browser.get("/token-as").await.body.starts_with(&id(&app, "bob")));
    }
}

#[tokio::test]
async fn acting_ends_with_a_sign_out_and_the_token_is_revoked() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        act_as(&browser, "bob").await;
        browser.post("/sign-out", "").await;
        let hints: Vec<_> = logged(&app, Endpoint::Revocation)
            .iter()
            .map(|request| request.params.get("token_type_hint").unwrap().to_owned())
            .collect();
        assert_eq!(hints, ["refresh_token", "access_token"]);
        app.provider.sign_in_as("ada");
        browser.sign_in("/").await;
        assert_not_acting(&browser).await;
    }
}

#[tokio::test]
async fn another_sign_in_begins_without_acting() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.sign_in_as("ada");
    browser.sign_in("/").await;
    assert_not_acting(&browser).await;
    assert_eq!(
        logged(&app, Endpoint::Revocation).len(),
        1,
        "the exchanged token is revoked"
    );
}

/// One tab chooses Carol while another, which has loaded the session before, stops.
#[tokio::test]
async fn a_stop_with_an_earlier_cookie_revokes_the_token_of_the_present_user() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    let tab = app.browser_with(browser.cookies.borrow().clone());
    act_as(&browser, "carol").await;
    assert_eq!(tab.post("/stop", "").await.status, StatusCode::OK);
    let revoked = logged(&app, Endpoint::Revocation);
    let revoked: Vec<_> = revoked
        .iter()
        .map(|request| request.params.get("token").unwrap())
        .collect();
    assert_eq!(revoked.len(), 2);
    assert_ne!(revoked[0], revoked[1]);
}

#[tokio::test]
async fn acting_ends_with_the_grant() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(3000);
        act_as(&browser, "bob").await;
        app.provider.revoke_grants("ada");
        app.provider.clock().advance(601);
        browser.post("/token", "").await;
        assert_eq!(acting(&browser).await, "nobody");
        assert_eq!(browser.get("/token-as").await.body, "sign_in_needed");
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
    }
}

/// The cached token of the agent, which names the actor, has ended with the agent's grant.
#[tokio::test]
async fn an_agent_whose_grant_was_revoked_has_to_sign_in() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        act_as(&browser, "bob").await;
        app.provider.revoke_grants("ada");
        let answer = browser.get("/token-as").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::UNAUTHORIZED, "sign_in_needed")
        );
        assert_eq!(acting(&browser).await, "nobody");
    }
}

/// An administrator of Logto can end acting in both ways.
#[tokio::test]
async fn a_suspended_user_or_a_revoked_grant_yields_no_token() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.update_user("bob", |user| user.suspended = true);
    let answer = browser.get("/token-as").await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::FORBIDDEN, "subject_token_rejected")
    );
    app.provider.update_user("bob", |user| user.suspended = false);
    app.provider.revoke_grants("bob");
    assert_eq!(browser.get("/token-as").await.body, "subject_token_rejected");
    assert_eq!(browser.get("/own").await.status, StatusCode::OK);
}

#[tokio::test]
async fn stopping_twice_revokes_the_token_once() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    for _ in 0..2 {
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
    }
    assert_eq!(logged(&app, Endpoint::Revocation).len(), 1);
    assert_eq!(
        browser.get("/own").await.status,
        StatusCode::OK,
        "the own grant is alive"
    );
}

/// The user must be able to stop during an outage.
#[tokio::test]
async fn acting_stops_even_if_the_token_cannot_be_revoked() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.fault(HttpFault::Status(500).at(Endpoint::Revocation));
    let (logs, _guard) = CapturedLogs::of_this_thread();
    assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
    assert!(logs.text().contains("could not be revoked"), "{}", logs.text());
    assert_not_acting(&browser).await;
}
