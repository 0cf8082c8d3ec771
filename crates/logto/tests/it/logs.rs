//! No secret reaches the log, even at the level TRACE.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use logto::{AccessTokenRules, ExposeSecret as _, TokenTarget, session::Session};
use logto_testing::{
    CallbackFault, CapturedLogs, DEFAULT_RESOURCE, Endpoint, HttpFault, IdTokenFault, RotationRule, Secrets,
    TestProvider, TokenFault,
};

use crate::harness::{Harness, text, value};

fn add_session(secrets: &mut Secrets, session: &Session) {
    secrets.add("ID token", text(session.id_token().raw()));
    secrets.add("refresh token", text(session.refresh_token().unwrap()));
    for (_, cached) in session.access_tokens() {
        secrets.add("access token", text(&cached.token.secret));
    }
}

#[tokio::test]
async fn no_secret_is_in_the_logs_of_a_whole_sign_in_refresh_and_sign_out() {
    let logs = CapturedLogs::start();
    let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
    let mut secrets = Secrets::default();
    secrets.add("app secret", harness.provider.app_secret());
    let basic = format!("{}:{}", harness.provider.app_id(), harness.provider.app_secret());
    secrets.add("credentials", BASE64_STANDARD.encode(basic));

    let start = harness.begin().await;
    for name in ["state", "nonce"] {
        secrets.add(name, value(&start.authorization_url, name));
    }
    let query = harness.visit(&start).await;
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap();
    secrets.add("code", code);
    let signed_in = harness.finish(&query, start.transaction).await.unwrap();
    let exchange = harness.logged(Endpoint::Token).remove(0);
    secrets.add("verifier", exchange.params.get("code_verifier").unwrap());

    let session = Arc::new(Session::begin(signed_in, harness.client.now(), harness.client.random()).unwrap());
    add_session(&mut secrets, &session);
    let refresher = harness.refresher();
    let api = TokenTarget::resource(DEFAULT_RESOURCE);
    let renewed = refresher.token(session, &api).await.session.unwrap();
    add_session(&mut secrets, &renewed);
    let token = renewed.valid_token(&api, harness.client.now()).unwrap();
    let rules = AccessTokenRules::resource(DEFAULT_RESOURCE);
    harness.client.verify_access_token(&token.secret, &rules).await.unwrap();
    let opaque = renewed
        .valid_token(&TokenTarget::USER_INFO, harness.client.now())
        .unwrap();
    harness.client.user_info(opaque, "usr_ada").await.unwrap();

    failing(&harness, &mut secrets, renewed.clone()).await;

    let after = harness.provider.post_logout_redirect_uri();
    let url = harness
        .client
        .end_session_url(Some(renewed.id_token()), after)
        .await
        .unwrap();
    harness.provider.end_session(url.as_str()).await;
    harness.client.revoke(renewed.refresh_token().unwrap()).await.unwrap();

    logs.assert_without(&secrets);
}

/// Apps log errors.
async fn failing(harness: &Harness, secrets: &mut Secrets, session: Arc<Session>) {
    let target = TokenTarget::organization("acme");
    harness.provider.clock().advance(3600);
    for fault in [
        HttpFault::Status(500),
        HttpFault::InvalidJson,
        HttpFault::Redirect(302),
        HttpFault::Reset,
    ] {
        for endpoint in [Endpoint::Discovery, Endpoint::Jwks, Endpoint::Token] {
            harness.provider.fault_once(fault.clone().at(endpoint));
        }
        let refreshed = harness.refresher().token(Arc::clone(&session), &target).await;
        let error = refreshed.token.unwrap_err();
        tracing::info!(?error, %error, "a refresh");
    }
    harness.provider.clear_faults();
    harness.provider.fault_once(TokenFault::Error(400, "invalid_scope"));
    let refreshed = harness.refresher().token(session, &target).await;
    let error = refreshed.token.unwrap_err();
    tracing::info!(?error, %error, "a refresh");

    for fault in [
        IdTokenFault::SignatureBad,
        IdTokenFault::NonceWrong,
        IdTokenFault::NotAJwt,
    ] {
        harness.provider.fault_once(fault);
        let start = harness.begin().await;
        secrets.add("state", start.transaction.state().expose_secret());
        tracing::info!(?start, "a sign-in");
        let query = harness.visit(&start).await;
        let error = harness.finish(&query, start.transaction).await.unwrap_err();
        tracing::info!(?error, %error, "a sign-in");
    }
    harness.provider.fault_once(CallbackFault::error("access_denied"));
    let error = harness.try_sign_in().await.unwrap_err();
    tracing::info!(?error, %error, "a sign-in");
}
