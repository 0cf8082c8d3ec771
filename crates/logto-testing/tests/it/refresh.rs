//! The refresh grant: resource tokens and errors.

use logto_testing::{DEFAULT_RESOURCE, Endpoint, Lifetimes, Membership, RotationRule, TestProvider, User};
use serde_json::Value;

use crate::client::{
    EVERYTHING, Fields, ORGANIZATIONS_RESOURCE, authorization_url, error, failure, header, names, param, post, refresh,
    sign_in, sign_in_for_everything, text, verify,
};

const OTHER_API: &str = "https://api.example.com/orders";

#[tokio::test]
async fn a_refresh_without_a_resource_returns_an_opaque_token_and_an_id_token() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    let (status, tokens) = refresh(&provider, &token, &[]).await;
    assert_eq!(status, 200);
    assert!(!text(&tokens, "access_token").contains('.'));
    assert!(tokens["id_token"].is_string());
    assert_eq!(tokens["refresh_token"], token);
}

#[tokio::test]
async fn a_refresh_with_a_resource_returns_a_jwt() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    let (status, tokens) = refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await;
    assert_eq!(status, 200);
    assert_eq!(tokens["scope"], "read:products write:products");
    let access_token = text(&tokens, "access_token");
    assert_eq!(header(&access_token)["typ"], "at+jwt");
    assert_eq!(header(&access_token)["alg"], "ES384");
    let claims = verify(&provider, &access_token).unwrap();
    assert_eq!(
        names(&claims),
        ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"]
    );
    assert_eq!(claims["aud"], DEFAULT_RESOURCE);
    assert_eq!(claims["client_id"], provider.app_id());
    assert_eq!(claims["scope"], "read:products write:products");
    assert!(tokens["id_token"].is_string());
}

#[tokio::test]
async fn a_down_scoped_refresh_without_openid_returns_no_id_token() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    let fields = [("resource", DEFAULT_RESOURCE), ("scope", "read:products")];
    let (status, tokens) = refresh(&provider, &token, &fields).await;
    assert_eq!(
        (status.as_u16(), &tokens["scope"]),
        (200, &Value::from("read:products"))
    );
    assert_eq!(tokens.get("id_token"), None);
}

#[tokio::test]
async fn a_user_without_permission_gets_an_empty_scope_not_an_error() {
    let provider = TestProvider::builder().user(User::new("eve")).start().await;
    let token = text(
        &sign_in(&provider, &[("resource", DEFAULT_RESOURCE)]).await,
        "refresh_token",
    );
    let (status, tokens) = refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await;
    assert_eq!((status.as_u16(), &tokens["scope"]), (200, &Value::from("")));
    assert_eq!(
        verify(&provider, &text(&tokens, "access_token")).unwrap().get("scope"),
        None
    );
}

#[tokio::test]
async fn scopes_of_the_authorization_request_apply_to_every_resource() {
    let user = User::new("ada")
        .with_permission(DEFAULT_RESOURCE, "read")
        .with_permission(OTHER_API, "read")
        .with_permission(OTHER_API, "write");
    let provider = TestProvider::builder()
        .resource(DEFAULT_RESOURCE)
        .resource(OTHER_API)
        .user(user)
        .start()
        .await;
    let fields = [
        ("scope", "openid offline_access read write"),
        ("resource", DEFAULT_RESOURCE),
        ("resource", OTHER_API),
    ];
    let token = text(&sign_in(&provider, &fields).await, "refresh_token");
    assert_eq!(
        refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await.1["scope"],
        "read"
    );
    assert_eq!(
        refresh(&provider, &token, &[("resource", OTHER_API)]).await.1["scope"],
        "read write"
    );
}

#[tokio::test]
async fn a_removed_permission_is_missing_from_the_next_token() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    provider.update_user("ada", |ada| {
        ada.permissions
            .get_mut(DEFAULT_RESOURCE)
            .unwrap()
            .remove("write:products");
    });
    assert_eq!(
        refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await.1["scope"],
        "read:products"
    );
}

#[tokio::test]
async fn without_an_organization_a_resource_token_has_the_permissions_of_every_organization() {
    let user = User::new("ada").with_permission(DEFAULT_RESOURCE, "read:products");
    let user =
        user.with_organization(Membership::of("acme").with_resource_permission(DEFAULT_RESOURCE, "write:products"));
    let provider = TestProvider::builder().user(user).start().await;
    let token = sign_in_for_everything(&provider).await;
    assert_eq!(
        refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await.1["scope"],
        "read:products write:products"
    );
}

#[tokio::test]
async fn an_unknown_resource_returns_invalid_target() {
    let provider = TestProvider::builder()
        .resource(DEFAULT_RESOURCE)
        .resource(OTHER_API)
        .start()
        .await;
    let token = sign_in_for_everything(&provider).await;
    for resource in ["https://unknown.example.com", OTHER_API] {
        let refused = refresh(&provider, &token, &[("resource", resource)]).await;
        assert_eq!(failure(&refused), (400, "invalid_target"), "{resource}");
    }
}

