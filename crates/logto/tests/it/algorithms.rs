//! The four signing algorithms of a tenant, for every kind of token, and algorithm confusion.

use std::collections::HashSet;

use logto::{AccessTokenError, CallbackError, IdTokenError, LogoutTokenError, TokenTarget, VerifiedLogoutToken};
use logto_testing::{
    DEFAULT_RESOURCE, DiscoveryFault, Endpoint, IdTokenFault, JwksFault, Jwt, SigningAlgorithm, TestProvider,
};
use serde_json::{Value, json};

use crate::{
    access_token::{judge, rules},
    harness::{Harness, text},
};

async fn signing_with(algorithm: SigningAlgorithm) -> Harness {
    Harness::of(TestProvider::builder().signing_algorithm(algorithm)).await
}

fn access_token(harness: &Harness, tweak: impl FnOnce(&mut Jwt)) -> String {
    harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], tweak)
}

async fn log_out(harness: &Harness, tweak: impl FnOnce(&mut Jwt)) -> Result<VerifiedLogoutToken, LogoutTokenError> {
    let token = harness.provider.logout_token(Some("usr_ada"), None, tweak);
    harness.client.verify_logout_token(&token).await
}

/// The metadata of a provider that signs with these algorithms.
fn advertise(harness: &Harness, algorithms: impl IntoIterator<Item = SigningAlgorithm>) {
    let names: Vec<Value> = algorithms.into_iter().map(|it| json!(it.name())).collect();
    let fault = DiscoveryFault::Set("id_token_signing_alg_values_supported", Value::Array(names));
    harness.provider.fault(fault);
}

async fn assert_every_kind_of_token_passes(harness: &Harness) {
    let signed_in = harness.sign_in().await;
    let refreshed = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .unwrap();
    assert!(refreshed.id_token.is_some());
    let _ = judge(harness, text(&refreshed.access_token.secret), &rules())
        .await
        .unwrap();
    let _ = log_out(harness, |_| {}).await.unwrap();
}

async fn assert_no_kind_of_token_passes(harness: &Harness, fault: &IdTokenFault, tweak: impl Fn(&mut Jwt)) {
    harness.provider.fault_once(fault.clone());
    let error = harness.try_sign_in().await.unwrap_err();
    let refused = matches!(
        error,
        CallbackError::IdToken(IdTokenError::Signature | IdTokenError::UnknownKey | IdTokenError::Algorithm)
    );
    assert!(refused, "{error:?}");
    let token = access_token(harness, &tweak);
    assert_eq!(
        judge(harness, &token, &rules()).await.unwrap_err(),
        AccessTokenError::Invalid
    );
    let error = log_out(harness, &tweak).await.unwrap_err();
    let refused = matches!(
        error,
        LogoutTokenError::Signature | LogoutTokenError::UnknownKey | LogoutTokenError::Algorithm
    );
    assert!(refused, "{error:?}");
}

#[tokio::test]
async fn every_kind_of_token_is_accepted_with_every_algorithm() {
    for algorithm in SigningAlgorithm::ALL {
        let harness = signing_with(algorithm).await;
        let jwk = harness.provider.jwks()["keys"][0].clone();
        assert_eq!(jwk["alg"], algorithm.name());
        assert_every_kind_of_token_passes(&harness).await;
    }
}

#[tokio::test]
async fn rejects_a_wrong_signature_of_every_algorithm() {
    for algorithm in SigningAlgorithm::ALL {
        let harness = signing_with(algorithm).await;
        assert_no_kind_of_token_passes(&harness, &IdTokenFault::SignatureBad, Jwt::break_signature).await;
    }
}

/// The type and curve of a key determine its algorithm. A header cannot change it.
#[tokio::test]
async fn rejects_a_key_of_one_algorithm_under_a_header_of_another() {
    for algorithm in SigningAlgorithm::ALL {
        let harness = signing_with(algorithm).await;
        advertise(&harness, SigningAlgorithm::ALL);
        assert_every_kind_of_token_passes(&harness).await;
        for named in SigningAlgorithm::ALL.into_iter().filter(|named| *named != algorithm) {
            let rename = move |jwt: &mut Jwt| drop(jwt.header.insert("alg".to_owned(), json!(named.name())));
            assert_no_kind_of_token_passes(&harness, &IdTokenFault::jwt(rename), rename).await;
        }
    }
}

