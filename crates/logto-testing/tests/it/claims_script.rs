//! The tenant's script for custom claims: it refuses access tokens after the rotation.

use logto_testing::{DEFAULT_RESOURCE, RotationRule, TestProvider, TokenFault};

use crate::client::{error, failure, refresh, sign_in, text};

/// The fault of a script for custom claims, and the error code of the refusal.
const SCRIPTS: [(TokenFault, &str); 2] = [
    (TokenFault::DeniedByScript, "access_denied"),
    (TokenFault::FailedByScript, "invalid_request"),
];

#[tokio::test]
async fn a_refusing_script_does_not_affect_refreshes_without_a_resource() {
    for (fault, code) in SCRIPTS {
        let provider = TestProvider::start().await;
        let token = text(
            &sign_in(&provider, &[("resource", DEFAULT_RESOURCE)]).await,
            "refresh_token",
        );
        provider.fault(fault);
        let refused = refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await;
        assert_eq!(failure(&refused), (400, code));
        assert_ne!(refused.1["error_description"], "Access denied.", "{code}");
        assert_eq!(refresh(&provider, &token, &[]).await.0, 200, "{code}");
    }
}

#[tokio::test]
async fn a_script_refuses_after_the_rotation() {
    for (fault, code) in SCRIPTS {
        let provider = TestProvider::builder().rotation(RotationRule::EveryUse).start().await;
        let token = text(
            &sign_in(&provider, &[("resource", DEFAULT_RESOURCE)]).await,
            "refresh_token",
        );
        provider.fault(fault);
        let refused = refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await;
        assert_eq!(failure(&refused), (400, code));
        provider.clock().advance(4);
        assert_eq!(
            error(&refresh(&provider, &token, &[]).await.1),
            "invalid_grant",
            "{code}"
        );
    }
}
