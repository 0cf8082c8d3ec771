//! Errors of the token endpoint (RFC 6749 §5.2) as Logto sends them, and transient errors.

use std::time::Duration;

use logto::{Diagnose as _, Fault, LogtoConfig, OAuthError, RequestError, TokenError, TokenTarget};
use logto_testing::{
    DEFAULT_RESOURCE, Endpoint, HOSTILE_TEXT, HttpFault, RotationRule, TestProvider, TestProviderBuilder, TokenFault,
};

use crate::harness::{Harness, all_text, client, in_time};

struct Case {
    harness: Harness,
    target: TokenTarget,
}

impl Case {
    async fn start() -> Self {
        Self::with(TestProvider::builder(), |config| config).await
    }

    async fn with(builder: TestProviderBuilder, change: impl FnOnce(LogtoConfig) -> LogtoConfig) -> Self {
        Self {
            harness: Harness::with(builder, change).await,
            target: TokenTarget::USER_INFO,
        }
    }

    fn target(mut self, target: TokenTarget) -> Self {
        self.target = target;
        self
    }

    /// The error of a refresh after a sign-in and the event `happens`.
    async fn error(&self, happens: impl FnOnce(&TestProvider)) -> TokenError {
        let signed_in = self.harness.sign_in().await;
        happens(&self.harness.provider);
        self.harness.refresh(&signed_in, &self.target).await.unwrap_err()
    }
}

fn assert_refused(error: &TokenError, expected: OAuthError, fault: Fault) {
    assert_eq!(*error, TokenError::Refused(expected));
    assert_eq!((error.fault(), error.is_transient()), (fault, false));
    assert_eq!(error.code(), expected.code());
    assert_eq!(error.ends_grant(), expected == OAuthError::InvalidGrant);
}

#[tokio::test]
async fn an_unknown_resource_is_a_configuration_error() {
    let case = Case::start()
        .await
        .target(TokenTarget::resource("https://unknown.example.com"));
    assert_refused(
        &case.error(|_| {}).await,
        OAuthError::InvalidTarget,
        Fault::Configuration,
    );
}

#[tokio::test]
async fn an_organization_without_the_user_is_a_user_error() {
    for id in ["initech", "acme2"] {
        let case = Case::start().await.target(TokenTarget::organization(id));
        assert_refused(&case.error(|_| {}).await, OAuthError::AccessDenied, Fault::User);
    }
}

