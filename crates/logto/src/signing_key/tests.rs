//! Tests with signatures made by OpenSSL, and with keys that are malformed or inconsistent.

use serde_json::{Value, json};

use super::*;
use crate::jwt::{JwtHeader, signed_parts};

/// Keys and tokens made by OpenSSL, one pair for each algorithm.
const SIGNED: &str = include_str!("openssl.json");

fn signed() -> Vec<(Value, String)> {
    let rows: Vec<Value> = serde_json::from_str(SIGNED).unwrap();
    let rows = rows.into_iter();
    rows.map(|row| (row["jwk"].clone(), row["token"].as_str().unwrap().to_owned()))
        .collect()
}

fn key(jwk: &Value) -> Option<SigningKey> {
    serde_json::from_value(jwk.clone()).ok()
}

#[test]
fn signatures_made_by_another_library_are_verified_with_their_own_algorithm_alone() {
    for ((jwk, token), own) in signed().into_iter().zip(SigningAlgorithm::ALL) {
        assert_eq!(JwtHeader::parse(&token).unwrap().alg, own.name());
        let (message, signature) = signed_parts(&token).unwrap();
        let key = key(&jwk).unwrap();
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(
                key.verifies(algorithm, message, &signature),
                algorithm == own,
                "{algorithm:?} by {own:?}"
            );
            let library = key.verify_signature(&algorithm.for_id_tokens(), message, &signature);
            assert_eq!(library.is_ok(), algorithm == own, "{algorithm:?} by {own:?}");
        }
        for position in [0, signature.len() / 2, signature.len() - 1] {
            let mut wrong = signature.clone();
            wrong[position] ^= 1;
            assert!(!key.verifies(own, message, &wrong), "{own:?}, byte {position}");
        }
        assert!(
            !key.verifies(own, &message[1..], &signature),
            "{own:?}, another message"
        );
        assert!(!key.verifies(own, message, &[]), "{own:?}, no signature");
    }
}

#[test]
fn a_key_describes_itself_to_the_library_as_its_jwk_does() {
    for ((mut jwk, _), own) in signed().into_iter().zip(SigningAlgorithm::ALL) {
        jwk["kid"] = "key-1".into();
        let key = key(&jwk).unwrap();
        assert_eq!(key.kid(), Some("key-1"));
        assert_eq!(key.key_id().map(|id| id.as_str()), Some("key-1"));
        assert_eq!(key.key_use(), Some(&CoreJsonWebKeyUse::Signature));
        let key_type = match own {
            SigningAlgorithm::Rs256 => CoreJsonWebKeyType::RSA,
            _ => CoreJsonWebKeyType::EllipticCurve,
        };
        assert_eq!(*key.key_type(), key_type, "{own:?}");
        assert_eq!(serde_json::to_value(&key).unwrap()["x"], jwk["x"], "{own:?}");
        assert_eq!(serde_json::to_value(&key).unwrap()["n"], jwk["n"], "{own:?}");
    }
}

#[test]
fn hashes_of_tokens_use_the_hash_function_of_the_algorithm() {
    let (jwk, _) = signed().remove(0);
    let key = key(&jwk).unwrap();
    let lengths = SigningAlgorithm::ALL.map(|algorithm| {
        let hash = key.hash_bytes(b"code", &algorithm.for_id_tokens());
        (algorithm.name(), hash.unwrap().len())
    });
    assert_eq!(lengths, [("ES256", 32), ("ES384", 48), ("ES512", 64), ("RS256", 32)]);
    assert!(key.hash_bytes(b"code", &CoreJwsSigningAlgorithm::HmacSha256).is_err());
}

/// CVE-2022-21449: both numbers of the signature are zero.
#[test]
fn a_signature_of_zeros_is_refused() {
    for ((jwk, token), own) in signed().into_iter().zip(SigningAlgorithm::ALL) {
        let (message, signature) = signed_parts(&token).unwrap();
        let zeros = vec![0; signature.len()];
        assert!(!key(&jwk).unwrap().verifies(own, message, &zeros), "{own:?}");
    }
}

#[test]
fn a_key_whose_alg_names_another_algorithm_is_ignored() {
    for ((mut jwk, _), own) in signed().into_iter().zip(SigningAlgorithm::ALL) {
        for name in ["ES256", "ES384", "ES512", "RS256", "RS512", "PS256", "HS256", "none"] {
            jwk["alg"] = name.into();
            assert_eq!(key(&jwk).is_some(), name == own.name(), "{own:?} called {name}");
        }
    }
}

#[test]
fn a_malformed_or_inconsistent_key_is_ignored() {
    let ec = signed()[0].0.clone();
    let change = |name: &str, value: Value| {
        let mut jwk = ec.clone();
        jwk[name] = value;
        key(&jwk)
    };
    assert!(change("use", json!("sig")).is_some());
    assert!(change("use", json!("enc")).is_none());
    assert!(change("crv", json!("P-384")).is_none(), "coordinates too short");
    assert!(change("kty", json!("RSA")).is_none());
    assert!(change("kty", json!("oct")).is_none());
    assert!(change("x", ec["y"].clone()).is_none(), "not on the curve");
    assert!(change("x", json!(7)).is_none());
    let mut small = signed()[3].0.clone();
    small["n"] = "sXchAw".into();
    assert!(key(&small).is_none(), "too short to be safe");
}

#[test]
fn a_leading_zero_byte_of_the_modulus_is_ignored() {
    let (mut jwk, token) = signed().remove(3);
    let mut modulus = vec![0];
    modulus.extend(decode(jwk["n"].as_str()).unwrap());
    jwk["n"] = BASE64_URL_SAFE_NO_PAD.encode(modulus).into();
    let (message, signature) = signed_parts(&token).unwrap();
    assert!(
        key(&jwk)
            .unwrap()
            .verifies(SigningAlgorithm::Rs256, message, &signature)
    );
}

#[test]
fn a_shared_secret_verifies_nothing() {
    let (message, signature) = (b"message", b"signature");
    let secret = SigningKey::new_symmetric(b"secret".to_vec());
    for algorithm in SigningAlgorithm::ALL {
        assert!(!secret.verifies(algorithm, message, signature));
    }
    let hmac = CoreJwsSigningAlgorithm::HmacSha256;
    assert!(secret.verify_signature(&hmac, message, signature).is_err());
    assert!(
        secret
            .verify_signature(&CoreJwsSigningAlgorithm::None, message, b"")
            .is_err()
    );
}
