//! Magic links: an authorization request with a one-time token and the address that it is for.

use serde_json::{Value, json};

use super::{
    browser::{Arrival, Browser, Page},
    one_time_tokens::{ADA, BOB, create, revoke, status},
    subject::{Callback, PRODUCTS, Subject, claims, credentials},
};

async fn signed_in(subject: &Subject, user: &str) -> Browser {
    let browser = Browser::default();
    subject.sign_in_with(&browser, user, &[]).await;
    browser
}

/// Opens a link with this token. `changes` replace parameters of the request.
async fn open(
    subject: &Subject,
    browser: &Browser,
    (token, email): (&Value, &str),
    changes: &[(&str, &str)],
) -> Arrival {
    let link = [
        ("one_time_token", token["token"].as_str().unwrap()),
        ("login_hint", email),
    ];
    browser.open(&subject.authorization(&[&link, changes].concat())).await
}

/// The tokens of the sign-in that this arrival has finished.
async fn tokens(subject: &Subject, arrival: Arrival) -> Value {
    let (status, tokens) = subject.exchange(&Callback::from(&arrival.app()).code(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    tokens
}

/// The email address of the user who has signed in.
async fn user(subject: &Subject, arrival: Arrival) -> Value {
    let tokens = tokens(subject, arrival).await;
    claims(tokens["id_token"].as_str().unwrap())["email"].clone()
}

#[track_caller]
fn assert_says(page: &Page, code: &str) {
    let text = page.html.split("role=\"alert\">").nth(1).unwrap_or_default();
    let text = text.split('<').next().unwrap();
    assert!(
        text.contains(&format!("(one_time_token.{code})")),
        "{code} {}",
        page.html
    );
}

pub(super) async fn a_magic_link_signs_its_user_in_once(subject: &Subject) {
    for prompt in ["consent", "login consent", ""] {
        let token = create(subject, BOB, json!({})).await;
        let arrival = open(subject, &Browser::default(), (&token, BOB), &[("prompt", prompt)]).await;
        assert_eq!(user(subject, arrival).await, BOB, "{prompt}");
        assert_eq!(status(subject, &token).await, "consumed");
        let again = open(subject, &Browser::default(), (&token, BOB), &[]).await.page();
        assert_says(&again, "token_consumed");
    }
}

pub(super) async fn a_magic_link_that_cannot_be_used_says_why_above_the_form(subject: &Subject) {
    let [revoked, of_ada] = [
        create(subject, BOB, json!({})).await,
        create(subject, ADA, json!({})).await,
    ];
    revoke(subject, &revoked).await;
    let expired = create(subject, BOB, json!({ "expiresIn": 60 })).await;
    subject.advance(61).await;
    let context = json!({ "context": { "interactionEvent": "ForgotPassword" } });
    let other_event = create(subject, BOB, context).await;
    for (token, code) in [
        (&json!({ "token": "unknown" }), "token_not_found"),
        (&revoked, "token_revoked"),
        (&expired, "token_expired"),
        (&of_ada, "email_mismatch"),
        (&other_event, "interaction_event_mismatch"),
    ] {
        let browser = Browser::default();
        let page = open(subject, &browser, (token, BOB), &[]).await.page();
        assert_says(&page, code);
        assert!(page.asks_for_password());
        let arrival = browser.submit(&page, &credentials("bob")).await;
        assert_eq!(user(subject, arrival).await, BOB);
    }
    for token in [&of_ada, &other_event] {
        assert_eq!(status(subject, token).await, "active");
    }
}

pub(super) async fn a_session_ignores_a_magic_link_without_a_prompt(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    for email in [ADA, BOB] {
        let token = create(subject, email, json!({})).await;
        for prompt in ["", "none"] {
            let arrival = open(subject, &browser, (&token, email), &[("prompt", prompt)]).await;
            assert_eq!(user(subject, arrival).await, ADA);
        }
        assert_eq!(status(subject, &token).await, "active");
    }
}

pub(super) async fn a_silent_request_without_a_session_leaves_the_token_unused(subject: &Subject) {
    let token = create(subject, BOB, json!({})).await;
    let arrival = open(subject, &Browser::default(), (&token, BOB), &[("prompt", "none")]).await;
    assert_eq!(Callback::from(&arrival.app()).get("error"), "login_required");
    assert_eq!(status(subject, &token).await, "active");
}

pub(super) async fn the_user_of_the_session_continues_and_uses_the_token(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let token = create(subject, ADA, json!({})).await;
    for _ in ["used", "used again"] {
        let arrival = open(subject, &browser, (&token, ADA), &[]).await;
        assert_eq!(user(subject, arrival).await, ADA);
        assert_eq!(status(subject, &token).await, "consumed");
    }
    let revoked = create(subject, ADA, json!({})).await;
    revoke(subject, &revoked).await;
    let refused = open(subject, &browser, (&revoked, ADA), &[]).await.page();
    assert_eq!(refused.status, 400);
    assert_says(&refused, "token_revoked");
    let session = browser.open(&subject.authorization(&[])).await;
    assert_eq!(user(subject, session).await, ADA);
}

/// Logto creates tokens for any text.
pub(super) async fn a_link_for_a_text_that_is_no_address_registers_no_user(subject: &Subject) {
    let token = create(subject, "bob", json!({})).await;
    let page = open(subject, &Browser::default(), (&token, "bob"), &[]).await.page();
    assert!(page.html.contains("is not an email address"), "{}", page.html);
    assert_eq!(status(subject, &token).await, "active");
}

pub(super) async fn a_user_who_is_not_the_one_of_the_link_can_stay(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let token = create(subject, BOB, json!({})).await;
    let page = open(subject, &browser, (&token, BOB), &[]).await.page();
    let sentence = "You are signed in as <strong>ada</strong>, but the link is for <strong>bob@example.com</strong>.";
    assert!(page.html.contains(sentence), "{}", page.html);
    let arrival = browser.submit(&page, &[("action", "stay")]).await;
    assert_eq!(user(subject, arrival).await, ADA);
    assert_eq!(status(subject, &token).await, "active");
}

pub(super) async fn a_user_who_is_not_the_one_of_the_link_can_switch(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let token = create(subject, BOB, json!({})).await;
    let page = open(subject, &browser, (&token, BOB), &[]).await.page();
    let arrival = browser.submit(&page, &[("action", "switch")]).await;
    let arrival = after_sign_out(&browser, arrival).await;
    assert_eq!(user(subject, arrival).await, BOB);
    assert_eq!(status(subject, &token).await, "consumed");
    let session = browser.open(&subject.authorization(&[])).await;
    assert_eq!(user(subject, session).await, BOB);
}

pub(super) async fn a_magic_link_with_the_prompt_login_replaces_the_session(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let token = create(subject, BOB, json!({})).await;
    let arrival = open(subject, &browser, (&token, BOB), &[("prompt", "login consent")]).await;
    let arrival = after_sign_out(&browser, arrival).await;
    assert_eq!(user(subject, arrival).await, BOB);
    assert_eq!(status(subject, &token).await, "consumed");
}

/// Submits the form that ends the session of the earlier user, if the provider shows it. It submits
/// itself.
async fn after_sign_out(browser: &Browser, arrival: Arrival) -> Arrival {
    match arrival {
        Arrival::Page(page) => browser.submit_sign_out(&page, "logout").await,
        arrival @ Arrival::App(_) => arrival,
    }
}

pub(super) async fn another_browser_cannot_answer_for_the_session(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let token = create(subject, BOB, json!({})).await;
    let page = open(subject, &browser, (&token, BOB), &[]).await.page();
    let other = Browser::default();
    assert_eq!(other.submit(&page, &[("action", "switch")]).await.page().status, 400);
    assert_eq!(status(subject, &token).await, "active");
}

pub(super) async fn a_magic_link_is_a_first_factor(subject: &Subject) {
    let token = create(subject, ADA, json!({})).await;
    let reported = async |arrival: Arrival| {
        let tokens = tokens(subject, arrival).await;
        let (_, access_token) = subject.target(&tokens, &[("resource", PRODUCTS)]).await;
        json!([access_token["acr"], access_token["amr"]])
    };
    let browser = Browser::default();
    let arrival = open(subject, &browser, (&token, ADA), &[]).await;
    assert_eq!(reported(arrival).await, json!(["urn:logto:acr:1fa", ["otp"]]));
    let demand = [("acr_values", "urn:logto:acr:mfa")];
    let page = browser.open(&subject.authorization(&demand)).await.page();
    let arrival = browser
        .submit(&page, &[("code", "123456"), ("action", "confirm")])
        .await;
    assert_eq!(reported(arrival).await, json!(["urn:logto:acr:mfa", ["otp", "mfa"]]));
}

pub(super) async fn a_magic_link_adds_its_user_to_organizations(subject: &Subject) {
    let context = json!({ "context": { "jitOrganizationIds": ["globex", "unknown"] } });
    let organizations = |tokens: &Value| {
        let claims = claims(tokens["id_token"].as_str().unwrap());
        let mut ids: Vec<_> = claims["organizations"].as_array().unwrap().clone();
        ids.sort_by_key(Value::to_string);
        Value::from(ids)
    };
    let before = subject.sign_in("bob", &[]).await;
    assert_eq!(organizations(&before), json!(["acme"]));
    for browser in [Browser::default(), signed_in(subject, "bob").await] {
        let token = create(subject, BOB, context.clone()).await;
        let arrival = open(subject, &browser, (&token, BOB), &[]).await;
        let after = tokens(subject, arrival).await;
        assert_eq!(organizations(&after), json!(["acme", "globex"]));
    }
}
