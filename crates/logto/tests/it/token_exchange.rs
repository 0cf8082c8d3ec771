//! Token exchange: impersonation, personal access tokens, access tokens, and actors.

use logto::{
    AccessTokenRules, Diagnose as _, GrantError, OAuthError, SecretString, SubjectTokenType, TokenExchange, TokenTarget,
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, Jwt, MachineApp, TestProvider, TokenFault};

use crate::harness::{Harness, both, text};

async fn start() -> Harness {
    Harness::of(TestProvider::builder().token_exchange()).await
}

fn for_products(exchange: TokenExchange) -> TokenExchange {
    exchange
        .with_target(TokenTarget::resource(DEFAULT_RESOURCE))
        .with_scopes(["read:products", "delete:products"])
}

/// The subject tokens of §6, for the user `bob`.
fn subject_tokens(harness: &Harness) -> Vec<TokenExchange> {
    let provider = &harness.provider;
    let jwt = provider.access_token("bob", DEFAULT_RESOURCE, &[], |_| {});
    vec![
        TokenExchange::impersonation(provider.subject_token("bob")),
        TokenExchange::access_token(provider.subject_token("bob")),
        TokenExchange::access_token(jwt),
        TokenExchange::personal_access_token(provider.personal_access_token("bob", "cli", None)),
    ]
}

#[tokio::test]
async fn each_type_of_subject_token_becomes_a_token_of_its_user() {
    let harness = start().await;
    let rules = AccessTokenRules::resource(DEFAULT_RESOURCE).with_scope("read:products");
    for exchange in subject_tokens(&harness) {
        let token = harness.client.exchange_token(&for_products(exchange)).await.unwrap();
        assert_eq!(
            token.scopes,
            ["read:products"],
            "scopes that the user lacks are left out"
        );
        let claims = harness.client.verify_access_token(&token.secret, &rules).await.unwrap();
        assert_eq!(claims.sub, harness.provider.user("bob").id);
        assert_eq!(claims.client_id.as_deref(), Some(harness.provider.app_id()));
    }
    let types = harness.logged(Endpoint::Token).into_iter();
    let types: Vec<_> = types
        .map(|request| request.params.get("subject_token_type").unwrap().to_owned())
        .collect();
    assert_eq!(types[0], SubjectTokenType::Impersonation.as_str());
    assert_eq!(types[1], SubjectTokenType::AccessToken.as_str());
    assert_eq!(types[3], SubjectTokenType::PersonalAccessToken.as_str());
}

#[tokio::test]
async fn an_opaque_access_token_can_be_exchanged_again_and_again() {
    let harness = start().await;
    let signed_in = harness.sign_in().await;
    for _ in 0..2 {
        let exchange = TokenExchange::access_token(signed_in.access_token.secret.clone());
        let token = harness.client.exchange_token(&for_products(exchange)).await.unwrap();
        assert_eq!(token.unverified_claims().unwrap().sub, harness.provider.user("ada").id);
    }
}

#[tokio::test]
async fn scopes_that_are_not_asked_for_are_not_granted_by_an_exchange() {
    let harness = start().await;
    let exchange = TokenExchange::impersonation(harness.provider.subject_token("ada"));
    let exchange = exchange.with_target(TokenTarget::resource(DEFAULT_RESOURCE));
    let token = harness.client.exchange_token(&exchange).await.unwrap();
    assert!(token.scopes.is_empty() && token.unverified_claims().unwrap().scope.is_empty());
}

#[tokio::test]
async fn the_target_determines_the_exchanged_token() {
    let harness = start().await;
    let subject = || TokenExchange::impersonation(harness.provider.subject_token("ada"));
    let opaque = subject().with_scopes(["openid", "profile"]);
    let opaque = harness.client.exchange_token(&opaque).await.unwrap();
    assert!(opaque.unverified_claims().is_none());
    let id = harness.provider.user("ada").id;
    assert_eq!(harness.client.user_info(&opaque, &id).await.unwrap().sub, id);

    let organization = subject()
        .with_target(TokenTarget::organization("acme"))
        .with_scopes(["invite:members"]);
    let organization = harness.client.exchange_token(&organization).await.unwrap();
    let claims = organization.unverified_claims().unwrap();
    assert_eq!(
        (claims.organization(), claims.organization_id.as_deref()),
        (Some("acme"), None)
    );
    assert_eq!(organization.scopes, ["invite:members"]);

    let within = subject()
        .with_target(both(DEFAULT_RESOURCE, "acme"))
        .with_scopes(["read:products"]);
    let within = harness.client.exchange_token(&within).await.unwrap();
    assert_eq!(
        within.unverified_claims().unwrap().organization_id.as_deref(),
        Some("acme")
    );
}

#[tokio::test]
async fn an_actor_is_named_in_the_claim_act() {
    let harness = start().await;
    let ada = harness.sign_in().await;
    let subject = || for_products(TokenExchange::impersonation(harness.provider.subject_token("bob")));
    let exchange = subject().with_actor(ada.access_token.secret.clone());
    let token = harness.client.exchange_token(&exchange).await.unwrap();
    let rules = AccessTokenRules::resource(DEFAULT_RESOURCE);
    let claims = harness.client.verify_access_token(&token.secret, &rules).await.unwrap();
    assert_eq!(claims.sub, harness.provider.user("bob").id);
    let actor = claims.act.unwrap();
    assert_eq!((actor.sub, actor.act), (harness.provider.user("ada").id, None));
    // A JWT for an API has no `openid`.
    let jwt = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    for actor in ["garbage", jwt.as_str()] {
        let error = harness
            .client
            .exchange_token(&subject().with_actor(actor))
            .await
            .unwrap_err();
        assert_eq!(error, GrantError::SubjectRejected);
    }
}

