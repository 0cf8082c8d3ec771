//! The list of sessions, and the end of one.

use http::StatusCode;

use super::{ACCOUNT, CONFIRM, END, Fields, LIST, PASSWORD, sessions_of, start, start_with};
use crate::pages::test_app::{call, path_of};

const NEEDS_PROOF: (StatusCode, &str) = (StatusCode::FORBIDDEN, "account_verification_required");
const NO_SUCH_SESSION: (StatusCode, &str) = (StatusCode::BAD_REQUEST, "account_entry_not_found");

#[tokio::test]
async fn without_a_proof_no_session_is_shown_or_ended_and_the_page_asks_to_confirm() {
    let app = start().await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let browser = app.on_account_page("ada").await;
    assert_eq!(call(&browser, LIST, &[]).await.body(), "null");
    app.assert_refused(&browser, (END, &[("uid", &elsewhere)]), NEEDS_PROOF)
        .await;

    browser.get(ACCOUNT).await;
    let page = browser.post_form(END, [("uid", elsewhere.as_str())]).await;
    assert_eq!((page.status(), path_of(&page)), (StatusCode::OK, ACCOUNT));
    assert!(page.text().contains("Please confirm it's you"), "{}", page.text());
    assert!(page.form(CONFIRM).field("password").is_some(), "{}", page.text());
    assert!(!page.body().contains(&elsewhere));
    app.assert_no_secret(&page);

    call(&browser, CONFIRM, &[("password", PASSWORD)]).await;
    assert!(sessions_of(&browser).await.contains(&elsewhere), "it has not ended");
}

#[tokio::test]
async fn an_expired_proof_ends_no_session() {
    let app = start().await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let browser = app.confirmed("ada").await;
    assert!(sessions_of(&browser).await.contains(&elsewhere));
    app.provider.clock().advance(601);
    app.assert_refused(&browser, (END, &[("uid", &elsewhere)]), NEEDS_PROOF)
        .await;
    assert_eq!(call(&browser, LIST, &[]).await.body(), "null");

    call(&browser, CONFIRM, &[("password", PASSWORD)]).await;
    assert!(sessions_of(&browser).await.contains(&elsewhere), "it has not ended");
    assert_eq!(
        call(&browser, END, &[("uid", &elsewhere)]).await.status(),
        StatusCode::OK
    );
    assert!(!sessions_of(&browser).await.contains(&elsewhere));
}

#[tokio::test]
async fn a_wrong_password_is_no_proof() {
    let app = start().await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let browser = app.on_account_page("ada").await;
    let long = "x".repeat(100_000);
    for (password, code) in [
        ("wrong", "account_password_wrong"),
        ("the password of bob", "account_password_wrong"),
        (&long, "account_password_wrong"),
        ("", "account_values_rejected"),
    ] {
        let expected = (StatusCode::BAD_REQUEST, code);
        app.assert_refused(&browser, (CONFIRM, &[("password", password)]), expected)
            .await;
        app.assert_refused(&browser, (END, &[("uid", &elsewhere)]), NEEDS_PROOF)
            .await;
    }
}

#[tokio::test]
async fn the_session_of_another_user_is_not_found_and_lives_on() {
    let app = start().await;
    let of_bob = app.provider.sign_in_elsewhere("bob");
    let browser = app.confirmed("ada").await;
    let own = sessions_of(&browser).await;
    assert!(!own.contains(&of_bob));
    app.assert_refused(&browser, (END, &[("uid", &of_bob)]), NO_SUCH_SESSION)
        .await;
    assert_eq!(sessions_of(&browser).await, own);
    let bob = app.confirmed("bob").await;
    assert!(sessions_of(&bob).await.contains(&of_bob));
}

#[tokio::test]
async fn an_id_that_no_session_can_have_is_refused_before_a_call_of_logto() {
    let app = start().await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let browser = app.confirmed("ada").await;
    let own = sessions_of(&browser).await;
    app.provider.clear_log();
    // The check for secrets needs a request with the token.
    sessions_of(&browser).await;
    let long = "x".repeat(257);
    for uid in [
        "",
        ".",
        "..",
        "../grants",
        "..%2fgrants",
        "/",
        &format!("{elsewhere}/"),
        &format!("{elsewhere}?revokeGrantsTarget=all"),
        &format!("{elsewhere}#"),
        &format!("{elsewhere}\u{0}"),
        &format!("{elsewhere}\r\nx: y"),
        &long,
        &"x".repeat(100_000),
    ] {
        app.assert_refused(&browser, (END, &[("uid", uid)]), NO_SUCH_SESSION)
            .await;
    }
    assert_eq!(app.changing_calls(), 0);
    app.assert_refused(&browser, (END, &[]), (StatusCode::BAD_REQUEST, "invalid_arguments"))
        .await;
    assert_eq!(sessions_of(&browser).await, own);
}

/// An app that is not set up correctly is no fault of the user, so the status says so.
#[tokio::test]
async fn without_the_scope_the_calls_are_refused_and_the_page_names_the_cause() {
    let app = start_with(&[("LOGTO_SCOPES", "email custom_data")]).await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let browser = app.confirmed("ada").await;
    let calls: [(&str, Fields<'_>); 2] = [(LIST, &[]), (END, &[("uid", &elsewhere)])];
    for (path, fields) in calls {
        let expected = (StatusCode::INTERNAL_SERVER_ERROR, "account_scope_missing");
        app.assert_refused(&browser, (path, fields), expected).await;
    }
    let page = browser.get(ACCOUNT).await;
    let text = page.text();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        text.contains("This site cannot do that with your account") && text.contains("account_scope_missing"),
        "{text}"
    );
    assert!(!page.body().contains(&elsewhere));
}
