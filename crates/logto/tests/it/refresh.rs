//! Tokens for resources and organizations with the refresh grant (RFC 6749 §6, RFC 8707).

use std::sync::Arc;

use logto::{
    AccessToken, AccessTokenClaims, Diagnose as _, Fault, SignedIn, TokenError, TokenSet, TokenTarget, UserScope,
    organization_urn,
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, LoggedRequest, RotationRule, TestProvider, User};

use crate::harness::{Harness, both, text};

struct Got {
    token: AccessToken,
    claims: AccessTokenClaims,
    request: LoggedRequest,
}

async fn get(target: &TokenTarget) -> Got {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.clock().advance(5);
    let token = harness.refresh(&signed_in, target).await.unwrap().access_token;
    assert_eq!(token.expires, harness.client.now().plus(3600));
    let request = harness.logged(Endpoint::Token).pop().unwrap();
    assert_eq!(request.grant_type(), Some("refresh_token"));
    let sent = request.params.get("refresh_token");
    assert_eq!(sent, signed_in.refresh_token.as_ref().map(text));
    assert_eq!(request.scope(), None, "everything that was granted");
    let claims = token.unverified_claims().unwrap();
    assert_eq!(claims.sub, "usr_ada");
    assert_eq!(claims.scopes().collect::<Vec<_>>(), token.scopes);
    Got { token, claims, request }
}

#[tokio::test]
async fn a_token_for_a_resource_has_its_audience_and_scopes() {
    let got = get(&TokenTarget::resource(DEFAULT_RESOURCE)).await;
    assert_eq!(
        (got.request.resource(), got.request.organization_id()),
        (Some(DEFAULT_RESOURCE), None)
    );
    assert_eq!(got.claims.aud.as_slice(), [DEFAULT_RESOURCE]);
    assert_eq!(got.token.scopes, ["read:products", "write:products"]);
    assert_eq!(got.claims.organization_id, None);
}

#[tokio::test]
async fn a_token_for_an_organization_has_its_urn_as_audience_and_the_users_permissions_there() {
    let got = get(&TokenTarget::organization("acme")).await;
    assert_eq!(
        (got.request.resource(), got.request.organization_id()),
        (None, Some("acme"))
    );
    assert_eq!(got.claims.aud.as_slice(), [organization_urn("acme")]);
    assert_eq!(got.token.scopes, ["invite:members", "manage:settings"]);
    assert_eq!(got.claims.organization_id, None);
}

#[tokio::test]
async fn a_token_for_a_resource_within_an_organization_names_both() {
    let got = get(&both(DEFAULT_RESOURCE, "acme")).await;
    assert_eq!(
        (got.request.resource(), got.request.organization_id()),
        (Some(DEFAULT_RESOURCE), Some("acme"))
    );
    assert_eq!(got.claims.aud.as_slice(), [DEFAULT_RESOURCE]);
    assert_eq!(got.claims.organization_id.as_deref(), Some("acme"));
    assert_eq!(got.token.scopes, ["read:products"]);
}

#[tokio::test]
async fn a_token_for_userinfo_is_opaque() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let tokens = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    let request = harness.logged(Endpoint::Token).pop().unwrap();
    assert_eq!((request.resource(), request.organization_id()), (None, None));
    assert!(tokens.access_token.unverified_claims().is_none());
    assert!(tokens.access_token.has_scope("openid"));
    harness.client.user_info(&tokens.access_token, "usr_ada").await.unwrap();
}

/// Logto's own SDK, js#711: tokens of two organizations were the same.
#[tokio::test]
async fn tokens_of_two_organizations_differ() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let audience = async |id: &str| {
        let tokens = harness
            .refresh(&signed_in, &TokenTarget::organization(id))
            .await
            .unwrap();
        tokens.access_token.unverified_claims().unwrap().aud
    };
    assert_ne!(audience("acme").await, audience("globex").await);
}