#[tokio::test]
async fn rejects_a_key_with_the_alg_of_another_algorithm() {
    for algorithm in SigningAlgorithm::ALL {
        let harness = signing_with(algorithm).await;
        advertise(&harness, SigningAlgorithm::ALL);
        let other = SigningAlgorithm::ALL.into_iter().find(|it| *it != algorithm).unwrap();
        harness.provider.fault(JwksFault::keys(move |keys| {
            drop(keys[0].insert("alg".to_owned(), json!(other.name())));
        }));
        let rename = move |jwt: &mut Jwt| drop(jwt.header.insert("alg".to_owned(), json!(other.name())));
        assert_no_kind_of_token_passes(&harness, &IdTokenFault::jwt(rename), rename).await;
    }
}

/// Regression test: `access_token` once ignored the metadata.
#[tokio::test]
async fn rejects_a_good_signature_with_an_algorithm_that_is_not_in_the_metadata() {
    let harness = signing_with(SigningAlgorithm::Es256).await;
    advertise(&harness, [SigningAlgorithm::Es384, SigningAlgorithm::Rs256]);
    let fault = IdTokenFault::jwt(|_| {});
    assert_no_kind_of_token_passes(&harness, &fault, |_| {}).await;
    harness.provider.clear_faults();
    harness.provider.clock().advance(30);
    assert_every_kind_of_token_passes(&harness).await;
}

/// Forged tokens cannot cause more requests to the provider.
#[tokio::test]
async fn an_unknown_algorithm_causes_at_most_one_fetch_per_cooldown() {
    let harness = Harness::start().await;
    let forged = access_token(&harness, |jwt| {
        drop(jwt.header.insert("alg".to_owned(), json!("ES512")));
    });
    for (seconds, fetched) in [(0, 2), (29, 2), (1, 3)] {
        harness.provider.clock().advance(seconds);
        for _ in 0..3 {
            judge(&harness, &forged, &rules()).await.unwrap_err();
        }
        assert_eq!(harness.provider.requests(Endpoint::Discovery), fetched);
    }
    assert_eq!(harness.provider.requests(Endpoint::Jwks), 0);
}

#[tokio::test]
async fn a_new_algorithm_of_the_tenant_is_accepted_at_once_for_every_kind_of_token() {
    for algorithm in SigningAlgorithm::ALL {
        let before = SigningAlgorithm::ALL.into_iter().find(|it| *it != algorithm).unwrap();
        for kind in ["ID token", "access token", "logout token"] {
            let harness = signing_with(before).await;
            assert_every_kind_of_token_passes(&harness).await;
            harness.provider.sign_with(algorithm);
            match kind {
                "ID token" => harness.assert_signs_in().await,
                "access token" => {
                    let token = access_token(&harness, |_| {});
                    drop(judge(&harness, &token, &rules()).await.unwrap());
                }
                _ => drop(log_out(&harness, |_| {}).await.unwrap()),
            }
            assert_every_kind_of_token_passes(&harness).await;
        }
    }
}

#[tokio::test]
async fn keys_of_several_algorithms_may_be_published_together() {
    let harness = signing_with(SigningAlgorithm::Es256).await;
    let mut tokens = vec![access_token(&harness, |_| {})];
    for algorithm in [
        SigningAlgorithm::Es384,
        SigningAlgorithm::Es512,
        SigningAlgorithm::Rs256,
    ] {
        harness.provider.sign_with(algorithm);
        tokens.push(access_token(&harness, |_| {}));
    }
    advertise(&harness, SigningAlgorithm::ALL);
    let mut kids = HashSet::new();
    for token in &tokens {
        drop(judge(&harness, token, &rules()).await.unwrap());
        kids.insert(token.split('.').next().unwrap());
    }
    assert_eq!(kids.len(), tokens.len(), "four headers");
}
