//! The pages of an interactive provider beyond the contract.

use logto_testing::{InteractivePages, TestClock, TestProvider, User};
use reqwest::{Client, header};
use url::Url;

use crate::contract::browser::Browser;

const CALLBACK: &str = "http://localhost:3000/callback";

async fn provider(pages: InteractivePages) -> TestProvider {
    TestProvider::builder()
        .user(
            User::new("eve")
                .with_name("Eve \"<b>\"")
                .with_password("secret")
                .with_email("eve@example.com"),
        )
        .user(User::new("mallory").with_password("secret"))
        .interactive(pages)
        .clock(TestClock::running())
        .start()
        .await
}

fn authorization(provider: &TestProvider, more: &[(&str, &str)]) -> String {
    let parameters = [
        ("client_id", provider.app_id()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "s"),
    ];
    let url = format!("{}/oidc/auth", provider.endpoint());
    Url::parse_with_params(&url, parameters.iter().chain(more))
        .unwrap()
        .into()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn one_click_on_the_list_signs_in_and_only_with_a_list() {
    for listed in [true, false] {
        let provider = provider(InteractivePages::new("My app").with_user_list(listed)).await;
        let browser = Browser::default();
        let page = browser.open(&authorization(&provider, &[])).await.page();
        assert!(
            page.html.contains("to continue to <strong>My app</strong>"),
            "{}",
            page.html
        );
        assert_eq!(page.html.contains("value=\"mallory\""), listed);
        assert!(!page.html.contains("<b>"), "a name is escaped");
        let arrival = browser.submit(&page, &[("user", "mallory")]).await;
        if listed {
            assert!(parameter(&arrival.app(), "code").is_some());
        } else {
            assert_eq!(arrival.page().status, 401);
        }
    }
}

#[tokio::test]
async fn consent_is_asked_for_once_in_a_session_unless_the_prompt_asks_again() {
    let provider = provider(InteractivePages::new("My app").with_consent(true)).await;
    let browser = Browser::default();
    let credentials = [("username", "eve"), ("password", "secret"), ("action", "sign-in")];
    let page = browser.open(&authorization(&provider, &[])).await.page();
    let consent = browser.submit(&page, &credentials).await.page();
    assert!(consent.html.contains("Allow access?"), "{}", consent.html);
    let denied = browser.submit(&consent, &[("action", "deny")]).await.app();
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));

    let silent = browser
        .open(&authorization(&provider, &[("prompt", "none")]))
        .await
        .app();
    assert_eq!(parameter(&silent, "error").as_deref(), Some("consent_required"));
    let consent = browser.open(&authorization(&provider, &[])).await.page();
    let allowed = browser.submit(&consent, &[("action", "allow")]).await.app();
    assert!(parameter(&allowed, "code").is_some());

    browser
        .open(&authorization(&provider, &[("prompt", "none")]))
        .await
        .app();
    let again = browser
        .open(&authorization(&provider, &[("prompt", "consent")]))
        .await
        .page();
    assert!(again.html.contains("Allow access?"));
}

#[tokio::test]
async fn a_question_before_a_sign_out_can_be_declined() {
    let provider = provider(
        InteractivePages::new("My app")
            .with_user_list(true)
            .with_sign_out_question(true),
    )
    .await;
    let browser = Browser::default();
    let page = browser.open(&authorization(&provider, &[])).await.page();
    browser.submit(&page, &[("user", "eve")]).await.app();
    let url = format!("{}/oidc/session/end", provider.endpoint());
    let question = browser.open(&url).await.page();
    assert!(!question.html.contains("<script>"), "the form does not submit itself");
    browser.submit_sign_out(&question, "stay").await.page();
    browser.open(&authorization(&provider, &[])).await.app();
    let question = browser.open(&url).await.page();
    browser.submit_sign_out(&question, "logout").await.page();
    browser.open(&authorization(&provider, &[])).await.page();
}

#[tokio::test]
async fn another_browser_cannot_submit_the_sign_out_form() {
    let provider = provider(InteractivePages::new("My app").with_user_list(true)).await;
    let browser = Browser::default();
    let page = browser.open(&authorization(&provider, &[])).await.page();
    browser.submit(&page, &[("user", "eve")]).await.app();
    let form = Browser::default()
        .open(&format!("{}/oidc/session/end", provider.endpoint()))
        .await
        .page();
    assert_eq!(browser.submit_sign_out(&form, "logout").await.page().status, 400);
    browser.open(&authorization(&provider, &[])).await.app();
}

#[tokio::test]
async fn suspended_users_and_users_without_access_do_not_come_back_with_a_code() {
    let provider = provider(InteractivePages::new("My app").with_user_list(true)).await;
    provider.update_user("eve", |user| user.suspended = true);
    provider.update_user("mallory", |user| user.access_denied = true);
    let browser = Browser::default();
    let page = browser.open(&authorization(&provider, &[])).await.page();
    let suspended = browser.submit(&page, &[("user", "eve")]).await.page();
    assert!(suspended.html.contains("This user is suspended."), "{}", suspended.html);
    let denied = browser.submit(&page, &[("user", "mallory")]).await.page();
    assert_eq!(denied.status, 403);
    let returning = browser.open(&authorization(&provider, &[])).await.app();
    assert_eq!(parameter(&returning, "error").as_deref(), Some("access_denied"));
}

/// As a Logto server before 1.46.
#[tokio::test]
async fn without_step_up_a_demand_is_ignored() {
    let provider = provider(InteractivePages::new("My app").with_user_list(true)).await;
    provider.update_user("eve", |user| user.second_factor = true);
    let browser = Browser::default();
    let demand = authorization(&provider, &[("acr_values", "urn:logto:acr:mfa")]);
    let page = browser.open(&demand).await.page();
    let arrival = browser.submit(&page, &[("user", "eve")]).await.app();
    assert!(parameter(&arrival, "code").is_some());
}

#[tokio::test]
async fn pages_allow_no_scripts_but_their_own_and_forms_only_to_the_app() {
    let provider = provider(InteractivePages::new("My app")).await;
    let page = Browser::default().open(&authorization(&provider, &[])).await.page();
    assert!(
        !page.html.contains("<script") && !page.html.contains("style="),
        "{}",
        page.html
    );
    let browser = Browser::default();
    let redirect = browser.request(&authorization(&provider, &[])).await;
    let address = redirect.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let response = browser.request(&format!("{}{address}", provider.endpoint())).await;
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'; script-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.ends_with("form-action 'self' http://localhost:3000"), "{policy}");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn an_error_is_a_page_for_browsers_and_json_for_programs() {
    let provider = provider(InteractivePages::new("My app").with_notice("For development")).await;
    let url = authorization(&provider, &[]).replace("localhost", "evil.example.com");
    let page = Browser::default().open(&url).await.page();
    assert_eq!(page.status, 400);
    assert!(page.html.contains("redirect_uri did not match") && page.html.contains("For development"));
    let json: serde_json::Value = Client::new().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(json["error"], "invalid_redirect_uri");
}
