//! Magic links: Logto may return another user than the link names.

use http::StatusCode;
use logto_axum::{Paths, WebConfig};
use logto_testing::{Endpoint, TestProvider};

use crate::app::{Answer, App, BASE, Browser, SESSION};

/// Presses the button of a link, and signs in at the provider as `user`.
async fn follow(browser: &Browser<'_>, user: &str, fields: &str) -> Answer {
    let app = browser.app;
    app.provider.sign_in_as(user);
    let start = browser.post("/sign-in", fields).await;
    let callback = app.provider.authorize(&start.location()).await;
    browser.get(callback.strip_prefix(BASE).unwrap()).await
}

fn link_for(email: &str) -> String {
    format!("one_time_token=t0ken&login_hint={email}&return_to=/page")
}

fn is_refused(answer: &Answer) -> bool {
    let failed = format!("{BASE}/failed?code=link_for_another_user&refusal=");
    answer.status == StatusCode::SEE_OTHER && answer.location().starts_with(&failed)
}

#[tokio::test]
async fn the_user_whom_the_link_names_is_signed_in() {
    let app = App::start().await;
    for email in ["ada%40example.com", "ADA%40Example.com"] {
        let browser = app.browser();
        let answer = follow(&browser, "ada", &link_for(email)).await;
        assert_eq!(answer.location(), format!("{BASE}/page"));
        assert_eq!(browser.get("/").await.body, "active");
    }
    let sent = app.provider.last_authorization().unwrap().params;
    assert_eq!(sent.all("prompt"), ["consent"]);
}

#[tokio::test]
async fn another_user_is_not_signed_in_and_the_tokens_are_revoked() {
    for email in [
        "bob%40example.com",
        "ada%40example.com.evil.example",
        "%20ada%40example.com",
        "x",
    ] {
        let app = App::start().await;
        let browser = app.browser();
        assert!(is_refused(&follow(&browser, "ada", &link_for(email)).await), "{email}");
        assert!(!browser.has(SESSION));
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    }
}

#[tokio::test]
async fn a_link_for_another_user_keeps_the_session() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    assert!(is_refused(
        &follow(&browser, "ada", &link_for("bob%40example.com")).await
    ));
    assert_eq!(browser.get("/id-token").await.body, "usr_ada");
    assert_eq!(
        app.provider.requests(Endpoint::Revocation),
        0,
        "the sessions share a grant"
    );
}

/// A user without an address cannot be the one of the link.
#[tokio::test]
async fn a_user_without_an_email_address_is_another_user() {
    let app = App::start().await;
    app.provider.update_user("ada", |user| user.email = None);
    assert!(is_refused(
        &follow(&app.browser(), "ada", &link_for("ada%40example.com")).await
    ));
}

#[tokio::test]
async fn users_are_accepted_if_there_is_no_token_or_no_address_to_compare() {
    let app = App::start().await;
    let answer = follow(&app.browser(), "ada", "login_hint=bob%40example.com").await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with_these_scopes(provider, &[]);
    let answer = follow(&app.browser(), "ada", &link_for("bob%40example.com")).await;
    assert_eq!(answer.location(), format!("{BASE}/page"));
}

fn without_error_page(web: WebConfig) -> WebConfig {
    web.with_paths(Paths::default())
}

#[tokio::test]
async fn the_page_names_both_users_and_offers_to_sign_out() {
    let app = App::configured(without_error_page).await;
    let browser = app.browser();
    let answer = follow(&browser, "ada", &link_for("bob%40example.com")).await;
    let page = browser.get(answer.location().strip_prefix(BASE).unwrap()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    for part in ["ada@example.com", "bob@example.com", "for another user", "/sign-out"] {
        assert!(page.body.contains(part), "{part} {}", page.body);
    }
}

/// Anyone can write a link.
#[tokio::test]
async fn the_page_shows_no_other_text_of_the_link_and_no_markup() {
    let app = App::configured(without_error_page).await;
    let browser = app.browser();
    for (hint, shown) in [
        ("call+555-0100+now%40once", None),
        ("pay", None),
        ("%3Cb%3Ex%40example.com", Some("&lt;b&gt;x@example.com")),
    ] {
        let answer = follow(&browser, "ada", &link_for(hint)).await;
        let page = browser.get(answer.location().strip_prefix(BASE).unwrap()).await;
        assert!(
            !page.body.contains("<b>") && !page.body.contains("555"),
            "{}",
            page.body
        );
        assert_eq!(
            page.body.contains("but the link is for"),
            shown.is_some(),
            "{}",
            page.body
        );
        assert!(shown.is_none_or(|text| page.body.contains(text)), "{}", page.body);
    }
    let forged = browser
        .get("/callback?failed=link_for_another_user&refusal=forged")
        .await;
    assert!(!forged.body.contains("forged"));
}