#[tokio::test]
async fn a_user_without_permission_gets_a_token_with_no_scope() {
    let harness = Harness::of(TestProvider::builder().user(User::new("eve"))).await;
    let signed_in = harness.sign_in().await;
    let token = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .unwrap()
        .access_token;
    assert_eq!(token.scopes, [""; 0]);
    assert!(!token.has_scope("") && !token.has_scope("read:products"));
    assert_eq!(token.unverified_claims().unwrap().scope, "");
}

#[tokio::test]
async fn without_the_organizations_resource_an_organization_token_has_no_scope() {
    let harness = Harness::with(TestProvider::builder(), |config| config.with_scopes(["invite:members"])).await;
    assert!(
        !harness
            .client
            .config()
            .scopes()
            .contains(&UserScope::Organizations.to_string())
    );
    assert_eq!(harness.client.config().resources(), [DEFAULT_RESOURCE]);
}

async fn rotated(rule: RotationRule) -> (SignedIn, TokenSet, Harness) {
    let harness = Harness::of(TestProvider::builder().rotation(rule)).await;
    let signed_in = harness.sign_in().await;
    let tokens = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .unwrap();
    (signed_in, tokens, harness)
}

#[tokio::test]
async fn a_rotated_refresh_token_is_returned_and_valid_for_the_next_refresh() {
    let (signed_in, tokens, harness) = rotated(RotationRule::EveryUse).await;
    let next = tokens.refresh_token.unwrap();
    assert_ne!(text(&next), text(signed_in.refresh_token.as_ref().unwrap()));
    harness.provider.clock().advance(10);
    let again = harness
        .client
        .refresh(&next, &TokenTarget::organization("acme"), &signed_in.id_token)
        .await
        .unwrap();
    assert_ne!(text(&again.refresh_token.unwrap()), text(&next));
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays_the_same() {
    let (signed_in, tokens, _harness) = rotated(RotationRule::Never).await;
    assert_eq!(
        text(&tokens.refresh_token.unwrap()),
        text(&signed_in.refresh_token.unwrap())
    );
}

#[tokio::test]
async fn a_traditional_app_rotates_when_70_percent_of_the_lifetime_have_passed() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let before = signed_in.refresh_token.as_ref().unwrap();
    for (share, same) in [(69, true), (1, false)] {
        harness.provider.clock().advance(14 * 864 * share);
        let tokens = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
        assert_eq!(text(&tokens.refresh_token.unwrap()) == text(before), same);
    }
}

#[tokio::test]
async fn a_refreshed_id_token_has_the_nonce_of_the_sign_in_and_new_claims() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.clock().advance(100);
    harness
        .provider
        .update_user("ada", |user| user.name = Some("Countess of Lovelace".to_owned()));
    let tokens = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .unwrap();
    let (before, after) = (signed_in.id_token.claims(), tokens.id_token.unwrap());
    let after = after.claims();
    assert_eq!((&after.nonce, &after.sub), (&before.nonce, &before.sub));
    assert_eq!((after.iat, after.exp), (before.iat.plus(100), before.exp.plus(100)));
    assert_eq!(after.profile.name.as_deref(), Some("Countess of Lovelace"));
}

/// Logto ignores an empty parameter, and would issue the token of another target.
#[tokio::test]
async fn a_target_with_an_empty_name_is_refused_before_any_request() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    for target in [
        TokenTarget::resource(""),
        TokenTarget::organization(""),
        both(DEFAULT_RESOURCE, ""),
        both("", "acme"),
    ] {
        let error = harness.refresh(&signed_in, &target).await.unwrap_err();
        assert_eq!((&error, error.code()), (&TokenError::EmptyTarget, "token_target_empty"));
        assert_eq!((error.fault(), error.is_transient()), (Fault::Configuration, false));
        for refreshed in [
            refresher.token(Arc::clone(&session), &target).await,
            refresher.fresh_token(Arc::clone(&session), &target).await,
        ] {
            assert_eq!(refreshed.token.unwrap_err(), TokenError::EmptyTarget);
            assert!(refreshed.session.is_some(), "the session is kept");
        }
    }
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
}
