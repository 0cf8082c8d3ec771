use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use logto_testing::{IdTokenFault, Jwt, SigningAlgorithm, TestProvider};
use serde_json::{Map, Value, json};

use crate::client::{claims, header, sign_in, text, verify};

async fn token_with(provider: &TestProvider, fault: IdTokenFault) -> String {
    provider.fault_once(fault);
    text(&sign_in(provider, &[("max_age", "1000")]).await, "id_token")
}

/// The signature stays valid, and only the claims of the fault change.
#[tokio::test]
async fn faults_change_claims_and_keep_the_signature_valid() {
    let provider = TestProvider::start().await;
    let now = provider.clock().now();
    let app = provider.app_id();
    let correct = verify(
        &provider,
        &text(&sign_in(&provider, &[("max_age", "1000")]).await, "id_token"),
    )
    .unwrap();
    let cases: [(IdTokenFault, &[(&str, Value)]); 20] = [
        (
            IdTokenFault::IssuerWrong,
            &[("iss", json!("https://evil.example.com/oidc"))],
        ),
        (IdTokenFault::IssuerMissing, &[("iss", Value::Null)]),
        (IdTokenFault::AudienceOther, &[("aud", json!("another-app"))]),
        (IdTokenFault::AudienceMissing, &[("aud", Value::Null)]),
        (IdTokenFault::AudienceListOfOne, &[("aud", json!([app]))]),
        (
            IdTokenFault::AudienceListWithoutAzp,
            &[("aud", json!([app, "another-app"]))],
        ),
        (
            IdTokenFault::AudienceListWithAzp,
            &[("aud", json!([app, "another-app"])), ("azp", json!(app))],
        ),
        (IdTokenFault::AzpOther, &[("azp", json!("another-app"))]),
        (IdTokenFault::SubjectMissing, &[("sub", Value::Null)]),
        (IdTokenFault::SubjectEmpty, &[("sub", json!(""))]),
        (IdTokenFault::SubjectOther, &[("sub", json!("usr_mallory"))]),
        (IdTokenFault::IssuedAtMissing, &[("iat", Value::Null)]),
        (IdTokenFault::IssuedAtFuture(600), &[("iat", json!(now + 600))]),
        (IdTokenFault::ExpiryMissing, &[("exp", Value::Null)]),
        (IdTokenFault::ExpiryPast(600), &[("exp", json!(now - 600))]),
        (IdTokenFault::NonceMissing, &[("nonce", Value::Null)]),
        (IdTokenFault::NonceWrong, &[("nonce", json!("an-unknown-nonce"))]),
        (IdTokenFault::AuthTimeMissing, &[("auth_time", Value::Null)]),
        (IdTokenFault::AuthTimePast(9000), &[("auth_time", json!(now - 9000))]),
        (
            IdTokenFault::claims(|claims| drop(claims.insert("x".into(), json!(1)))),
            &[("x", json!(1))],
        ),
    ];
    for (fault, changes) in cases {
        let name = format!("{fault:?}");
        let mut expected = correct.clone();
        for (claim, value) in changes {
            match value {
                Value::Null => expected.remove(*claim),
                value => expected.insert((*claim).to_owned(), value.clone()),
            };
        }
        assert_eq!(
            verify(&provider, &token_with(&provider, fault).await).unwrap(),
            expected,
            "{name}"
        );
    }
}

fn verifies(token: &str, algorithm: Algorithm, key: &DecodingKey) -> bool {
    let mut validation = Validation::new(algorithm);
    validation.validate_aud = false;
    decode::<Map<String, Value>>(token, key, &validation).is_ok()
}

#[tokio::test]
async fn faults_change_the_signature() {
    let provider = TestProvider::start().await;
    let bad = token_with(&provider, IdTokenFault::SignatureBad).await;
    assert!(verify(&provider, &bad).is_err());
    assert_eq!(bad.split('.').nth(2).unwrap().len(), 128);

    let none = token_with(&provider, IdTokenFault::AlgNone).await;
    assert_eq!(header(&none)["alg"], "none");
    assert!(none.ends_with('.'));

    let hs256 = token_with(&provider, IdTokenFault::Hs256WithClientSecret).await;
    let secret = DecodingKey::from_secret(provider.app_secret().as_bytes());
    assert!(verifies(&hs256, Algorithm::HS256, &secret));

    let confused = token_with(&provider, IdTokenFault::Hs256WithPublicKey).await;
    assert_eq!(header(&confused)["alg"], "HS256");
    assert!(!verifies(&confused, Algorithm::HS256, &secret));

    assert_eq!(
        token_with(&provider, IdTokenFault::NotAJwt).await,
        "this is not a token"
    );
}

#[tokio::test]
async fn faults_change_the_kid() {
    let provider = TestProvider::start().await;
    let kid = provider.jwks()["keys"][0]["kid"].clone();
    let published = |token: &str, provider: &TestProvider| {
        let kid = header(token)["kid"].clone();
        provider.jwks()["keys"]
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["kid"] == kid)
            .cloned()
    };
    for fault in [IdTokenFault::KeyUnpublished, IdTokenFault::KidUnknown] {
        assert_eq!(published(&token_with(&provider, fault).await, &provider), None);
    }
    assert_eq!(
        header(&token_with(&provider, IdTokenFault::KidMissing).await).get("kid"),
        None
    );
    let other = token_with(&provider, IdTokenFault::KidOfAnotherKeyType).await;
    assert_eq!(published(&other, &provider).unwrap()["kty"], "RSA");
    assert_eq!(header(&other)["alg"], "ES384");

    let crit = token_with(&provider, IdTokenFault::CritUnknown).await;
    assert_eq!(header(&crit)["crit"], json!(["urn:example:unknown"]));
    assert_eq!(header(&crit)["kid"], kid);

    let rsa = TestProvider::builder()
        .signing_algorithm(SigningAlgorithm::Rs256)
        .start()
        .await;
    let other = token_with(&rsa, IdTokenFault::KidOfAnotherKeyType).await;
    assert_eq!(published(&other, &rsa).unwrap()["kty"], "EC");
}

#[tokio::test]
async fn tweaks_apply_until_faults_are_cleared() {
    let provider = TestProvider::start().await;
    provider.tweak_id_token(|claims| drop(claims.insert("iat".to_owned(), json!(1))));
    provider.tweak_header(|header| drop(header.insert("typ".to_owned(), json!("JWT"))));
    for _ in 0..2 {
        let token = text(&sign_in(&provider, &[]).await, "id_token");
        assert_eq!(
            (&claims(&token)["iat"], &header(&token)["typ"]),
            (&json!(1), &json!("JWT"))
        );
    }
    provider.clear_faults();
    provider.fault_once(IdTokenFault::jwt(Jwt::unsign));
    assert_eq!(header(&text(&sign_in(&provider, &[]).await, "id_token"))["alg"], "none");
    verify(&provider, &text(&sign_in(&provider, &[]).await, "id_token")).unwrap();
}
