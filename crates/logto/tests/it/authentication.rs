//! How the user has authenticated, after refreshes that claim otherwise (OIDC Core §12.2).

use logto::{Acr, Amr, SignedIn, TokenTarget, session::Session};
use logto_testing::{IdTokenFault, TestProvider, User};
use serde_json::{Value, json};

use crate::{harness::Harness, session::reopened};

async fn harness() -> Harness {
    let grace = User::new("grace").with_second_factor();
    let harness = Harness::of(TestProvider::builder().user(grace).step_up()).await;
    harness.provider.sign_in_as("grace");
    harness
}

async fn signed_in(harness: &Harness, class: Acr) -> (SignedIn, Session) {
    let options = harness.options().with_acr_values([class]);
    let signed_in = harness.try_sign_in_with(options).await.unwrap();
    let session = Session::begin(signed_in.clone(), harness.client.now(), harness.client.random()).unwrap();
    (signed_in, session)
}

/// The session after a refresh whose ID token has these claims, and after it was stored.
async fn refreshed(harness: &Harness, from: &SignedIn, session: &Session, claims: Value) -> Session {
    harness.provider.clear_faults();
    harness.provider.fault(IdTokenFault::claims(move |all| {
        all.extend(claims.as_object().unwrap().clone());
    }));
    let tokens = harness.refresh(from, &TokenTarget::USER_INFO).await.unwrap();
    reopened(&session.renewed(TokenTarget::USER_INFO, tokens, harness.client.now()))
}

fn methods(session: &Session) -> Vec<&str> {
    session.amr().map(Amr::as_str).collect()
}

#[tokio::test]
async fn a_refreshed_class_counts_up_to_the_one_of_the_sign_in() {
    let harness = harness().await;
    let other = || Acr::from("urn:example:other");
    for (at_sign_in, claimed, counted) in [
        (Acr::FirstFactor, Some(Acr::Mfa), Some(Acr::FirstFactor)),
        (Acr::FirstFactor, Some(Acr::FirstFactor), Some(Acr::FirstFactor)),
        (Acr::FirstFactor, Some(other()), None),
        (Acr::FirstFactor, None, None),
        (Acr::Mfa, Some(Acr::Mfa), Some(Acr::Mfa)),
        (Acr::Mfa, Some(Acr::FirstFactor), Some(Acr::FirstFactor)),
        (Acr::Mfa, None, None),
    ] {
        harness.provider.clear_faults();
        harness.provider.sign_in_as("grace");
        let (from, mut session) = signed_in(&harness, at_sign_in.clone()).await;
        assert_eq!(session.acr(), Some(&at_sign_in));
        for _ in 0..2 {
            session = refreshed(&harness, &from, &session, json!({ "acr": claimed })).await;
            assert_eq!(session.acr(), counted.as_ref(), "{at_sign_in} then {claimed:?}");
        }
        session = refreshed(&harness, &from, &session, json!({ "acr": at_sign_in })).await;
        assert_eq!(
            session.acr(),
            Some(&at_sign_in),
            "the class of the sign-in counts again"
        );
    }
}

#[tokio::test]
async fn a_refresh_adds_no_method() {
    let harness = harness().await;
    let (from, session) = signed_in(&harness, Acr::FirstFactor).await;
    assert_eq!(methods(&session), ["pwd"]);
    let session = refreshed(&harness, &from, &session, json!({ "amr": ["mfa", "pwd", "otp"] })).await;
    assert_eq!(methods(&session), ["pwd"]);
    let session = refreshed(&harness, &from, &session, json!({ "amr": ["sms"] })).await;
    assert_eq!(methods(&session), [""; 0]);
}

/// The user has authenticated before the sign-in, which Logto's session made possible without a
/// password.
#[tokio::test]
async fn a_refreshed_time_counts_up_to_the_one_of_the_sign_in() {
    let harness = harness().await;
    let authenticated = harness.client.now();
    harness.provider.clock().advance(100);
    let (from, session) = signed_in(&harness, Acr::FirstFactor).await;
    assert_eq!(session.authenticated_at(), Some(authenticated));
    for (claimed, counted) in [
        (harness.client.now(), authenticated),
        (harness.client.now().plus(100), authenticated),
        (authenticated.minus(1), authenticated.minus(1)),
    ] {
        let claims = json!({ "auth_time": claimed.as_secs() });
        let session = refreshed(&harness, &from, &session, claims).await;
        assert_eq!(session.authenticated_at(), Some(counted), "{claimed:?}");
    }
    let session = refreshed(&harness, &from, &session, json!({ "auth_time": null })).await;
    assert_eq!(session.authenticated_at(), Some(authenticated), "that of the sign-in");
}
