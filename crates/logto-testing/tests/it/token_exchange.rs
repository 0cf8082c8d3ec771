use logto_testing::{DEFAULT_RESOURCE, Endpoint, MachineApp, TestProvider};

use crate::client::{answer, failure, http};

/// An exchange as the client with this id and secret, for the API resource.
async fn exchange(
    provider: &TestProvider,
    client: (&str, &str),
    subject: &str,
) -> (reqwest::StatusCode, serde_json::Value) {
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", subject),
        ("subject_token_type", "urn:logto:token-type:impersonation_token"),
        ("resource", DEFAULT_RESOURCE),
    ];
    let request = http()
        .post(provider.url(Endpoint::Token))
        .basic_auth(client.0, Some(client.1));
    answer(request.form(&fields).send().await.unwrap()).await
}

#[tokio::test]
async fn a_user_who_may_not_use_the_app_is_denied_and_the_subject_token_stays_usable() {
    let machine = MachineApp::new("machine", "a secret").with_token_exchange();
    let provider = TestProvider::builder()
        .token_exchange()
        .machine_app(machine)
        .start()
        .await;
    let app = (provider.app_id(), provider.app_secret());
    let token = provider.subject_token("bob");
    provider.update_user("bob", |user| user.access_denied = true);
    assert_eq!(failure(&exchange(&provider, app, &token).await), (400, "access_denied"));
    // The access control of the web application does not apply to other ones.
    let other = provider.subject_token("bob");
    assert_eq!(exchange(&provider, ("machine", "a secret"), &other).await.0, 200);
    provider.update_user("bob", |user| user.access_denied = false);
    assert_eq!(exchange(&provider, app, &token).await.0, 200);
    assert_eq!(failure(&exchange(&provider, app, &token).await), (400, "invalid_grant"));
}
