//! `oidcc-client-refreshtoken-test-plan`, and the refresh modules that are in no plan.

use logto::{Diagnose as _, IdTokenError, TokenError, TokenTarget};
use logto_testing::IdTokenFault;

use super::sign_in;
use crate::harness::{Harness, text};

async fn refreshed_with(fault: IdTokenFault) -> TokenError {
    let harness = Harness::start().await;
    let (signed_in, _) = sign_in(&harness).await;
    harness.provider.fault(fault);
    harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err()
}

#[tokio::test]
async fn oidcc_client_test_refresh_token() {
    let harness = Harness::start().await;
    let (signed_in, _) = sign_in(&harness).await;
    let tokens = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    assert_ne!(text(&tokens.access_token.secret), text(&signed_in.access_token.secret));
    assert_eq!(tokens.id_token.unwrap().claims().sub, "usr_ada");
    harness.client.user_info(&tokens.access_token, "usr_ada").await.unwrap();
}

#[tokio::test]
async fn rejects_oidcc_client_test_refresh_token_invalid_issuer() {
    let error = refreshed_with(IdTokenFault::IssuerWrong).await;
    assert_eq!(error, TokenError::IdToken(IdTokenError::Issuer));
    assert!(!error.is_transient() && !error.ends_grant());
}

/// After another subject the session cannot continue.
#[tokio::test]
async fn rejects_oidcc_client_test_refresh_token_invalid_sub() {
    let error = refreshed_with(IdTokenFault::SubjectOther).await;
    assert_eq!(error, TokenError::SubjectChanged);
    assert!(!error.is_transient() && error.ends_grant());
}

#[tokio::test]
async fn rejects_oidcc_client_test_refresh_token_invalid_aud() {
    let error = refreshed_with(IdTokenFault::AudienceOther).await;
    assert_eq!(error, TokenError::IdToken(IdTokenError::Audience));
}

#[tokio::test]
async fn rejects_oidcc_client_test_refresh_token_invalid_azp() {
    let error = refreshed_with(IdTokenFault::AzpOther).await;
    assert_eq!(error, TokenError::IdToken(IdTokenError::AuthorizedParty));
}
