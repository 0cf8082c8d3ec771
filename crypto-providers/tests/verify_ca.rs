//! `sslmode=verify-ca`, in a process of its own: sqlx needs a provider of the process for it, and may install one.

use logto::{
    Timestamp,
    session::{
        SessionId,
        store::{StoreError, open_with_certificates},
    },
};
use logto_crypto_providers::{authority, postgres, serve};

#[tokio::test]
async fn a_server_whose_name_is_not_checked_still_needs_a_certificate_of_the_authority() {
    let (trusted, tls) = authority();
    let (other, _) = authority();
    let port = serve(move |stream| postgres(stream, tls.clone())).await;
    let address = format!("postgres://user:password@127.0.0.1:{port}/app?sslmode=verify-ca");
    for (certificates, expected) in [
        (trusted, StoreError::Unexpected("postgres")),
        (other, StoreError::Unavailable("postgres")),
    ] {
        let store = open_with_certificates(&address, "app", &certificates).unwrap();
        let id = SessionId::from_bytes(&[7; 32]).unwrap();
        assert_eq!(store.load(&id, Timestamp::from_secs(1)).await, Err(expected));
    }
}
