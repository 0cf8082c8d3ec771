use logto_testing::{DEFAULT_RESOURCE, Endpoint, TestProvider};

use crate::client::{answer, error, failure, http, post, refresh, sign_in, sign_in_for_everything, text, user_info};

#[tokio::test]
async fn revoking_a_token_revokes_its_grant_but_not_the_browsers_session() {
    let provider = TestProvider::start().await;
    for kind in ["refresh_token", "access_token"] {
        let tokens = sign_in(&provider, &[]).await;
        let response = post(&provider, Endpoint::Revocation, &[("token", &text(&tokens, kind))]).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            user_info(&provider, &text(&tokens, "access_token")).await.0,
            401,
            "{kind}"
        );
        assert_eq!(
            error(&refresh(&provider, &text(&tokens, "refresh_token"), &[]).await.1),
            "invalid_grant",
            "{kind}"
        );
        assert_eq!(provider.browser_user().as_deref(), Some("ada"));
    }
}

#[tokio::test]
async fn revoking_an_unknown_token_is_200_and_a_jwt_is_an_unsupported_type() {
    let provider = TestProvider::start().await;
    assert_eq!(
        post(&provider, Endpoint::Revocation, &[("token", "unknown")])
            .await
            .status(),
        200
    );
    let token = sign_in_for_everything(&provider).await;
    let jwt = text(
        &refresh(&provider, &token, &[("resource", DEFAULT_RESOURCE)]).await.1,
        "access_token",
    );
    let refused = answer(post(&provider, Endpoint::Revocation, &[("token", &jwt)]).await).await;
    assert_eq!(failure(&refused), (400, "unsupported_token_type"));
}

#[tokio::test]
async fn only_the_client_may_revoke() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    let request = http()
        .post(provider.url(Endpoint::Revocation))
        .basic_auth(provider.app_id(), Some("wrong"));
    assert_eq!(request.form(&[("token", &token)]).send().await.unwrap().status(), 401);
    assert_eq!(refresh(&provider, &token, &[]).await.0, 200);
}