#[tokio::test]
async fn a_malformed_actor_invalidates_the_token() {
    let harness = start().await;
    let rules = AccessTokenRules::resource(DEFAULT_RESOURCE);
    let nested = (0..200).fold(
        serde_json::json!({ "sub": "x" }),
        |inner, _| serde_json::json!({ "sub": "x", "act": inner }),
    );
    for (act, is_valid) in [
        (serde_json::json!(null), true),
        (serde_json::json!({ "sub": "x", "act": { "sub": "y" } }), true),
        (serde_json::json!("x"), false),
        (serde_json::json!({}), false),
        (nested, false),
    ] {
        let token = harness.provider.access_token("bob", DEFAULT_RESOURCE, &[], |jwt| {
            jwt.claims.insert("act".to_owned(), act.clone());
        });
        let verified = harness.client.verify_access_token(&token.into(), &rules).await;
        assert_eq!(verified.is_ok(), is_valid);
    }
}

#[tokio::test]
async fn a_subject_token_that_is_used_expired_unknown_or_of_another_type_is_rejected() {
    let harness = start().await;
    let exchange = async |exchange: TokenExchange| {
        let exchanged = harness.client.exchange_token(&for_products(exchange)).await;
        exchanged.map(drop)
    };
    let provider = &harness.provider;
    let used = provider.subject_token("bob");
    exchange(TokenExchange::impersonation(used.clone())).await.unwrap();
    let (expired, short) = (
        provider.subject_token("bob"),
        provider.personal_access_token("bob", "short", Some(600)),
    );
    provider.clock().advance(600);
    let deleted = provider.personal_access_token("bob", "deleted", None);
    provider.delete_personal_access_token("bob", "deleted");
    let id_token = provider.id_token("bob", None, &["openid"]);
    let expired_jwt = provider.access_token("bob", DEFAULT_RESOURCE, &[], |jwt| {
        jwt.claims.insert("exp".to_owned(), 1.into());
    });
    let forged = provider.access_token("bob", DEFAULT_RESOURCE, &[], Jwt::sign_with_unpublished_key);
    for rejected in [
        TokenExchange::impersonation(used),
        TokenExchange::impersonation(expired),
        TokenExchange::impersonation("sub_unknown"),
        TokenExchange::impersonation(provider.personal_access_token("bob", "other type", None)),
        TokenExchange::personal_access_token(short),
        TokenExchange::personal_access_token(deleted),
        TokenExchange::personal_access_token(provider.subject_token("bob")),
        TokenExchange::access_token(id_token),
        TokenExchange::access_token(expired_jwt),
        TokenExchange::access_token(forged),
    ] {
        let error = exchange(rejected).await.unwrap_err();
        assert_eq!(
            (error.code(), error),
            ("subject_token_rejected", GrantError::SubjectRejected)
        );
    }
    let suspended = TokenExchange::impersonation(provider.subject_token("bob"));
    provider.update_user("bob", |user| user.suspended = true);
    assert_eq!(exchange(suspended).await.unwrap_err(), GrantError::SubjectRejected);
}

#[tokio::test]
async fn each_other_refusal_of_an_exchange_is_named() {
    let harness = start().await;
    let exchange = || TokenExchange::impersonation(harness.provider.subject_token("bob"));
    for (target, error) in [
        (
            TokenTarget::resource("https://unknown.example"),
            GrantError::Refused(OAuthError::InvalidTarget),
        ),
        (TokenTarget::organization("acme"), GrantError::OrganizationDenied),
        (TokenTarget::organization(""), GrantError::EmptyTarget),
    ] {
        let refused = harness
            .client
            .exchange_token(&exchange().with_target(target))
            .await
            .unwrap_err();
        assert_eq!(refused, error);
    }
    let empty = TokenExchange::impersonation(SecretString::from(""));
    assert_eq!(
        harness.client.exchange_token(&empty).await.unwrap_err(),
        GrantError::SubjectRejected
    );
    assert_eq!(
        harness.provider.requests(Endpoint::Token),
        2,
        "no request for what is empty"
    );

    // Logto answers 403 if the organization is the reason, and 400 if the app is.
    harness.provider.fault(TokenFault::Error(400, "access_denied"));
    let acme = exchange().with_target(TokenTarget::organization("acme"));
    let denied = harness.client.exchange_token(&acme).await.unwrap_err();
    assert_eq!(denied, GrantError::UserDenied);

    let off = Harness::start().await;
    let subject = TokenExchange::impersonation(off.provider.subject_token("bob"));
    let error = off.client.exchange_token(&subject).await.unwrap_err();
    assert_eq!((error.code(), error), ("grant_not_allowed", GrantError::NotAllowed));
}

#[tokio::test]
async fn a_machine_app_and_a_public_client_exchange_tokens_with_their_own_credentials() {
    let support = MachineApp::new("support", "a secret").with_token_exchange();
    let harness = Harness::of(
        TestProvider::builder()
            .public_client()
            .token_exchange()
            .machine_app(support),
    )
    .await;
    let exchange = || for_products(TokenExchange::impersonation(harness.provider.subject_token("bob")));
    let token = harness.client.exchange_token(&exchange()).await.unwrap();
    assert_eq!(
        token.unverified_claims().unwrap().client_id.as_deref(),
        Some(harness.provider.app_id())
    );
    let machine = harness.client.machine("support", "a secret");
    let token = machine.exchange_token(&exchange()).await.unwrap();
    assert_eq!(token.unverified_claims().unwrap().client_id.as_deref(), Some("support"));
    assert!(!text(&token.secret).is_empty());
}