#[tokio::test]
async fn an_organization_without_membership_is_403_access_denied() {
    let provider = TestProvider::start().await;
    provider.sign_in_as("bob");
    let token = sign_in_for_everything(&provider).await;
    for id in ["acme", "no-such-organization"] {
        let refused = refresh(&provider, &token, &[("organization_id", id)]).await;
        assert_eq!(failure(&refused), (403, "access_denied"));
        assert_eq!(
            refused.1["error_description"],
            "user is not a member of the organization"
        );
    }
}

#[tokio::test]
async fn an_organization_without_the_organizations_scope_is_403_insufficient_scope() {
    let provider = TestProvider::start().await;
    let fields = [("scope", "openid offline_access"), ("resource", ORGANIZATIONS_RESOURCE)];
    let token = text(&sign_in(&provider, &fields).await, "refresh_token");
    let refused = refresh(&provider, &token, &[("organization_id", "acme")]).await;
    assert_eq!(failure(&refused), (403, "insufficient_scope"));
}

#[tokio::test]
async fn a_scope_that_was_not_granted_returns_invalid_scope() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    let refused = refresh(&provider, &token, &[("scope", "openid email")]).await;
    assert_eq!(failure(&refused), (400, "invalid_scope"));
}

#[tokio::test]
async fn unknown_expired_reused_and_revoked_tokens_and_suspended_users_return_the_same_error() {
    let provider = TestProvider::builder()
        .lifetimes(Lifetimes::default().with_refresh_token(100))
        .start()
        .await;
    let mut bodies = vec![refresh(&provider, "unknown", &[]).await];

    let expired = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.clock().advance(100);
    bodies.push(refresh(&provider, &expired, &[]).await);

    let rotated = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.clock().advance(70);
    assert_ne!(refresh(&provider, &rotated, &[]).await.1["refresh_token"], rotated);
    provider.clock().advance(4);
    bodies.push(refresh(&provider, &rotated, &[]).await);

    let revoked = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.revoke_grants("ada");
    bodies.push(refresh(&provider, &revoked, &[]).await);

    let suspended = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.update_user("ada", |ada| ada.suspended = true);
    bodies.push(refresh(&provider, &suspended, &[]).await);

    assert_eq!(failure(&bodies[0]), (400, "invalid_grant"));
    for body in &bodies {
        assert_eq!(body, &bodies[0]);
    }
}

#[tokio::test]
async fn access_denied_applies_to_every_refresh_until_access_is_restored() {
    let provider = TestProvider::builder().rotation(RotationRule::EveryUse).start().await;
    let fields = [("scope", EVERYTHING), ("resource", DEFAULT_RESOURCE)];
    let token = text(&sign_in(&provider, &fields).await, "refresh_token");
    provider.update_user("ada", |ada| ada.access_denied = true);
    let targets: [Fields<'_>; 3] = [
        &[],
        &[("resource", DEFAULT_RESOURCE)],
        &[("organization_id", "nowhere")],
    ];
    for target in targets {
        let refused = refresh(&provider, &token, target).await;
        assert_eq!(failure(&refused), (400, "access_denied"));
    }
    provider.update_user("ada", |ada| ada.access_denied = false);
    provider.clock().advance(60);
    assert_eq!(refresh(&provider, &token, &[]).await.0, 200);
}

#[tokio::test]
async fn access_denied_redirects_to_the_callback_with_an_error() {
    let provider = TestProvider::start().await;
    provider.update_user("ada", |ada| ada.access_denied = true);
    let callback = provider.authorize(&authorization_url(&provider, &[])).await;
    assert_eq!(param(&callback, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_refresh_token_expires_with_its_grant() {
    let lifetimes = Lifetimes::default().with_refresh_token(1000).with_grant(100);
    let provider = TestProvider::builder().lifetimes(lifetimes).start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.clock().advance(99);
    assert_eq!(refresh(&provider, &token, &[]).await.0, 200);
    provider.clock().advance(1);
    assert_eq!(error(&refresh(&provider, &token, &[]).await.1), "invalid_grant");
}

#[tokio::test]
async fn a_missing_refresh_token_returns_invalid_request() {
    let provider = TestProvider::start().await;
    let response = post(&provider, Endpoint::Token, &[("grant_type", "refresh_token")]).await;
    assert_eq!(error(&response.json().await.unwrap()), "invalid_request");
}

#[tokio::test]
async fn without_openid_and_resource_the_only_granted_resource_is_the_default() {
    let provider = TestProvider::builder()
        .resource(DEFAULT_RESOURCE)
        .resource(OTHER_API)
        .start()
        .await;
    let scope = "openid offline_access profile";
    let one = [("scope", scope), ("resource", DEFAULT_RESOURCE)];
    let two = [
        ("scope", scope),
        ("resource", DEFAULT_RESOURCE),
        ("resource", OTHER_API),
    ];
    for (fields, jwt) in [(&one[..], true), (&two[..], false)] {
        let token = text(&sign_in(&provider, fields).await, "refresh_token");
        let tokens = refresh(&provider, &token, &[("scope", "profile")]).await.1;
        assert_eq!(text(&tokens, "access_token").contains('.'), jwt);
    }
}
