//! Sign-out at the provider: revocation (RFC 7009) and the end-session URL.

use logto::{
    Diagnose as _, DiscoveryError, OAuthError, RequestError, SignOutError, TokenError, TokenTarget, UserInfoError,
};
use logto_testing::{DiscoveryFault, Endpoint, HttpFault, TestProvider};

use crate::harness::{Harness, text, value, values};

#[tokio::test]
async fn revocation_ends_the_whole_grant() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness
        .client
        .revoke(signed_in.refresh_token.as_ref().unwrap())
        .await
        .unwrap();
    let error = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
    assert_eq!(error, TokenError::Refused(OAuthError::InvalidGrant));
    let answer = harness.client.user_info(&signed_in.access_token, "usr_ada").await;
    assert_eq!(answer.unwrap_err(), UserInfoError::InvalidToken);
}

#[tokio::test]
async fn a_revocation_request_has_token_and_client() {
    let harness = Harness::start().await;
    harness.client.revoke(&"the-token".into()).await.unwrap();
    let request = harness.logged(Endpoint::Revocation).remove(0);
    assert_eq!(request.method, "POST");
    assert_eq!(request.params.get("token"), Some("the-token"));
    assert_eq!(request.params.get("token_type_hint"), Some("refresh_token"));
    assert!(request.headers["authorization"].to_str().unwrap().starts_with("Basic "));
    assert_eq!(request.params.get("client_secret"), None);
}

#[tokio::test]
async fn a_public_client_revokes_with_its_id() {
    let harness = Harness::of(TestProvider::builder().public_client()).await;
    let signed_in = harness.sign_in().await;
    harness
        .client
        .revoke(signed_in.refresh_token.as_ref().unwrap())
        .await
        .unwrap();
    let request = harness.logged(Endpoint::Revocation).remove(0);
    assert_eq!(request.params.get("client_id"), Some(harness.provider.app_id()));
    assert!(!request.headers.contains_key("authorization"));
    harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
}

#[tokio::test]
async fn revoking_an_unknown_token_is_not_an_error() {
    let harness = Harness::start().await;
    harness.client.revoke(&"nobody-knows".into()).await.unwrap();
}

#[tokio::test]
async fn a_rejected_or_lost_revocation_is_an_error() {
    let harness = Harness::with(TestProvider::builder(), |config| config.with_app_secret("wrong")).await;
    let error = harness.client.revoke(&"token".into()).await.unwrap_err();
    assert_eq!(error, SignOutError::Request(RequestError::UnexpectedStatus(401)));
    assert!(!error.is_transient());
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Revocation));
    assert!(harness.client.revoke(&"token".into()).await.unwrap_err().is_transient());
}

#[tokio::test]
async fn the_end_session_url_has_hint_client_and_return_address() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let after = harness.provider.post_logout_redirect_uri();
    let url = harness
        .client
        .end_session_url(Some(&signed_in.id_token), after)
        .await
        .unwrap();
    assert!(url.as_str().starts_with(&harness.provider.url(Endpoint::EndSession)));
    assert_eq!(value(&url, "id_token_hint"), text(signed_in.id_token.raw()));
    assert_eq!(value(&url, "client_id"), harness.provider.app_id());
    assert_eq!(value(&url, "post_logout_redirect_uri"), after);
    assert_eq!(url.query_pairs().count(), 3);

    assert_eq!(harness.provider.end_session(url.as_str()).await, after);
    assert_eq!(harness.provider.browser_user(), None);
}

#[tokio::test]
async fn the_provider_accepts_an_expired_and_a_missing_hint() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let after = harness.provider.post_logout_redirect_uri();
    harness.provider.clock().advance(1_000_000);
    for hint in [Some(&signed_in.id_token), None] {
        harness.provider.sign_in_as("ada");
        let url = harness.client.end_session_url(hint, after).await.unwrap();
        assert_eq!(values(&url, "id_token_hint").len(), usize::from(hint.is_some()));
        assert_eq!(harness.provider.end_session(url.as_str()).await, after);
        assert_eq!(harness.provider.browser_user(), None);
    }
}

#[tokio::test]
async fn missing_sign_out_endpoints_are_errors() {
    let harness = Harness::start().await;
    harness.provider.fault(DiscoveryFault::Without("revocation_endpoint"));
    harness.provider.fault(DiscoveryFault::Without("end_session_endpoint"));
    assert_eq!(
        harness.client.revoke(&"token".into()).await.unwrap_err(),
        SignOutError::NoEndpoint("revocation_endpoint")
    );
    let url = harness.client.end_session_url(None, "http://localhost:3000/").await;
    assert_eq!(url.unwrap_err(), SignOutError::NoEndpoint("end_session_endpoint"));
}

#[tokio::test]
async fn sign_out_while_the_provider_is_down_is_a_transient_error() {
    let harness = Harness::start().await;
    harness.provider.fault(HttpFault::Close.at(Endpoint::Discovery));
    let error = harness
        .client
        .end_session_url(None, "http://localhost:3000/")
        .await
        .unwrap_err();
    assert_eq!(
        error,
        SignOutError::Discovery(DiscoveryError::Request(RequestError::Unreachable))
    );
    assert!(error.is_transient());
}
