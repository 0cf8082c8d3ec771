//! The modules of the OpenID Foundation's conformance suite for relying parties, each under its own
//! name. `docs/conformance.md` lists all of them, including those that do not apply.

mod basic;
mod configuration;
mod further;
mod refresh_token;

use logto::{CallbackError, Diagnose as _, SignedIn, UserInfo};
use logto_testing::{Endpoint, Fault, SigningAlgorithm, TestProvider};

use crate::harness::{Harness, all_text};

async fn rs256() -> Harness {
    Harness::of(TestProvider::builder().signing_algorithm(SigningAlgorithm::Rs256)).await
}

/// Signs in and fetches userinfo, as the suite expects of a successful client.
async fn sign_in(harness: &Harness) -> (SignedIn, UserInfo) {
    let signed_in = harness.sign_in().await;
    let sub = &signed_in.id_token.claims().sub;
    let user_info = harness.client.user_info(&signed_in.access_token, sub).await.unwrap();
    (signed_in, user_info)
}

/// The error of a sign-in at a provider with this fault. Asserts that no further request follows,
/// and that the next sign-in without the fault succeeds.
async fn refusal_at(harness: &Harness, fault: impl Into<Fault>) -> CallbackError {
    harness.provider.fault(fault);
    let error = harness.try_sign_in().await.unwrap_err();
    assert!(!error.is_transient(), "{error:?}");
    assert!(!all_text(&error).contains("evil"));
    let asked = |endpoint| harness.provider.requests(endpoint);
    assert_eq!((asked(Endpoint::Token), asked(Endpoint::UserInfo)), (1, 0));
    harness.provider.clear_faults();
    harness.assert_signs_in().await;
    error
}

async fn refusal(fault: impl Into<Fault>) -> CallbackError {
    refusal_at(&Harness::start().await, fault).await
}
