//! Magic links at a provider without pages, and users who register with one.

use axum::{
    Router,
    extract::{RawQuery, State},
    response::{Html, Redirect},
    routing::get,
};
use logto_testing::{Browser, InteractivePages, TestProvider, User};
use serde_json::Value;

use crate::{
    client::{authorization_url, claims, code, exchange, param, sign_in, text},
    contract::browser as http_browser,
};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const NEW: &str = "new@example.com";

/// Ada, who is signed in, and Bob.
async fn provider() -> TestProvider {
    TestProvider::builder()
        .user(User::new("ada").with_email(ADA))
        .user(User::new("bob").with_email(BOB))
        .start()
        .await
}

async fn user(provider: &TestProvider, token: &str, email: &str, prompt: &str) -> String {
    let fields = [("one_time_token", token), ("login_hint", email), ("prompt", prompt)];
    let tokens = sign_in(provider, &[&fields[..], &[("scope", "openid email")]].concat()).await;
    claims(&text(&tokens, "id_token"))["email"].as_str().unwrap().to_owned()
}

/// Status and code of the refusal, which does not reach the callback.
async fn refusal(provider: &TestProvider, token: &str, email: &str) -> (u16, String) {
    let url = authorization_url(provider, &[("one_time_token", token), ("login_hint", email)]);
    let refused = provider.try_authorize(&url).await.unwrap_err();
    assert_eq!(refused.body["code"], refused.body["error"], "{}", refused.body);
    (refused.status, text(&refused.body, "code"))
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_link_signs_its_user_in_once() {
    let provider = provider().await;
    provider.sign_out_browser();
    let token = provider.one_time_token(BOB);
    assert_eq!(user(&provider, &token, BOB, "consent").await, BOB);
    assert_eq!(provider.browser_user().as_deref(), Some("bob"));
    provider.sign_out_browser();
    let again = refusal(&provider, &token, BOB).await;
    assert_eq!(again, refused(400, "one_time_token.token_consumed"));
    assert_eq!(provider.browser_user(), None);
}

#[tokio::test]
async fn a_token_that_cannot_be_used_is_refused_at_the_provider() {
    let provider = provider().await;
    provider.sign_out_browser();
    let unknown = refusal(&provider, "unknown", BOB).await;
    assert_eq!(unknown, refused(404, "one_time_token.token_not_found"));
    let token = provider.one_time_token(BOB);
    let mismatch = refusal(&provider, &token, ADA).await;
    assert_eq!(mismatch, refused(400, "one_time_token.email_mismatch"));
    provider.update_user("bob", |user| user.suspended = true);
    assert_eq!(refusal(&provider, &token, BOB).await, refused(401, "user.suspended"));
    provider.update_user("bob", |user| user.suspended = false);
    provider.clock().advance(599);
    assert_eq!(
        user(&provider, &token, BOB, "consent").await,
        BOB,
        "no refusal has used it up"
    );
    provider.sign_out_browser();
    let expired = provider.one_time_token(BOB);
    provider.clock().advance(600);
    let expired = refusal(&provider, &expired, BOB).await;
    assert_eq!(expired, refused(400, "one_time_token.token_expired"));
}

#[tokio::test]
async fn a_session_ignores_the_token_without_a_prompt() {
    let provider = provider().await;
    let token = provider.one_time_token(BOB);
    for prompt in ["", "none"] {
        assert_eq!(user(&provider, &token, BOB, prompt).await, ADA, "{prompt}");
    }
    assert_eq!(
        user(&provider, &token, BOB, "login").await,
        BOB,
        "the token is not used up"
    );
}

#[tokio::test]
async fn a_session_that_is_too_old_does_not_ignore_the_token() {
    let provider = provider().await;
    let token = provider.one_time_token(BOB);
    provider.clock().advance(100);
    let fields = [
        ("one_time_token", token.as_str()),
        ("login_hint", BOB),
        ("prompt", ""),
        ("max_age", "10"),
    ];
    code(&provider, &fields).await;
    assert_eq!(provider.browser_user().as_deref(), Some("bob"));
}

#[tokio::test]
async fn the_user_of_the_session_continues_with_the_same_session() {
    let provider = provider().await;
    let other_case = "ADA@example.com";
    let (token, sid) = (provider.one_time_token(other_case), provider.sid());
    for _ in ["used", "used again"] {
        assert_eq!(user(&provider, &token, other_case, "consent").await, ADA);
    }
    assert_eq!(provider.sid(), sid);
}

#[tokio::test]
async fn a_user_who_is_not_the_one_of_the_link_stays_or_switches_as_the_test_has_set() {
    let provider = provider().await;
    let token = provider.one_time_token(BOB);
    assert_eq!(user(&provider, &token, BOB, "consent").await, ADA);
    provider.set_switches_account(true);
    assert_eq!(
        user(&provider, &token, BOB, "consent").await,
        BOB,
        "the token was not used"
    );
    let sid = provider.sid();
    let token = provider.one_time_token(BOB);
    assert_eq!(user(&provider, &token, BOB, "login").await, BOB);
    assert_eq!(provider.sid(), sid, "the same user keeps the session");
}

#[tokio::test]
async fn a_new_address_registers_a_user_without_a_username() {
    let provider = provider().await;
    let token = provider.one_time_token(NEW);
    let fields = [
        ("one_time_token", token.as_str()),
        ("login_hint", NEW),
        ("prompt", "login"),
        ("scope", "openid profile email"),
    ];
    let code = code(&provider, &fields).await;
    let (_, tokens) = exchange(&provider, &code).await;
    let claims = claims(&text(&tokens, "id_token"));
    assert_eq!((&claims["email"], &claims["username"]), (&NEW.into(), &Value::Null));
    let registered = provider.user(NEW);
    assert_eq!(
        (registered.id.as_str().into(), registered.created_at / 1000),
        (claims["sub"].clone(), provider.clock().now())
    );
    let second = provider.one_time_token(NEW);
    assert_eq!(user(&provider, &second, NEW, "login").await, NEW);
    assert_eq!(provider.user(NEW).id, registered.id, "registered once");
}

/// A tiny app: a page with a button that starts the sign-in, and the callback.
fn app(authorize: String) -> Router {
    let confirm = async || Html("<form method=post action=?><button>Sign in</button></form>");
    let start = async |State(url): State<String>| Redirect::to(&url);
    let callback = async |RawQuery(query): RawQuery| query.unwrap_or_default();
    Router::new()
        .route("/sign-in", get(confirm).post(start))
        .route("/callback", get(callback))
        .with_state(authorize)
}

#[tokio::test]
async fn the_test_browser_follows_a_link_to_the_callback_or_to_the_refusal() {
    let provider = provider().await;
    provider.sign_out_browser();
    let token = provider.one_time_token(BOB);
    let url = authorization_url(&provider, &[("one_time_token", &token), ("login_hint", BOB)]);
    let browser = Browser::of(app(url)).with_provider(&provider);
    let follow = async || {
        let question = browser.get("/sign-in").await;
        browser.submit(&question.form("/sign-in")).await
    };
    assert!(follow().await.body().starts_with("code="));
    provider.sign_out_browser();
    let refused = follow().await;
    assert!(refused.url().starts_with(provider.endpoint()), "{}", refused.url());
    assert_eq!(refused.json::<Value>()["code"], "one_time_token.token_consumed");
}

/// A demand for a class pins the user, who cannot be exchanged.
#[tokio::test]
async fn a_user_who_has_to_confirm_a_sign_in_is_not_replaced_by_the_user_of_a_link() {
    let provider = TestProvider::builder()
        .user(User::new("ada").with_email(ADA))
        .user(User::new("bob").with_email(BOB))
        .interactive(InteractivePages::new("My app").with_user_list(true))
        .step_up()
        .start()
        .await;
    let browser = http_browser::Browser::default();
    let page = browser.open(&authorization_url(&provider, &[])).await.page();
    browser.submit(&page, &[("user", "ada")]).await.app();
    let open = async |email: &str| {
        let token = provider.one_time_token(email);
        let fields = [
            ("one_time_token", token.as_str()),
            ("login_hint", email),
            ("prompt", "login"),
            ("acr_values", "urn:logto:acr:1fa"),
        ];
        browser.open(&authorization_url(&provider, &fields)).await
    };
    let page = open(BOB).await.page();
    assert!(page.html.contains("This link is not for ada"), "{}", page.html);
    assert!(param(open(ADA).await.app().as_str(), "code").is_some());
}

#[tokio::test]
async fn a_new_address_registers_at_a_provider_with_pages_too() {
    let provider = TestProvider::builder()
        .user(User::new("bob").with_email(BOB))
        .interactive(InteractivePages::new("My app").with_user_list(true))
        .start()
        .await;
    let open = async |browser: &http_browser::Browser, email: &str| {
        let token = provider.one_time_token(email);
        let fields = [("one_time_token", token.as_str()), ("login_hint", email)];
        browser.open(&authorization_url(&provider, &fields)).await
    };
    let browser = http_browser::Browser::default();
    let callback = open(&browser, NEW).await.app();
    assert!(param(callback.as_str(), "code").is_some());
    assert_eq!(provider.user(NEW).email.as_deref(), Some(NEW));
    let page = open(&browser, BOB).await.page();
    assert!(page.html.contains("Stay signed in as new@example.com"), "{}", page.html);
    provider.update_user("bob", |user| user.suspended = true);
    let page = browser.submit(&page, &[("action", "switch")]).await.page();
    assert!(
        page.html.contains("role=\"alert\">This user is suspended."),
        "{}",
        page.html
    );
    let arrival = browser.submit(&page, &[("user", NEW)]).await;
    assert!(param(arrival.app().as_str(), "code").is_some());
}
