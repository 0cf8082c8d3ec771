//! Sign-out at the provider, and revocation.

use url::Url;

use super::{
    browser::Browser,
    subject::{PRODUCTS, Subject, refusal, refused},
};

fn end_session(subject: &Subject, parameters: &[(&str, &str)]) -> String {
    Url::parse_with_params(&subject.url("/session/end"), parameters)
        .unwrap()
        .into()
}

/// Signs out as the app does. Returns the address of the app.
async fn sign_out(subject: &Subject, browser: &Browser) -> Url {
    let parameters = [
        ("client_id", subject.app_id.as_str()),
        ("post_logout_redirect_uri", "http://127.0.0.1:3000/"),
        ("state", "the-state"),
    ];
    let page = browser.open(&end_session(subject, &parameters)).await.page();
    assert_eq!(page.status, 200);
    browser.submit_sign_out(&page, "logout").await.app()
}

pub(super) async fn a_sign_out_ends_the_browsers_session_and_returns_to_the_app(subject: &Subject) {
    let (browser, other) = (Browser::default(), Browser::default());
    subject.sign_in_with(&browser, "ada", &[]).await;
    subject.sign_in_with(&other, "ada", &[]).await;
    assert_eq!(
        sign_out(subject, &browser).await.as_str(),
        "http://127.0.0.1:3000/?state=the-state"
    );
    assert!(
        browser
            .open(&subject.authorization(&[]))
            .await
            .page()
            .asks_for_password()
    );
    other.open(&subject.authorization(&[])).await.app();
}

pub(super) async fn tokens_with_offline_access_survive_a_sign_out(subject: &Subject) {
    let browser = Browser::default();
    let offline = subject.sign_in_with(&browser, "ada", &[]).await;
    sign_out(subject, &browser).await;
    assert_eq!(subject.refresh(&offline, &[]).await.0, 200);
    assert_eq!(
        subject.user_info(offline["access_token"].as_str().unwrap()).await.0,
        200
    );
    let online = subject.sign_in_with(&browser, "ada", &[("prompt", "")]).await;
    sign_out(subject, &browser).await;
    assert_eq!(subject.user_info(online["access_token"].as_str().unwrap()).await.0, 401);
}

pub(super) async fn a_sign_out_without_a_client_stays_at_the_provider(subject: &Subject) {
    let browser = Browser::default();
    subject.sign_in_with(&browser, "ada", &[]).await;
    let unnamed = [("post_logout_redirect_uri", "http://127.0.0.1:3000/")];
    let page = browser.open(&end_session(subject, &unnamed)).await.page();
    let success = browser.submit_sign_out(&page, "logout").await.page();
    assert_eq!(success.status, 200);
    assert!(success.html.contains("You have signed out."), "{}", success.html);
    assert!(
        browser
            .open(&subject.authorization(&[]))
            .await
            .page()
            .asks_for_password()
    );
}

pub(super) async fn an_unregistered_sign_out_uri_is_refused(subject: &Subject) {
    let parameters = [
        ("client_id", subject.app_id.as_str()),
        ("post_logout_redirect_uri", "https://evil.example.com/"),
    ];
    let page = Browser::default().open(&end_session(subject, &parameters)).await.page();
    assert_eq!(page.status, 400);
}

pub(super) async fn revoking_a_refresh_token_ends_the_grant_but_not_the_session(subject: &Subject) {
    let browser = Browser::default();
    let tokens = subject.sign_in_with(&browser, "ada", &[]).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let (status, _) = subject.post("/token/revocation", &[("token", token)]).await;
    assert_eq!(status, 200);
    assert_eq!(
        refusal(subject.refresh(&tokens, &[]).await),
        refused(400, "invalid_grant")
    );
    assert_eq!(subject.user_info(tokens["access_token"].as_str().unwrap()).await.0, 401);
    browser.open(&subject.authorization(&[])).await.app();
}

pub(super) async fn an_unknown_token_can_be_revoked_and_a_jwt_cannot(subject: &Subject) {
    assert_eq!(subject.post("/token/revocation", &[("token", "unknown")]).await.0, 200);
    let tokens = subject.sign_in("ada", &[]).await;
    let (response, _) = subject.target(&tokens, &[("resource", PRODUCTS)]).await;
    let token = response["access_token"].as_str().unwrap();
    let answer = subject.post("/token/revocation", &[("token", token)]).await;
    assert_eq!(refusal(answer), refused(400, "unsupported_token_type"));
}