#[tokio::test]
async fn a_missing_organizations_scope_is_a_configuration_error() {
    let case = Case::with(TestProvider::builder(), |config| config.with_scopes::<String>([])).await;
    let error = case.target(TokenTarget::organization("acme")).error(|_| {}).await;
    assert_refused(&error, OAuthError::InsufficientScope, Fault::Configuration);
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_a_configuration_error() {
    let case = Case::start().await;
    let error = case
        .error(|provider| provider.fault(TokenFault::Error(400, "invalid_scope")))
        .await;
    assert_refused(&error, OAuthError::InvalidScope, Fault::Configuration);
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_app_are_configuration_errors() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let wrong_secret = client(&harness.provider, |config| config.with_app_secret("wrong"));
    let unknown_app = client(&harness.provider, |config| config.with_app_id("unknown"));
    for client in [wrong_secret, unknown_app] {
        let token = signed_in.refresh_token.as_ref().unwrap();
        let refreshed = client
            .refresh(token, &TokenTarget::USER_INFO, &signed_in.id_token)
            .await;
        assert_refused(&refreshed.unwrap_err(), OAuthError::InvalidClient, Fault::Configuration);
    }
}

#[tokio::test]
async fn every_end_of_a_grant_is_reported_as_such() {
    type Event = fn(&TestProvider);
    let events: [Event; 4] = [
        |provider| provider.revoke_grants("ada"),
        |provider| provider.update_user("ada", |user| user.suspended = true),
        |provider| provider.clock().advance(14 * 86_400),
        |provider| provider.fault(TokenFault::Error(400, "invalid_grant")),
    ];
    for event in events {
        let error = Case::start().await.error(event).await;
        assert_refused(&error, OAuthError::InvalidGrant, Fault::User);
    }
}

#[tokio::test]
async fn an_unknown_and_a_reused_refresh_token_end_the_grant() {
    let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
    let signed_in = harness.sign_in().await;
    let unknown = harness
        .client
        .refresh(&"nobody-knows".into(), &TokenTarget::USER_INFO, &signed_in.id_token)
        .await;
    assert_refused(&unknown.unwrap_err(), OAuthError::InvalidGrant, Fault::User);

    let newest = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    harness.provider.clock().advance(4);
    let reused = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
    assert_refused(&reused, OAuthError::InvalidGrant, Fault::User);
    let newest = newest.refresh_token.unwrap();
    let after = harness
        .client
        .refresh(&newest, &TokenTarget::USER_INFO, &signed_in.id_token)
        .await;
    assert_refused(&after.unwrap_err(), OAuthError::InvalidGrant, Fault::User);
}

#[tokio::test]
async fn busy_and_failing_providers_are_transient_and_keep_the_grant() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    for status in [408, 429, 500, 502, 503, 504] {
        harness
            .provider
            .fault_once(HttpFault::RetryAfter(status, "17").at(Endpoint::Token));
        let error = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
        let retry_after = Some(Duration::from_secs(17));
        assert_eq!(
            error,
            TokenError::Request(RequestError::Unavailable { status, retry_after })
        );
        assert!(error.is_transient() && !error.ends_grant(), "{status}");
        assert_eq!((error.fault(), error.retry_after()), (Fault::Provider, retry_after));
    }
    let _ = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
}

/// A 500 with `invalid_grant` in its body does not end the grant.
#[tokio::test]
async fn a_server_error_with_invalid_grant_keeps_the_grant() {
    let error = Case::start()
        .await
        .error(|provider| provider.fault(TokenFault::Error(500, "invalid_grant")))
        .await;
    assert!(error.is_transient() && !error.ends_grant(), "{error:?}");
}

#[tokio::test]
async fn timeouts_and_broken_connections_are_transient_and_keep_the_grant() {
    let mut harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.limit(Duration::from_millis(300)).await;
    for (fault, expected) in [
        (HttpFault::Hang, RequestError::TimedOut),
        (HttpFault::StallBody, RequestError::TimedOut),
        (HttpFault::Reset, RequestError::Unreachable),
        (HttpFault::Close, RequestError::Unreachable),
        (HttpFault::LoseAnswer, RequestError::Unreachable),
    ] {
        harness.provider.fault_once(fault.at(Endpoint::Token));
        let refreshed = in_time(harness.refresh(&signed_in, &TokenTarget::USER_INFO)).await;
        let error = refreshed.unwrap_err();
        assert_eq!(error, TokenError::Request(expected));
        assert!(error.is_transient() && !error.ends_grant());
    }
}

#[tokio::test]
async fn errors_that_the_provider_reports_as_temporary_are_transient() {
    for code in ["server_error", "temporarily_unavailable"] {
        let error = Case::start()
            .await
            .error(|provider| provider.fault(TokenFault::Error(400, code)))
            .await;
        assert!(error.is_transient() && !error.ends_grant());
        assert_eq!(error.fault(), Fault::Provider);
    }
}

#[tokio::test]
async fn rejects_an_error_response_without_repeating_its_text() {
    let case = Case::start().await.target(TokenTarget::resource(DEFAULT_RESOURCE));
    let error = case
        .error(|provider| provider.fault(TokenFault::Error(400, HOSTILE_TEXT)))
        .await;
    assert_eq!(error, TokenError::Refused(OAuthError::Other));
    let text = all_text(&error);
    for word in ["script", "onerror", "evil", "requested by the test"] {
        assert!(!text.contains(word), "{text}");
    }
}
