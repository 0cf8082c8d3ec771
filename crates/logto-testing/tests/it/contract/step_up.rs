//! Step-up authentication: `acr_values` is a demand.

use super::{
    browser::{Browser, Page},
    subject::{Callback, PRODUCTS, Subject, claims, credentials},
};
use serde_json::{Value, json};

const FIRST_FACTOR: &str = "urn:logto:acr:1fa";
const MFA: &str = "urn:logto:acr:mfa";
const CODE: [(&str, &str); 2] = [("code", "123456"), ("action", "confirm")];

async fn signed_in(subject: &Subject, user: &str) -> Browser {
    let browser = Browser::default();
    subject.sign_in_with(&browser, user, &[]).await;
    browser
}

fn assert_asks_for_the_second_factor(page: &Page) {
    assert!(page.url.path().starts_with("/step-up/"), "{}", page.url);
    assert!(page.html.contains("name=\"code\"") && !page.asks_for_password());
}

/// The error of the callback, without a page before it.
async fn error(subject: &Subject, browser: &Browser, changes: &[(&str, &str)]) -> String {
    let callback = Callback::from(&browser.open(&subject.authorization(changes)).await.app());
    callback.get("error").to_owned()
}

/// The claims about the authentication in the ID token and in an access token for an API.
async fn reported(subject: &Subject, callback: &Callback) -> [Value; 2] {
    let (status, tokens) = subject.exchange(&callback.code(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let (_, access_token) = subject.target(&tokens, &[("resource", PRODUCTS)]).await;
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(id_token["auth_time"], access_token["auth_time"]);
    [id_token, access_token].map(|claims| json!([claims["acr"], claims["amr"]]))
}

pub(super) async fn tokens_say_how_the_user_has_authenticated(subject: &Subject) {
    let callback = subject.callback(&Browser::default(), "ada", &[]).await;
    let by_password = json!([FIRST_FACTOR, ["pwd"]]);
    assert_eq!(reported(subject, &callback).await, [by_password.clone(), by_password]);
}

pub(super) async fn a_session_is_asked_only_for_the_second_factor(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let page = browser
        .open(&subject.authorization(&[("acr_values", MFA)]))
        .await
        .page();
    assert_asks_for_the_second_factor(&page);
    let wrong = [("code", "000000"), ("action", "confirm")];
    let page = browser.submit(&page, &wrong).await.page();
    assert_eq!(page.status, 401);
    let callback = Callback::from(&browser.submit(&page, &CODE).await.app());
    let by_second_factor = json!([MFA, ["pwd", "otp", "mfa"]]);
    assert_eq!(
        reported(subject, &callback).await,
        [by_second_factor.clone(), by_second_factor]
    );
    let silent = subject.authorization(&[("acr_values", MFA), ("prompt", "none")]);
    Callback::from(&browser.open(&silent).await.app()).code();
}

pub(super) async fn without_a_session_both_factors_are_asked_for(subject: &Subject) {
    let browser = Browser::default();
    for prompt in ["consent", "login consent"] {
        let request = subject.authorization(&[("acr_values", MFA), ("prompt", prompt)]);
        let form = browser.open(&request).await.page();
        assert!(form.asks_for_password(), "{prompt}");
        let page = browser.submit(&form, &credentials("ada")).await.page();
        assert_asks_for_the_second_factor(&page);
        Callback::from(&browser.submit(&page, &CODE).await.app()).code();
    }
}

pub(super) async fn a_proof_that_is_too_old_is_repeated_by_the_same_user(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    subject.advance(100).await;
    let request = subject.authorization(&[("acr_values", FIRST_FACTOR), ("max_age", "10")]);
    let form = browser.open(&request).await.page();
    assert!(form.html.contains("value=\"ada\" readonly"), "{}", form.html);
    let form = browser.submit(&form, &credentials("bob")).await.page();
    assert_eq!(form.status, 401);
    Callback::from(&browser.submit(&form, &credentials("ada")).await.app()).code();
}

pub(super) async fn any_class_of_the_demand_will_do(subject: &Subject) {
    let browser = signed_in(subject, "bob").await;
    for classes in [
        FIRST_FACTOR,
        "urn:example:other urn:logto:acr:1fa",
        "urn:logto:acr:mfa urn:logto:acr:1fa",
    ] {
        let request = subject.authorization(&[("acr_values", classes)]);
        Callback::from(&browser.open(&request).await.app()).code();
    }
}

pub(super) async fn a_demand_that_cannot_be_met_fails_and_the_session_stays(subject: &Subject) {
    let browser = signed_in(subject, "bob").await;
    subject.advance(100).await;
    for changes in [
        &[("acr_values", MFA)][..],
        &[("acr_values", MFA), ("prompt", "none")],
        &[("acr_values", "urn:example:other")],
        &[("acr_values", FIRST_FACTOR), ("max_age", "10"), ("prompt", "none")],
    ] {
        let error = error(subject, &browser, changes).await;
        assert_eq!(error, "unmet_authentication_requirements", "{changes:?}");
    }
    Callback::from(&browser.open(&subject.authorization(&[])).await.app()).code();
    let (other, unknown) = (Browser::default(), [("acr_values", "urn:example:other")]);
    assert_eq!(
        error(subject, &other, &unknown).await,
        "unmet_authentication_requirements"
    );
    let silent = [("acr_values", MFA), ("prompt", "none")];
    assert_eq!(error(subject, &other, &silent).await, "login_required");
}

pub(super) async fn a_user_without_a_second_factor_signs_in_and_the_demand_fails(subject: &Subject) {
    let browser = Browser::default();
    let form = browser
        .open(&subject.authorization(&[("acr_values", MFA)]))
        .await
        .page();
    let callback = Callback::from(&browser.submit(&form, &credentials("bob")).await.app());
    assert_eq!(callback.get("error"), "unmet_authentication_requirements");
}

pub(super) async fn cancelling_the_second_factor_returns_access_denied(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let page = browser
        .open(&subject.authorization(&[("acr_values", MFA)]))
        .await
        .page();
    let fields = [("code", ""), ("action", "cancel")];
    let callback = Callback::from(&browser.submit(&page, &fields).await.app());
    assert_eq!(callback.get("error"), "access_denied");
}

pub(super) async fn another_browser_cannot_prove_the_second_factor(subject: &Subject) {
    let browser = signed_in(subject, "ada").await;
    let page = browser
        .open(&subject.authorization(&[("acr_values", MFA)]))
        .await
        .page();
    assert_eq!(Browser::default().submit(&page, &CODE).await.page().status, 400);
    Callback::from(&browser.submit(&page, &CODE).await.app()).code();
}
