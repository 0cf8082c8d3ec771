//! Session cookies of Logto's Next.js SDK with an expired ID token. `logto-axum` tests other cases.

use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, aead::Aead as _};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use logto::{
    TokenTarget,
    session::{NextJsCookie, SessionState},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::harness::{Harness, text};

const SECRET: &str = "of-the-next-js-app";

fn sealed(id_token: &str, refresh_token: &str) -> String {
    let kept = json!({ "idToken": id_token, "refreshToken": refresh_token });
    let (cipher, iv) = (Aes256Gcm::new(&Sha256::digest(SECRET)), [7; 12]);
    let ciphertext = cipher
        .encrypt(Nonce::from_slice(&iv), kept.to_string().as_bytes())
        .unwrap();
    [ciphertext.as_slice(), &iv]
        .map(|part| BASE64_STANDARD.encode(part))
        .join(".")
}

/// The migration keeps users signed in: the refresh token replaces the expired tokens.
#[tokio::test]
async fn an_expired_session_of_the_next_js_sdk_is_read_and_refreshed() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let cookie = sealed(
        text(signed_in.id_token.raw()),
        text(signed_in.refresh_token.as_ref().unwrap()),
    );
    harness.provider.clock().advance(24 * 60 * 60);

    let read = NextJsCookie::new(&SECRET.into()).read(&harness.client, &cookie).await;
    let session = read.unwrap().unwrap();
    assert_eq!(session.state(harness.client.now()), SessionState::Stale);
    let refreshed = harness.refresher().token(session.into(), &TokenTarget::USER_INFO).await;
    assert!(refreshed.token.is_ok());
    let renewed = refreshed.session.unwrap();
    assert_eq!(renewed.state(harness.client.now()), SessionState::Active);
}
