//! Nothing that is secret reaches a log, at the most talkative level there is.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use logto::{AccessTokenRules, ExposeSecret as _, TokenTarget, session::Session};
use logto_testing::{API, CallbackFault, Endpoint, HttpFault, IdTokenFault, RotationRule, TestProvider, TokenFault};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

use crate::harness::{Harness, text, value};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// For the whole process, so that nothing escapes on another thread; records of the `log` crate come along.
fn capture() -> Captured {
    let captured = Captured::default();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .init();
    captured
}

/// Everything that must not be seen, by name.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, name: &'static str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 8, "{name} would be found anywhere");
        self.0.push((name, secret));
    }

    fn add_session(&mut self, session: &Session) {
        self.add("ID token", text(session.id_token().raw()));
        self.add(
            "signature of the ID token",
            text(session.id_token().raw()).rsplit('.').next().unwrap(),
        );
        self.add("refresh token", text(session.refresh_token().unwrap()));
        for (_, cached) in session.access_tokens() {
            self.add("access token", text(&cached.token.secret));
        }
    }
}

#[tokio::test]
async fn no_secret_is_in_the_logs_of_a_whole_sign_in_refresh_and_sign_out() {
    let logs = capture();
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
    secrets.add_session(&session);
    let refresher = harness.refresher();
    let api = TokenTarget::resource(API);
    let renewed = refresher.token(session, &api).await.session.unwrap();
    secrets.add_session(&renewed);
    let token = renewed.valid_token(&api, harness.client.now()).unwrap();
    let rules = AccessTokenRules::resource(API);
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

    let logs = logs.text();
    assert!(
        logs.contains("TRACE") && logs.contains("127.0.0.1"),
        "the logs were captured"
    );
    for (name, secret) in secrets.0 {
        let at = logs.find(&secret);
        assert_eq!(at, None, "{name} in {}", &logs[at.unwrap_or(0).saturating_sub(300)..]);
    }
}

/// Errors are what people log.
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
