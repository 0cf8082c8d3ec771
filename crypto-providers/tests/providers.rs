//! TLS connections and bearer tokens work in a process with two crypto providers and no default
//! one.

use std::{panic::catch_unwind, sync::Arc};

use http::Request;
use logto::{
    AccessTokenRules, Clock, Environment, HttpClient as _, HttpLimits, LogtoClient, LogtoConfig, ReqwestClient,
    SystemRandom, Timestamp, TrustedCertificates,
    session::{
        SessionId,
        store::{StoreError, open_with_certificates},
    },
};
use logto_crypto_providers::{authority, https, postgres, rediss, serve};
use logto_testing::{DEFAULT_RESOURCE, TestClock, TestProvider};

fn assert_no_default_provider() {
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

async fn load(address: &str, trusted: &TrustedCertificates) -> Result<bool, StoreError> {
    let store = open_with_certificates(address, "app", trusted).unwrap();
    let id = SessionId::from_bytes(&[7; 32]).unwrap();
    let loaded = store.load(&id, Timestamp::from_secs(1)).await?;
    Ok(loaded.is_some())
}

/// Without this, the other tests would pass for any choice of provider.
#[test]
fn code_that_needs_a_default_provider_panics() {
    assert!(catch_unwind(rustls::ClientConfig::builder).is_err());
    let encode = || {
        let key = jsonwebtoken::EncodingKey::from_secret(b"secret");
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &"claims", &key)
    };
    assert!(catch_unwind(encode).is_err());
}

#[tokio::test]
async fn https_trusts_a_configured_private_authority() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| https(stream, tls.clone())).await;
    let get = || {
        Request::get(format!("https://localhost:{port}/"))
            .body(Vec::new())
            .unwrap()
    };
    let client = ReqwestClient::with_certificates(HttpLimits::default(), &trusted).unwrap();
    assert_eq!(client.send(get()).await.unwrap().into_body(), b"ok");
    let client = ReqwestClient::new(HttpLimits::default()).unwrap();
    assert!(client.send(get()).await.is_err());
    assert_no_default_provider();
}

#[tokio::test]
async fn rediss_trusts_a_configured_private_authority() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| rediss(stream, tls.clone())).await;
    assert_eq!(load(&format!("rediss://localhost:{port}"), &trusted).await, Ok(false));
    let untrusted = load(
        &format!("rediss://localhost:{port}"),
        &TrustedCertificates::default(),
    )
    .await;
    assert_eq!(untrusted, Err(StoreError::Unavailable("redis")));
    // The certificate is for `localhost`.
    let wrong_name = load(&format!("rediss://127.0.0.1:{port}"), &trusted).await;
    assert_eq!(wrong_name, Err(StoreError::Unavailable("redis")));
    assert_no_default_provider();
}

#[tokio::test]
async fn postgres_trusts_a_configured_private_authority() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| postgres(stream, tls.clone())).await;
    let connected = Err(StoreError::Unexpected("postgres"));
    let untrusted = Err(StoreError::Unavailable("postgres"));
    for mode in ["verify-full", "verify-ca"] {
        let address = |host: &str| format!("postgres://user:password@{host}:{port}/app?sslmode={mode}");
        assert_eq!(load(&address("localhost"), &trusted).await, connected);
        assert_eq!(
            load(&address("localhost"), &TrustedCertificates::default()).await,
            untrusted
        );
        assert_eq!(load(&address("127.0.0.1"), &trusted).await, untrusted);
    }
    assert_no_default_provider();
}

/// The documented way to turn off certificate checks.
#[tokio::test]
async fn postgres_with_sslmode_require_is_encrypted_and_trusts_any_certificate() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| postgres(stream, tls.clone())).await;
    let connected = Err(StoreError::Unexpected("postgres"));
    for trusted in [TrustedCertificates::default(), trusted] {
        for host in ["localhost", "127.0.0.1"] {
            let address = format!("postgres://user:password@{host}:{port}/app?sslmode=require");
            assert_eq!(load(&address, &trusted).await, connected, "{host}");
        }
    }
    assert_no_default_provider();
}

struct ProviderClock(TestClock);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.0.now())
    }
}

#[tokio::test]
async fn bearer_tokens_are_verified() {
    let provider = TestProvider::start().await;
    let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret());
    let environment = Environment::new(
        Arc::new(ProviderClock(provider.clock())),
        Arc::new(SystemRandom),
        Arc::new(ReqwestClient::new(HttpLimits::default()).unwrap()),
    );
    let client = LogtoClient::new(config, environment).unwrap();
    let rules = AccessTokenRules::resource(DEFAULT_RESOURCE);
    let token = provider.access_token("ada", DEFAULT_RESOURCE, &[], |_| {});
    let claims = client.verify_access_token(&token.into(), &rules).await.unwrap();
    assert_eq!(claims.sub, "usr_ada");
    let forged = provider.access_token("ada", DEFAULT_RESOURCE, &[], logto_testing::Jwt::break_signature);
    assert!(client.verify_access_token(&forged.into(), &rules).await.is_err());
    assert_no_default_provider();
}
