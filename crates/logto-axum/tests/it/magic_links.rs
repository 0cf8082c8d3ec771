//! Magic links: Logto may return another user than the link names.

use http::StatusCode;
use logto_axum::{Paths, WebConfig};
use logto_testing::{Endpoint, TestProvider};
use url::form_urlencoded;

use crate::app::{Answer, App, BASE, Browser, SESSION};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// Presses the button of a link with these fields. If another user than the link's is signed in at
/// the provider, that user stays.
async fn follow(browser: &Browser<'_>, fields: &str) -> Answer {
    let start = browser.post("/sign-in", fields).await;
    let callback = browser.app.provider.authorize(&start.location()).await;
    browser.get(callback.strip_prefix(BASE).unwrap()).await
}

fn fields(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The fields of a link with a new token for this address.
fn link_for(app: &App, email: &str) -> String {
    let token = app.provider.one_time_token(email);
    fields(&[
        ("one_time_token", &token),
        ("login_hint", email),
        ("return_to", "/page"),
    ])
}

fn is_refused(answer: &Answer) -> bool {
    let failed = format!("{BASE}/failed?code=link_for_another_user&refusal=");
    answer.status == StatusCode::SEE_OTHER && answer.location().starts_with(&failed)
}

/// Ada is signed in at the provider. Bob has an address.
async fn app() -> App {
    let app = App::start().await;
    app.provider
        .update_user("bob", |user| user.email = Some(BOB.to_owned()));
    app
}

#[tokio::test]
async fn the_user_whom_the_link_names_is_signed_in() {
    let app = app().await;
    for (email, user) in [(ADA, "usr_ada"), (BOB, "usr_bob"), ("ADA@Example.com", "usr_ada")] {
        app.provider.sign_out_browser();
        let browser = app.browser();
        let answer = follow(&browser, &link_for(&app, email)).await;
        assert_eq!(answer.location(), format!("{BASE}/page"));
        assert_eq!(browser.get("/id-token").await.body, user);
    }
    let sent = app.provider.last_authorization().unwrap().params;
    assert_eq!(sent.all("prompt"), ["consent"]);
}

#[tokio::test]
async fn a_link_of_the_user_who_is_signed_in_works_twice() {
    let app = app().await;
    let (browser, link) = (app.signed_in("ada").await, link_for(&app, ADA));
    for _ in ["once", "twice"] {
        assert_eq!(follow(&browser, &link).await.location(), format!("{BASE}/page"));
        assert_eq!(browser.get("/id-token").await.body, "usr_ada");
    }
}

#[tokio::test]
async fn a_used_link_stops_at_the_provider_and_leaves_the_app_as_it_was() {
    let app = app().await;
    app.provider.sign_out_browser();
    let link = link_for(&app, BOB);
    follow(&app.browser(), &link).await;
    app.provider.sign_out_browser();
    let browser = app.browser();
    let start = browser.post("/sign-in", &link).await;
    let refused = app.provider.try_authorize(&start.location()).await.unwrap_err();
    assert_eq!(refused.body["code"], "one_time_token.token_consumed");
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_user_who_switches_at_the_provider_is_signed_in_as_the_user_of_the_link() {
    let app = app().await;
    app.provider.set_switches_account(true);
    let browser = app.signed_in("ada").await;
    let answer = follow(&browser, &link_for(&app, BOB)).await;
    assert_eq!(answer.location(), format!("{BASE}/page"));
    assert_eq!(browser.get("/id-token").await.body, "usr_bob");
}

#[tokio::test]
async fn another_user_is_not_signed_in_and_the_tokens_are_revoked() {
    for email in [BOB, "ada@example.com.evil.example", " ada@example.com", "x"] {
        let app = app().await;
        let browser = app.browser();
        assert!(is_refused(&follow(&browser, &link_for(&app, email)).await), "{email}");
        assert!(!browser.has(SESSION));
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    }
}

#[tokio::test]
async fn a_link_for_another_user_keeps_the_session() {
    let app = app().await;
    let browser = app.signed_in("ada").await;
    assert!(is_refused(&follow(&browser, &link_for(&app, BOB)).await));
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
    let app = app().await;
    app.provider.update_user("ada", |user| user.email = None);
    assert!(is_refused(&follow(&app.browser(), &link_for(&app, ADA)).await));
}

#[tokio::test]
async fn users_are_accepted_if_there_is_no_token_or_no_address_to_compare() {
    let with_address = app().await;
    let answer = follow(&with_address.browser(), &fields(&[("login_hint", BOB)])).await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with_these_scopes(provider, &[]);
    let answer = follow(&app.browser(), &link_for(&app, BOB)).await;
    assert_eq!(answer.location(), format!("{BASE}/page"));
}

fn without_error_page(web: WebConfig) -> WebConfig {
    web.with_paths(Paths::default())
}

#[tokio::test]
async fn the_page_names_both_users_and_offers_to_sign_out() {
    let app = App::configured(without_error_page).await;
    let browser = app.browser();
    let answer = follow(&browser, &link_for(&app, BOB)).await;
    let page = browser.get(answer.location().strip_prefix(BASE).unwrap()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    for part in [ADA, BOB, "for another user", "/sign-out"] {
        assert!(page.body.contains(part), "{part} {}", page.body);
    }
}

/// Anyone can write a link.
#[tokio::test]
async fn the_page_shows_no_other_text_of_the_link_and_no_markup() {
    let app = App::configured(without_error_page).await;
    let browser = app.browser();
    for (hint, shown) in [
        ("call 555-0100 now@once", None),
        ("pay", None),
        ("<b>x@example.com", Some("&lt;b&gt;x@example.com")),
    ] {
        let answer = follow(&browser, &link_for(&app, hint)).await;
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
