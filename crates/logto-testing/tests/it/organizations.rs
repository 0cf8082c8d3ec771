use logto_testing::{DEFAULT_RESOURCE, TestProvider};

use crate::client::{EVERYTHING, ORGANIZATIONS, names, refresh, sign_in, sign_in_for_everything, text, verify};

#[tokio::test]
async fn an_organization_token_names_the_organization_in_its_audience_only() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    let (status, tokens) = refresh(&provider, &token, &[("organization_id", "acme")]).await;
    assert_eq!(status, 200);
    assert_eq!(tokens["scope"], "invite:members manage:settings");
    let claims = verify(&provider, &text(&tokens, "access_token")).unwrap();
    assert_eq!(claims["aud"], "urn:logto:organization:acme");
    assert_eq!(
        names(&claims),
        ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"]
    );
}

#[tokio::test]
async fn the_tokens_of_two_organizations_differ() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    let globex = refresh(&provider, &token, &[("organization_id", "globex")]).await.1;
    assert_eq!(globex["scope"], "");
    let claims = verify(&provider, &text(&globex, "access_token")).unwrap();
    assert_eq!(claims["aud"], "urn:logto:organization:globex");
}

#[tokio::test]
async fn without_the_organizations_resource_in_the_authorization_request_the_scope_is_empty() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[("scope", EVERYTHING)]).await, "refresh_token");
    let (status, tokens) = refresh(&provider, &token, &[("organization_id", "acme")]).await;
    assert_eq!((status.as_u16(), tokens["scope"].as_str()), (200, Some("")));
}

#[tokio::test]
async fn a_resource_token_for_an_organization_has_the_permissions_within_it() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    let tokens = refresh(
        &provider,
        &token,
        &[("resource", DEFAULT_RESOURCE), ("organization_id", "acme")],
    )
    .await
    .1;
    assert_eq!(tokens["scope"], "read:products");
    let claims = verify(&provider, &text(&tokens, "access_token")).unwrap();
    assert_eq!(
        (&claims["aud"], &claims["organization_id"]),
        (&DEFAULT_RESOURCE.into(), &"acme".into())
    );
}

#[tokio::test]
async fn an_organization_token_can_be_down_scoped() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    let fields = [("organization_id", "acme"), ("scope", "invite:members")];
    let tokens = refresh(&provider, &token, &fields).await.1;
    assert_eq!(tokens["scope"], "invite:members");
    assert_eq!(tokens.get("id_token"), None);
}

#[tokio::test]
async fn a_removed_member_gets_no_organization_token() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    provider.update_user("ada", |ada| ada.memberships.retain(|it| it.organization_id != "acme"));
    assert_eq!(refresh(&provider, &token, &[("organization_id", "acme")]).await.0, 403);
    let id_token = text(&refresh(&provider, &token, &[]).await.1, "id_token");
    assert_eq!(
        verify(&provider, &id_token).unwrap()["organizations"],
        serde_json::json!(["globex"])
    );
}

#[tokio::test]
async fn the_organizations_scope_alone_grants_no_organization_permission() {
    let provider = TestProvider::start().await;
    let scope = format!("openid offline_access {ORGANIZATIONS}");
    let token = text(&sign_in(&provider, &[("scope", &scope)]).await, "refresh_token");
    assert_eq!(
        refresh(&provider, &token, &[("organization_id", "acme")]).await.1["scope"],
        ""
    );
}
