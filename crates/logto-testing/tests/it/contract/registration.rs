//! Visitors who create an account.

use serde_json::{Value, json};

use super::{
    browser::{Browser, Page},
    subject::{Callback, Subject, claims},
};

const REGISTER: (&str, &str) = ("first_screen", "register");

fn fields<'a>(email: &'a str, name: &'a str, password: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("email", email),
        ("name", name),
        ("password", password),
        ("action", "register"),
    ]
}

async fn form(subject: &Subject, browser: &Browser, changes: &[(&str, &str)]) -> Page {
    browser.open(&subject.authorization(changes)).await.page()
}

/// Registers Dora, and returns the token response.
async fn register(subject: &Subject, browser: &Browser) -> Value {
    let page = form(subject, browser, &[REGISTER]).await;
    let dora = fields("dora@example.com", "Dora", "long-enough");
    let callback = Callback::from(&browser.submit(&page, &dora).await.app());
    let (status, tokens) = subject.exchange(&callback.code(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    tokens
}

pub(super) async fn a_new_user_comes_back_signed_in(subject: &Subject) {
    let browser = Browser::default();
    let tokens = register(subject, &browser).await;
    let (_, user) = subject.user_info(tokens["access_token"].as_str().unwrap()).await;
    let found = ["email", "email_verified", "name", "username", "organizations"].map(|name| &user[name]);
    let expected = [
        json!("dora@example.com"),
        json!(true),
        json!("Dora"),
        Value::Null,
        json!([]),
    ];
    assert_eq!(found, expected.each_ref(), "{user}");
    let silent = browser.open(&subject.authorization(&[("prompt", "none")])).await.app();
    Callback::from(&silent).code();
}

pub(super) async fn a_new_user_signs_in_later_with_the_address(subject: &Subject) {
    let registered = register(subject, &Browser::default()).await;
    let browser = Browser::default();
    let page = form(subject, &browser, &[]).await;
    let later = [
        ("username", "Dora@Example.com"),
        ("password", "long-enough"),
        ("action", "sign-in"),
    ];
    let callback = Callback::from(&browser.submit(&page, &later).await.app());
    let (_, tokens) = subject.exchange(&callback.code(), &[]).await;
    let subject_of = |tokens: &Value| claims(tokens["id_token"].as_str().unwrap())["sub"].clone();
    assert_eq!(subject_of(&tokens), subject_of(&registered));
}

pub(super) async fn invalid_values_are_explained(subject: &Subject) {
    let browser = Browser::default();
    let page = form(subject, &browser, &[REGISTER]).await;
    for (email, password, status, text) in [
        ("Ada@Example.com", "long-enough", 422, "There is already an account"),
        ("nonsense", "long-enough", 400, "Enter an email address."),
        ("dora@example.com", "short", 422, "needs at least 8 characters"),
    ] {
        let again = browser.submit(&page, &fields(email, "\"><b>", password)).await.page();
        assert_eq!(again.status, status, "{email}");
        assert!(
            again.html.contains(text) && again.html.contains(email),
            "{}",
            again.html
        );
        assert!(again.html.contains("role=\"alert\"") && !again.html.contains("<b>"));
        assert!(again.html.contains("aria-invalid=\"true\"") && !again.html.contains(password));
    }
    let (_, users) = subject.management("GET", "/users", &Value::Null).await;
    assert_eq!(users.as_array().unwrap().len(), 3);
    // The form can be sent again.
    let dora = fields("dora@example.com", "", "long-enough");
    Callback::from(&browser.submit(&page, &dora).await.app()).code();
    let over = browser.submit(&page, &dora).await.page();
    assert_eq!(over.status, 400);
}

pub(super) async fn the_options_choose_the_first_page_and_the_pages_lead_to_each_other(subject: &Subject) {
    for (first_screen, heading, other) in [
        ("", "Sign in", "Create account"),
        ("identifier:sign_in", "Sign in", "Create account"),
        ("register", "Create account", "Sign in"),
        ("identifier:register", "Create account", "Sign in"),
    ] {
        let browser = Browser::default();
        let page = form(subject, &browser, &[("first_screen", first_screen)]).await;
        assert!(page.html.contains(&format!("<h1>{heading}</h1>")), "{}", page.html);
        let link = page.url.join(page.value_after("<a href=\"")).unwrap();
        let there = browser.open(link.as_str()).await.page();
        assert!(there.html.contains(&format!("<h1>{other}</h1>")), "{}", there.html);
    }
}

pub(super) async fn the_address_of_a_hint_is_filled_in(subject: &Subject) {
    for (hint, shown) in [
        ("dora@example.com", "value=\"dora@example.com\""),
        ("ada", "value=\"\""),
    ] {
        let page = form(subject, &Browser::default(), &[REGISTER, ("login_hint", hint)]).await;
        let field = page.html.split("name=\"email\"").nth(1).unwrap();
        assert!(field.split('>').next().unwrap().contains(shown), "{}", page.html);
    }
}

pub(super) async fn cancelling_a_registration_returns_access_denied(subject: &Subject) {
    let browser = Browser::default();
    let page = form(subject, &browser, &[REGISTER]).await;
    let cancel = [("action", "cancel")];
    let other = Browser::default().submit(&page, &cancel).await.page();
    assert_eq!(other.status, 400, "of another browser");
    let callback = Callback::from(&browser.submit(&page, &cancel).await.app());
    assert_eq!(callback.get("error"), "access_denied");
}

pub(super) async fn a_user_whom_a_step_up_asks_for_cannot_register(subject: &Subject) {
    let browser = Browser::default();
    subject.sign_in_with(&browser, "ada", &[]).await;
    let demand = [REGISTER, ("acr_values", "urn:logto:acr:mfa"), ("prompt", "login")];
    let page = form(subject, &browser, &demand).await;
    assert!(page.html.contains("<h1>Sign in</h1>"), "{}", page.html);
    assert!(!page.html.contains("Create account"));
}

pub(super) async fn a_new_user_accepts_an_invitation_without_a_new_sign_in(subject: &Subject) {
    let invitation = json!({
        "organizationId": "globex",
        "invitee": "dora@example.com",
        "expiresAt": 4_102_444_800_000_u64,
        "organizationRoleIds": ["role_member"],
    });
    let (status, invitation) = subject
        .management("POST", "/organization-invitations", &invitation)
        .await;
    assert_eq!(status, 201, "{invitation}");
    let tokens = register(subject, &Browser::default()).await;
    let user_id = claims(tokens["id_token"].as_str().unwrap())["sub"].clone();
    let path = format!(
        "/organization-invitations/{}/status",
        invitation["id"].as_str().unwrap()
    );
    let accepted = json!({ "status": "Accepted", "acceptedUserId": user_id });
    let (status, body) = subject.management("PUT", &path, &accepted).await;
    assert_eq!(status, 200, "{body}");
    let (status, token) = subject.refresh(&tokens, &[("organization_id", "globex")]).await;
    assert_eq!((status.as_u16(), &token["scope"]), (200, &json!("read:members")));
}
