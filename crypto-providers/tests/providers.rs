//! Two crypto providers are enabled, none is the process's: TLS and bearer tokens work, and trust a
//! private authority if told to.

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
use logto_testing::{API, TestClock, TestProvider};

fn nothing_was_installed() {
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

async fn load(address: &str, trusted: &TrustedCertificates) -> Result<bool, StoreError> {
    let store = open_with_certificates(address, "app", trusted).unwrap();
    let id = SessionId::from_bytes(&[7; 32]).unwrap();
    let loaded = store.load(&id, Timestamp::from_secs(1)).await?;
    Ok(loaded.is_some())
}

/// Else the other tests show nothing.
#[test]
fn what_asks_for_the_provider_of_the_process_panics_here() {
    assert!(catch_unwind(rustls::ClientConfig::builder).is_err());
    let encode = || {
        let key = jsonwebtoken::EncodingKey::from_secret(b"secret");
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &"claims", &key)
    };
    assert!(catch_unwind(encode).is_err());
}

#[tokio::test]
async fn https_works_and_trusts_a_private_authority_if_told_to() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| https(stream, tls.clone())).await;
    let get = || {
        Request::get(format!("https://localhost:{port}/"))
            .body(Vec::new())
            .unwrap()
    };
    let client = ReqwestClient::with_certificates(HttpLimits::default(), &trusted).unwrap();
    assert_eq!(client.send(get()).await.unwrap().into_body(), b"ok");
    let stranger = ReqwestClient::new(HttpLimits::default()).unwrap();
    assert!(stranger.send(get()).await.is_err());
    nothing_was_installed();
}

#[tokio::test]
async fn rediss_works_and_trusts_a_private_authority_if_told_to() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| rediss(stream, tls.clone())).await;
    assert_eq!(load(&format!("rediss://localhost:{port}"), &trusted).await, Ok(false));
    let stranger = TrustedCertificates::default();
    let refused = load(&format!("rediss://localhost:{port}"), &stranger).await;
    assert_eq!(refused, Err(StoreError::Unavailable("redis")));
    // The name is of the certificate too.
    let refused = load(&format!("rediss://127.0.0.1:{port}"), &trusted).await;
    assert_eq!(refused, Err(StoreError::Unavailable("redis")));
    nothing_was_installed();
}

#[tokio::test]
async fn postgres_works_and_trusts_a_private_authority_if_told_to() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| postgres(stream, tls.clone())).await;
    let let_in = Err(StoreError::Unexpected("postgres"));
    let kept_out = Err(StoreError::Unavailable("postgres"));
    for mode in ["verify-full", "verify-ca"] {
        let address = |host: &str| format!("postgres://user:password@{host}:{port}/app?sslmode={mode}");
        assert_eq!(load(&address("localhost"), &trusted).await, let_in);
        assert_eq!(
            load(&address("localhost"), &TrustedCertificates::default()).await,
            kept_out
        );
        assert_eq!(load(&address("127.0.0.1"), &trusted).await, kept_out);
    }
    nothing_was_installed();
}

/// The documented opt-out.
#[tokio::test]
async fn postgres_with_sslmode_require_is_encrypted_and_trusts_any_certificate() {
    let (trusted, tls) = authority();
    let port = serve(move |stream| postgres(stream, tls.clone())).await;
    let let_in = Err(StoreError::Unexpected("postgres"));
    for trusted in [TrustedCertificates::default(), trusted] {
        for host in ["localhost", "127.0.0.1"] {
            let address = format!("postgres://user:password@{host}:{port}/app?sslmode=require");
            assert_eq!(load(&address, &trusted).await, let_in, "{host}");
        }
    }
    nothing_was_installed();
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
    let rules = AccessTokenRules::resource(API);
    let token = provider.access_token("ada", API, &[], |_| {});
    let claims = client.verify_access_token(&token.into(), &rules).await.unwrap();
    assert_eq!(claims.sub, "usr_ada");
    let forged = provider.access_token("ada", API, &[], logto_testing::Jwt::break_signature);
    assert!(client.verify_access_token(&forged.into(), &rules).await.is_err());
    nothing_was_installed();
}
