//! Requirements with `within`: the user enters credentials again, and comes back.

use std::time::Duration;

use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode};
use logto_axum::{Acr, AuthSession, Requirement, SessionError, role, signed_in};
use logto_testing::{IdTokenFault, TestProvider, User};
use serde_json::json;

use super::{
    HOUR, allowed, assert_nothing_started, fetch, guarded, guarded_with, open, outcome, pass_provider, provider,
    refused,
};
use crate::app::{App, BASE};

/// The clock tolerance of the configuration, in seconds.
const TOLERANCE: u64 = 60;

fn within(seconds: u64) -> Requirement {
    signed_in().within(Duration::from_secs(seconds))
}

fn parameter(app: &App, name: &str) -> Option<String> {
    let request = app.provider.last_authorization().unwrap();
    request.params.get(name).map(str::to_owned)
}

#[tokio::test]
async fn an_old_sign_in_is_repeated_and_leads_back_to_the_same_page() {
    let app = guarded(within(300)).await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR);
    for _ in 0..2 {
        let sent = open(&browser, "/guarded?tab=2").await;
        let back = pass_provider(&browser, &sent).await;
        assert_eq!(back, format!("{BASE}/guarded?tab=2"));
        assert_eq!(parameter(&app, "max_age").as_deref(), Some("300"));
        assert_eq!(
            parameter(&app, "prompt").as_deref(),
            Some("consent"),
            "otherwise the new session would have no refresh token"
        );
        app.provider.clock().advance(300 + TOLERANCE);
        let page = open(&browser, "/guarded?tab=2").await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "usr_ada"));
        app.provider.clock().advance(1);
    }
}

/// The provider knows how old the sign-in is, so the user does not see its page.
#[tokio::test]
async fn a_recent_sign_in_without_a_known_time_is_confirmed_by_the_provider() {
    let app = guarded(within(300)).await;
    let browser = app.signed_in("ada").await;
    let authenticated = app.provider.clock().now();
    app.provider.clock().advance(100);
    let sent = open(&browser, "/guarded").await;
    pass_provider(&browser, &sent).await;
    assert_eq!(outcome(&browser).await, allowed("ada"));
    app.provider.clock().advance(200 + TOLERANCE);
    assert_eq!(app.provider.clock().now(), authenticated + 300 + TOLERANCE);
    assert_eq!(outcome(&browser).await, allowed("ada"));
    app.provider.clock().advance(1);
    assert_eq!(outcome(&browser).await, refused(401, "step_up_needed"));
}

/// The refreshed ID tokens claim a new authentication, which a provider must not do (OIDC Core
/// §12.2).
#[tokio::test]
async fn a_refresh_never_makes_a_sign_in_recent() {
    let app = guarded(within(300)).await;
    let browser = app.browser();
    for _ in 0..2 {
        let sent = open(&browser, "/guarded").await;
        pass_provider(&browser, &sent).await;
    }
    assert_eq!(outcome(&browser).await, allowed("ada"));
    app.provider.fault(IdTokenFault::AuthTimePast(0));
    for _ in 0..2 {
        app.provider.clock().advance(HOUR + 1);
        assert_eq!(outcome(&browser).await, refused(401, "step_up_needed"));
    }
}

/// A provider that ignores `max_age` sends no time, so the callback fails.
#[tokio::test]
async fn a_provider_that_ignores_the_age_causes_no_redirect_loop() {
    let app = guarded(within(300)).await;
    let browser = app.signed_in("ada").await;
    for fault in [IdTokenFault::AuthTimeMissing, IdTokenFault::AuthTimePast(HOUR)] {
        app.provider.fault(fault);
        let sent = open(&browser, "/guarded").await;
        let back = pass_provider(&browser, &sent).await;
        assert!(
            back.starts_with(&format!("{BASE}/failed?code=authentication_too_old")),
            "{back}"
        );
        app.provider.clear_faults();
    }
    assert_eq!(outcome(&browser).await, refused(401, "step_up_needed"));
}

/// The callback accepts the time within the clock tolerance, so the page does too.
#[tokio::test]
async fn a_provider_whose_clock_is_slow_causes_no_redirect_loop() {
    let app = guarded(within(10)).await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(IdTokenFault::AuthTimePast(10 + TOLERANCE));
    let sent = open(&browser, "/guarded").await;
    assert_eq!(pass_provider(&browser, &sent).await, format!("{BASE}/guarded"));
    let page = open(&browser, "/guarded").await;
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "usr_ada"));
}

#[tokio::test]
async fn only_opening_a_page_starts_a_step_up() {
    let app = guarded(within(300)).await;
    let browser = app.signed_in("ada").await;
    let answer = fetch(&browser, "/guarded").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.body, "step_up_needed");
    assert_nothing_started(&browser, &answer);
    let prefetch = Request::get("/guarded")
        .header("sec-purpose", "prefetch")
        .header("accept", "text/html");
    let answer = browser.send(prefetch.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_nothing_started(&browser, &answer);
}

#[tokio::test]
async fn a_user_without_the_role_is_not_asked_to_sign_in_again() {
    let app = guarded(role("admin").within(Duration::from_secs(300))).await;
    let browser = app.signed_in("bob").await;
    let page = open(&browser, "/guarded").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_nothing_started(&browser, &page);
}

