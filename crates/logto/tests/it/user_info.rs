//! Userinfo (OIDC Core §5.3).

use logto::{AccessToken, Diagnose as _, RequestError, Timestamp, TokenTarget, UserInfo, UserInfoError};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, UserInfoFault};
use serde_json::json;

use crate::harness::Harness;

const NO_USER_INFO: UserInfoError = UserInfoError::Request(RequestError::InvalidResponse("userinfo"));

async fn asked(fault: Option<UserInfoFault>) -> Result<UserInfo, UserInfoError> {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    if let Some(fault) = fault {
        harness.provider.fault(fault);
    }
    let sub = &signed_in.id_token.claims().sub;
    harness.client.user_info(&signed_in.access_token, sub).await
}

#[tokio::test]
async fn userinfo_has_claims_that_the_id_token_lacks() {
    let user_info = asked(None).await.unwrap();
    assert_eq!(user_info.sub, "usr_ada");
    let profile = &user_info.profile;
    assert_eq!(profile.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!((&profile.picture, &profile.phone_number), (&None, &None), "null");
    assert_eq!(profile.email.as_deref(), Some("ada@example.com"));
    assert_eq!(profile.roles.as_deref().unwrap(), ["admin"]);
    assert_eq!(profile.organizations.as_deref().unwrap(), ["acme", "globex"]);
    assert_eq!(profile.created_at.unwrap().as_millis(), 1_700_000_000_123);
    assert_eq!(user_info.custom_data, Some(json!({ "theme": "dark" })));
    assert_eq!(user_info.identities["github"]["userId"], "1815");
    assert!(user_info.sso_identities.is_empty());
    let organizations: Vec<_> = user_info
        .organization_data
        .iter()
        .map(|it| (it.id.as_str(), it.name.as_str(), it.description.as_deref()))
        .collect();
    assert_eq!(
        organizations,
        [
            ("acme", "Acme Corporation", Some("Anvils and more")),
            ("globex", "Globex Corporation", None)
        ]
    );
    assert!(user_info.extra.is_empty(), "{:?}", user_info.extra);
}

#[tokio::test]
async fn unknown_claims_are_kept() {
    let fault = UserInfoFault::claims(|claims| drop(claims.insert("favourite".to_owned(), json!("tea"))));
    assert_eq!(asked(Some(fault)).await.unwrap().extra["favourite"], "tea");
}

#[tokio::test]
async fn rejects_userinfo_without_a_subject() {
    assert_eq!(
        asked(Some(UserInfoFault::SubjectMissing)).await.unwrap_err(),
        NO_USER_INFO
    );
    let null = UserInfoFault::claims(|claims| drop(claims.insert("sub".to_owned(), json!(null))));
    assert_eq!(asked(Some(null)).await.unwrap_err(), NO_USER_INFO);
}

#[tokio::test]
async fn a_rejected_token_has_its_own_error() {
    let error = asked(Some(UserInfoFault::Unauthorized)).await.unwrap_err();
    assert_eq!(error, UserInfoError::InvalidToken);
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_token_for_a_resource_is_rejected_for_userinfo() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    for target in [
        TokenTarget::resource(DEFAULT_RESOURCE),
        TokenTarget::organization("acme"),
    ] {
        let tokens = harness.refresh(&signed_in, &target).await.unwrap();
        let answer = harness.client.user_info(&tokens.access_token, "usr_ada").await;
        assert_eq!(answer.unwrap_err(), UserInfoError::InvalidToken);
    }
}

#[tokio::test]
async fn a_refreshed_token_for_userinfo_works_after_the_first_one_expired() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.clock().advance(3600);
    let answer = harness.client.user_info(&signed_in.access_token, "usr_ada").await;
    assert_eq!(answer.unwrap_err(), UserInfoError::InvalidToken);
    let tokens = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    harness.client.user_info(&tokens.access_token, "usr_ada").await.unwrap();
}

#[tokio::test]
async fn rejects_a_token_that_would_add_a_header() {
    let harness = Harness::start().await;
    let token = AccessToken::new("x\r\nHost: evil", Vec::new(), Timestamp::from_secs(u64::MAX));
    let error = harness.client.user_info(&token, "usr_ada").await.unwrap_err();
    assert_eq!(
        error,
        UserInfoError::Request(RequestError::InvalidResponse("the access token"))
    );
    assert_eq!(harness.provider.requests(Endpoint::UserInfo), 0);
}
