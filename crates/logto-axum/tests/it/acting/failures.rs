//! Refusals, outages and late calls. Nothing is saved after them.

use super::*;

#[tokio::test]
async fn a_subject_token_of_another_user_is_refused_and_nothing_is_saved() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        let token = app.provider.subject_token("carol");
        let answer = try_act(&browser, &id(&app, "bob"), &token).await;
        assert_eq!(answer, (StatusCode::FORBIDDEN, "subject_token_mismatch".into()));
        assert_not_acting(&browser).await;
        assert_eq!(logged(&app, Endpoint::Revocation).len(), 1, "the token is revoked");
    }
}

#[tokio::test]
async fn a_refused_subject_token_does_not_end_acting_as_the_user_before() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    let token = app.provider.subject_token("carol");
    try_act(&browser, &id(&app, "bob"), &token).await;
    assert!(acting(&browser).await.starts_with("Bob Reader until"));
    assert!(browser.get("/token-as").await.body.starts_with(&id(&app, "bob")));
}

#[tokio::test]
async fn a_subject_token_that_is_used_expired_or_unknown_is_refused() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let bob = id(&app, "bob");
    let used = app.provider.subject_token("bob");
    try_act(&browser, &bob, &used).await;
    browser.post("/stop", "").await;
    let expired = app.provider.subject_token("bob");
    app.provider.clock().advance(601);
    let suspended = app.provider.subject_token("carol");
    app.provider.update_user("carol", |user| user.suspended = true);
    let carol = id(&app, "carol");
    for (user, token) in [
        (&bob, used.as_str()),
        (&bob, &expired),
        (&bob, "sub_unknown"),
        (&bob, ""),
        (&carol, &suspended),
    ] {
        let answer = try_act(&browser, user, token).await;
        assert_eq!(
            answer,
            (StatusCode::FORBIDDEN, "subject_token_rejected".into()),
            "{token}"
        );
        assert_not_acting(&browser).await;
    }
}

#[tokio::test]
async fn an_app_that_may_not_exchange_tokens_gets_advice() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = with_routes(App::with(provider, |web| web));
    let browser = app.signed_in("ada").await;
    let token = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &token).await;
    assert_eq!(answer, (StatusCode::INTERNAL_SERVER_ERROR, "grant_not_allowed".into()));
    let advice = SessionError::Exchange(logto_axum::GrantError::NotAllowed).to_string();
    assert!(advice.contains("Allow token exchange"), "{advice}");
    assert_not_acting(&browser).await;
}

/// The agent may use the app, and the other user may not.
#[tokio::test]
async fn a_user_without_access_to_the_app_is_refused() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(TokenFault::Error(400, "access_denied"));
    let token = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &token).await;
    assert_eq!(answer, (StatusCode::FORBIDDEN, "user_access_denied".into()));
    app.provider.clear_faults();
    assert_not_acting(&browser).await;
    assert_eq!(browser.get("/own").await.status, StatusCode::OK);
}

#[tokio::test]
async fn acting_as_oneself_is_refused_without_a_request() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let token = app.provider.subject_token("ada");
    let answer = try_act(&browser, &id(&app, "ada"), &token).await;
    assert_eq!(answer, (StatusCode::BAD_REQUEST, "acting_as_self".into()));
    assert!(exchanges(&app).is_empty());
    assert_not_acting(&browser).await;
}

#[tokio::test]
async fn a_visitor_cannot_act() {
    let app = app(|web| web).await;
    let browser = app.browser();
    let token = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &token).await;
    assert_eq!(answer, (StatusCode::UNAUTHORIZED, "not_signed_in".into()));
    assert_eq!(acting(&browser).await, "nobody");
    assert_eq!(browser.get("/token-as").await.body, "not_signed_in");
    assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_outage_of_the_provider_is_transient_and_saves_nothing() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    for fault in [
        HttpFault::Status(503).at(Endpoint::Token),
        HttpFault::Status(503).at(Endpoint::UserInfo),
    ] {
        app.provider.fault(fault.clone());
        let token = app.provider.subject_token("bob");
        let (status, _) = try_act(&browser, &id(&app, "bob"), &token).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{fault:?}");
        app.provider.clear_faults();
        assert_not_acting(&browser).await;
    }
    act_as(&browser, "bob").await;
    app.provider.fault(TokenFault::Error(400, "invalid_target"));
    assert_eq!(browser.get("/token-as").await.body, "invalid_target");
    app.provider.clear_faults();
    assert!(acting(&browser).await.starts_with("Bob Reader until"));
}

/// Sessions in cookies cannot change after the head. A token for an API needs no cookie.
#[tokio::test]
async fn only_a_store_lets_acting_end_while_the_body_streams() {
    for (store, changed) in stores().into_iter().zip([
        "response_started response_started issued Bob Reader",
        "subject_token_rejected stopped not_acting nobody",
    ]) {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        act_as(&browser, "bob").await;
        let body = browser.get("/late").await.body;
        assert!(body.starts_with(changed), "{body}");
    }
}

#[tokio::test]
async fn the_exchanged_token_reaches_neither_pages_nor_logs() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let subject = app.provider.subject_token("bob");
    let answer = try_act(&browser, &id(&app, "bob"), &subject).await;
    assert!(answer.1.contains(&id(&app, "bob")), "{}", answer.1);
    let pages = [
        answer.1,
        browser.get("/acting").await.body,
        browser.get("/token-as").await.body,
        browser.post("/stop", "").await.body,
    ];
    let pages = pages.concat();
    let kept = exchanges(&app)[1].params.get("subject_token").unwrap().to_owned();
    for token in [&subject, &kept] {
        assert!(!pages.contains(token.as_str()) && !logs.text().contains(token.as_str()));
        let cookies = browser.cookies.borrow();
        assert!(cookies.values().all(|cookie| !cookie.contains(token.as_str())));
    }
}
