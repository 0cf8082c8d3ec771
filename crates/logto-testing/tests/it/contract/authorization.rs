//! Authorization requests and the sign-in page.

use reqwest::header;

use super::{
    browser::Browser,
    subject::{Callback, PRODUCTS, Subject, credentials},
};

pub(super) async fn an_unknown_client_or_redirect_uri_is_not_redirected_to(subject: &Subject) {
    for change in [
        ("client_id", "unknown"),
        ("redirect_uri", "https://evil.example.com/callback"),
    ] {
        let response = Browser::default().request(&subject.authorization(&[change])).await;
        assert_eq!(response.status(), 400, "{change:?}");
        assert!(!response.headers().contains_key(header::LOCATION), "{change:?}");
    }
}

pub(super) async fn other_errors_are_sent_to_the_callback_with_state_and_issuer(subject: &Subject) {
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "none")], "login_required"),
        (&[("request", "a.b.c")], "request_not_supported"),
        (
            &[("resource", "https://unknown.example.com"), ("prompt", "")],
            "invalid_target",
        ),
    ];
    for (changes, error) in cases {
        let callback = subject.callback(&Browser::default(), "ada", changes).await;
        assert_eq!(callback.get("error"), error, "{changes:?}");
        assert_eq!(callback.get("state"), "the-state", "{changes:?}");
        assert_eq!(callback.get("iss"), subject.issuer(), "{changes:?}");
        assert!(callback.get("code").is_empty(), "{changes:?}");
    }
}

pub(super) async fn a_wrong_password_shows_the_form_again(subject: &Subject) {
    let browser = Browser::default();
    let page = browser.open(&subject.authorization(&[])).await.page();
    let wrong = [("username", "ada"), ("password", "\"><b>"), ("action", "sign-in")];
    let again = browser.submit(&page, &wrong).await.page();
    assert_eq!(again.status, 401);
    assert!(again.html.contains("Wrong username or password."), "{}", again.html);
    assert!(again.asks_for_password() && !again.html.contains("\"><b>"));
    browser.submit(&page, &credentials("ada")).await.app();
}

pub(super) async fn cancelling_returns_access_denied(subject: &Subject) {
    let browser = Browser::default();
    let page = browser.open(&subject.authorization(&[])).await.page();
    let fields = [("username", ""), ("password", ""), ("action", "cancel")];
    let callback = Callback::from(&browser.submit(&page, &fields).await.app());
    assert_eq!(callback.get("error"), "access_denied");
    assert_eq!(callback.names(), ["error", "error_description", "iss", "state"]);
}

pub(super) async fn a_session_spares_the_form_unless_the_prompt_is_login(subject: &Subject) {
    let browser = Browser::default();
    subject.sign_in_with(&browser, "ada", &[]).await;
    for prompt in ["consent", "none", ""] {
        let url = browser.open(&subject.authorization(&[("prompt", prompt)])).await.app();
        Callback::from(&url).code();
    }
    let page = browser
        .open(&subject.authorization(&[("prompt", "login")]))
        .await
        .page();
    assert!(page.asks_for_password());
    browser.submit(&page, &credentials("ada")).await.app();
    assert!(
        Browser::default()
            .open(&subject.authorization(&[]))
            .await
            .page()
            .asks_for_password()
    );
}

pub(super) async fn a_session_that_is_older_than_max_age_needs_the_form(subject: &Subject) {
    let browser = Browser::default();
    subject.sign_in_with(&browser, "ada", &[]).await;
    subject.advance(100).await;
    browser.open(&subject.authorization(&[("max_age", "200")])).await.app();
    let page = browser.open(&subject.authorization(&[("max_age", "60")])).await.page();
    assert!(page.asks_for_password());
    let silent = [("max_age", "60"), ("prompt", "none")];
    let callback = Callback::from(&browser.open(&subject.authorization(&silent)).await.app());
    assert_eq!(callback.get("error"), "login_required");
}

pub(super) async fn two_sign_ins_side_by_side_both_succeed(subject: &Subject) {
    for order in [[0, 1], [1, 0]] {
        let browser = Browser::default();
        let pages = [
            browser.open(&subject.authorization(&[])).await.page(),
            browser
                .open(&subject.authorization(&[("resource", PRODUCTS)]))
                .await
                .page(),
        ];
        for index in order {
            let url = browser.submit(&pages[index], &credentials("ada")).await.app();
            Callback::from(&url).code();
        }
    }
}

pub(super) async fn another_browser_cannot_continue_a_sign_in(subject: &Subject) {
    let page = Browser::default().open(&subject.authorization(&[])).await.page();
    let other = Browser::default().submit(&page, &credentials("ada")).await.page();
    assert_eq!(other.status, 400);
    assert!(
        other.html.contains("The sign-in session was not found"),
        "{}",
        other.html
    );
}
