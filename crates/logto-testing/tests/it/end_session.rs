use logto_testing::{Endpoint, TestProvider};
use url::Url;

use crate::client::{Fields, answer, failure, http, refresh, sign_in, text, user_info};

fn url(provider: &TestProvider, fields: Fields<'_>) -> String {
    Url::parse_with_params(&provider.url(Endpoint::EndSession), fields)
        .unwrap()
        .into()
}

#[tokio::test]
async fn a_client_id_or_id_token_hint_redirects_to_the_registered_uri_with_the_state() {
    let provider = TestProvider::start().await;
    let hint = text(&sign_in(&provider, &[]).await, "id_token");
    provider.clock().advance(7200);
    let back = provider.post_logout_redirect_uri();
    for known in [("client_id", provider.app_id()), ("id_token_hint", &hint)] {
        provider.sign_in_as("ada");
        let fields = [known, ("post_logout_redirect_uri", back), ("state", "s")];
        assert_eq!(
            provider.end_session(&url(&provider, &fields)).await,
            format!("{back}?state=s")
        );
        assert_eq!(provider.browser_user(), None);
    }
}

#[tokio::test]
async fn without_a_client_the_redirect_uri_is_ignored() {
    let provider = TestProvider::start().await;
    let fields = [("post_logout_redirect_uri", provider.post_logout_redirect_uri())];
    let to = provider.end_session(&url(&provider, &fields)).await;
    assert!(to.starts_with(provider.endpoint()), "{to}");
}

#[tokio::test]
async fn the_session_ends_only_when_the_form_is_submitted() {
    let provider = TestProvider::start().await;
    let response = http()
        .get(url(&provider, &[("client_id", provider.app_id())]))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().contains("<form"));
    assert!(provider.browser_user().is_some());
}

#[tokio::test]
async fn an_unregistered_uri_a_foreign_hint_and_a_client_mismatch_are_400() {
    let provider = TestProvider::start().await;
    let hint = text(&sign_in(&provider, &[]).await, "id_token");
    let foreign = TestProvider::start().await.id_token("ada", None, &["openid"]);
    let id = provider.app_id();
    let cases: [Fields<'_>; 3] = [
        &[
            ("client_id", id),
            ("post_logout_redirect_uri", "https://evil.example.com/"),
        ],
        &[("id_token_hint", &foreign)],
        &[("client_id", "other"), ("id_token_hint", &hint)],
    ];
    for fields in cases {
        let refused = answer(http().get(url(&provider, fields)).send().await.unwrap()).await;
        assert_eq!(failure(&refused), (400, "invalid_request"), "{fields:?}");
    }
}

#[tokio::test]
async fn the_form_requires_its_csrf_token() {
    let provider = TestProvider::start().await;
    http().get(url(&provider, &[])).send().await.unwrap();
    let confirm = format!("{}/confirm", provider.url(Endpoint::EndSession));
    let response = http().post(confirm).form(&[("xsrf", "guessed")]).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(provider.browser_user().is_some());
}

#[tokio::test]
async fn tokens_with_offline_access_survive_sign_out_and_others_do_not() {
    let provider = TestProvider::builder().always_issue_refresh_token().start().await;
    let offline = sign_in(&provider, &[]).await;
    let online = sign_in(&provider, &[("scope", "openid")]).await;
    provider.end_session(&url(&provider, &[])).await;
    assert_eq!(refresh(&provider, &text(&offline, "refresh_token"), &[]).await.0, 200);
    assert_eq!(user_info(&provider, &text(&offline, "access_token")).await.0, 200);
    assert_eq!(refresh(&provider, &text(&online, "refresh_token"), &[]).await.0, 400);
    assert_eq!(user_info(&provider, &text(&online, "access_token")).await.0, 401);
}
