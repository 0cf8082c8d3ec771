//! Signatures and keys of bearer tokens.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use logto::{AccessTokenError, Diagnose as _, DiscoveryError, Fault};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, JwksFault, Jwt, SigningAlgorithm, TestProvider};

use crate::{
    access_token::{judge, judge_after, rules},
    harness::Harness,
};

#[tokio::test]
async fn rejects_scopes_added_after_signing() {
    let harness = Harness::start().await;
    let token = harness
        .provider
        .access_token("bob", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let payload = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let more = payload.replace("read:products", "read:products write:products");
    let forged = format!("{header}.{}.{signature}", BASE64_URL_SAFE_NO_PAD.encode(more));
    let error = judge(&harness, &forged, &rules()).await.unwrap_err();
    assert_eq!(error, AccessTokenError::Invalid);
}

/// An attacker's own provider can use any `kid`.
#[tokio::test]
async fn rejects_a_key_of_another_provider_under_the_same_kid() {
    let (harness, other) = (Harness::start().await, Harness::start().await);
    let kid = harness.provider.jwks()["keys"][0]["kid"].clone();
    let issuer = harness.client.config().issuer();
    let theirs = kid.clone();
    other.provider.fault(JwksFault::keys(move |keys| {
        drop(keys[0].insert("kid".to_owned(), theirs.clone()));
    }));
    let token = |tweak: &dyn Fn(&mut Jwt)| {
        other
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |jwt| {
                jwt.header.insert("kid".to_owned(), kid.clone());
                tweak(jwt);
            })
    };
    // The token is valid at its own provider, whose key is cached now.
    let _ = judge(&other, &token(&|_| {}), &rules()).await.unwrap();
    let forged = token(&|jwt| drop(jwt.claims.insert("iss".to_owned(), issuer.into())));
    let error = judge(&harness, &forged, &rules()).await.unwrap_err();
    assert_eq!(error, AccessTokenError::Invalid);
}

/// Common encodings of the public key, each used as an HMAC secret.
#[tokio::test]
async fn rejects_hs256_with_the_public_key() {
    let harness = Harness::start().await;
    let jwk = harness.provider.jwks()["keys"][0].clone();
    let part = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    // SubjectPublicKeyInfo of a key on P-384, up to the point.
    let mut der =
        b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04".to_vec();
    der.extend(part("x").into_iter().chain(part("y")));
    let pem = BASE64_STANDARD.encode(&der);
    let lines: Vec<_> = pem
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    );
    for secret in [
        pem.as_bytes(),
        pem.trim_end().as_bytes(),
        &der,
        &der[23..],
        jwk.to_string().as_bytes(),
    ] {
        let token = harness
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |jwt| {
                jwt.sign_hs256(secret);
            });
        assert_eq!(
            judge(&harness, &token, &rules()).await.unwrap_err(),
            AccessTokenError::Invalid
        );
    }
}

#[tokio::test]
async fn rejects_a_shared_secret_that_the_key_set_offers() {
    let harness = Harness::start().await;
    harness.provider.fault(JwksFault::SymmetricKey);
    let forged = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |jwt| {
            jwt.sign_hs256(b"secret");
        });
    assert_eq!(
        judge(&harness, &forged, &rules()).await.unwrap_err(),
        AccessTokenError::Invalid
    );
    let good = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    judge(&harness, &good, &rules()).await.unwrap();
}

#[tokio::test]
async fn rejects_a_key_for_encryption_and_one_of_another_type() {
    for fault in [JwksFault::EncryptionOnly, JwksFault::OtherKeysOnly, JwksFault::Empty] {
        let harness = Harness::start().await;
        harness.provider.fault(fault);
        let token = harness
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
        assert_eq!(
            judge(&harness, &token, &rules()).await.unwrap_err(),
            AccessTokenError::Invalid
        );
    }
}

#[tokio::test]
async fn rejects_a_token_without_kid_among_several_keys() {
    let without_kid = |jwt: &mut Jwt| drop(jwt.header.remove("kid"));
    judge_after(without_kid).await.unwrap();
    let harness = Harness::start().await;
    // The right key comes first, so that trying the first one would succeed.
    harness.provider.rotate_keys();
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], without_kid);
    assert_eq!(
        judge(&harness, &token, &rules()).await.unwrap_err(),
        AccessTokenError::Invalid
    );
}

#[tokio::test]
async fn a_rotated_key_is_used_without_a_restart_and_a_removed_one_dropped() {
    let harness = Harness::start().await;
    let before = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    judge(&harness, &before, &rules()).await.unwrap();
    harness.provider.rotate_keys();
    harness.provider.forget_previous_keys();
    harness.provider.clock().advance(30);
    let after = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    judge(&harness, &after, &rules()).await.unwrap();
    assert_eq!(
        judge(&harness, &before, &rules()).await.unwrap_err(),
        AccessTokenError::Invalid
    );
}

#[tokio::test]
async fn tokens_signed_with_rsa_are_accepted() {
    let harness = Harness::of(TestProvider::builder().signing_algorithm(SigningAlgorithm::Rs256)).await;
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    judge(&harness, &token, &rules()).await.unwrap();
    let broken = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], Jwt::break_signature);
    assert_eq!(
        judge(&harness, &broken, &rules()).await.unwrap_err(),
        AccessTokenError::Invalid
    );
}

#[tokio::test]
async fn without_keys_the_error_is_transient() {
    let harness = Harness::start().await;
    harness.provider.fault(HttpFault::Reset.at(Endpoint::Jwks));
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let error = judge(&harness, &token, &rules()).await.unwrap_err();
    assert!(
        matches!(error, AccessTokenError::Keys(DiscoveryError::Request(_))),
        "{error:?}"
    );
    assert!(error.is_transient());
    assert_eq!(error.fault(), Fault::Provider);
}

#[tokio::test]
async fn rejects_every_truncated_token() {
    let harness = Harness::start().await;
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    judge(&harness, &token, &rules()).await.unwrap();
    for length in (0..token.len()).step_by(7) {
        judge(&harness, &token[..length], &rules()).await.unwrap_err();
    }
}