/// A handler that returns the error shows a page, whose button asks for a recent sign-in.
#[tokio::test]
async fn the_page_about_an_old_sign_in_has_a_button_that_repeats_it() {
    let app = guarded_with(provider().await, signed_in(), |web| web);
    let page = async |session: AuthSession| -> Result<String, SessionError> {
        Ok(session.require(within(300)).await?.id().to_owned())
    };
    let own = Router::new().route("/transfer", get(page)).merge(app.logto.routes());
    let own = own.layer(app.logto.layer());
    let app = app.map_router(|_| own);
    let browser = app.signed_in("ada").await;
    let page = open(&browser, "/transfer?to=bob").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    for part in [
        "<h1>Please confirm it's you</h1>",
        "<code>step_up_needed</code>",
        r#"name="return_to" value="/transfer?to=bob""#,
        r#"name="max_age" value="300""#,
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let sent = browser.post("/sign-in", "return_to=/transfer?to=bob&max_age=300").await;
    assert_eq!(pass_provider(&browser, &sent).await, format!("{BASE}/transfer?to=bob"));
    assert_eq!(open(&browser, "/transfer?to=bob").await.body, "usr_ada");
}

async fn provider_with_step_up() -> TestProvider {
    let [ada, bob] = ["ada", "bob"].map(User::new);
    let provider = TestProvider::builder()
        .user(ada.with_second_factor())
        .user(bob)
        .step_up();
    provider.start().await
}

fn mfa() -> Requirement {
    signed_in().acr(Acr::Mfa)
}

#[tokio::test]
async fn a_weak_sign_in_is_strengthened_and_leads_back_to_the_same_page() {
    let app = guarded_with(provider_with_step_up().await, mfa(), |web| web);
    let browser = app.signed_in("ada").await;
    let sent = open(&browser, "/guarded?tab=2").await;
    let back = pass_provider(&browser, &sent).await;
    assert_eq!(back, format!("{BASE}/guarded?tab=2"));
    assert_eq!(parameter(&app, "acr_values").as_deref(), Some("urn:logto:acr:mfa"));
    assert_eq!(outcome(&browser).await, allowed("ada"));
    // Refreshed tokens keep the class.
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(outcome(&browser).await, allowed("ada"));
}

/// The refreshed ID tokens claim a second factor, which the user has not proved.
#[tokio::test]
async fn a_refresh_never_makes_a_sign_in_strong() {
    let app = guarded_with(provider_with_step_up().await, mfa(), |web| web);
    let browser = app.signed_in("ada").await;
    app.provider.fault(IdTokenFault::SecondFactorUnproved);
    for _ in 0..2 {
        app.provider.clock().advance(HOUR + 1);
        assert_eq!(outcome(&browser).await, refused(401, "step_up_needed"));
    }
    app.provider.clear_faults();
    let sent = open(&browser, "/guarded").await;
    pass_provider(&browser, &sent).await;
    assert_eq!(outcome(&browser).await, allowed("ada"), "a sign-in proves it");
}

/// A refreshed ID token may claim less than the sign-in has proved, and the class then is the
/// weaker one.
#[tokio::test]
async fn a_refresh_can_weaken_a_sign_in() {
    let app = guarded_with(provider_with_step_up().await, mfa(), |web| web);
    let browser = app.signed_in("ada").await;
    let sent = open(&browser, "/guarded").await;
    pass_provider(&browser, &sent).await;
    let expectations = [
        (Some("urn:logto:acr:1fa"), refused(401, "step_up_needed")),
        (Some("urn:example:other"), refused(401, "step_up_needed")),
        (None, refused(401, "step_up_needed")),
        (Some("urn:logto:acr:mfa"), allowed("ada")),
    ];
    for (class, expected) in expectations {
        app.provider.clear_faults();
        app.provider.fault(IdTokenFault::claims(move |claims| {
            claims.insert("acr".to_owned(), json!(class));
        }));
        app.provider.clock().advance(HOUR + 1);
        assert_eq!(outcome(&browser).await, expected, "{class:?}");
    }
}

#[tokio::test]
async fn a_user_without_a_second_factor_is_told_so_and_stays_signed_in() {
    let app = guarded_with(provider_with_step_up().await, mfa(), |web| web);
    let browser = app.signed_in("bob").await;
    let sent = open(&browser, "/guarded").await;
    let back = pass_provider(&browser, &sent).await;
    let failed = format!("{BASE}/failed?code=unmet_authentication_requirements");
    assert!(back.starts_with(&failed), "{back}");
    assert_eq!(
        outcome(&browser).await,
        refused(401, "step_up_needed"),
        "still signed in"
    );
}

/// Logto before 1.46 ignores `acr_values`, and sends no `acr`.
#[tokio::test]
async fn a_provider_that_ignores_the_class_causes_no_redirect_loop() {
    let app = guarded(mfa()).await;
    let browser = app.signed_in("ada").await;
    let sent = open(&browser, "/guarded").await;
    let back = pass_provider(&browser, &sent).await;
    let failed = format!("{BASE}/failed?code=authentication_too_weak");
    assert!(back.starts_with(&failed), "{back}");
    assert_eq!(
        outcome(&browser).await,
        refused(401, "step_up_needed"),
        "still signed in"
    );
}
