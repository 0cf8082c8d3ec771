//! ES256: a sound algorithm that Logto does not use, and that is not accepted therefore, even with a published key.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use logto::{AccessTokenError, AccessTokenRules, CallbackError, IdTokenError};
use logto_testing::{API, DiscoveryFault, JwksFault, TokenFault};
use serde_json::{Map, Value, json};

use crate::{
    access_token::judge,
    harness::{Harness, value},
};

/// The key pair of RFC 7515 appendix A.3: x, y, and the private d.
const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const D: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

fn sign(claims: &Value, typ: Option<&str>) -> String {
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    // PKCS #8 up to d, and from d to the public point.
    let mut der =
        b"\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\
        \x04\x6d\x30\x6b\x02\x01\x01\x04\x20"
            .to_vec();
    der.extend(part(D));
    der.extend(b"\xa1\x44\x03\x42\x00\x04");
    der.extend(part(X).into_iter().chain(part(Y)));
    let mut header = Header::new(Algorithm::ES256);
    header.typ = typ.map(str::to_owned);
    header.kid = Some("es256".to_owned());
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&der)).unwrap()
}

/// A provider that publishes the key, and says that it signs with it.
async fn harness() -> Harness {
    let harness = Harness::start().await;
    harness.provider.fault(JwksFault::keys(|keys| {
        let key = json!({
            "kty": "EC", "crv": "P-256", "x": X, "y": Y, "kid": "es256", "alg": "ES256", "use": "sig",
        });
        keys.push(key.as_object().unwrap().clone());
    }));
    let algorithms = json!(["ES256", "ES384"]);
    harness
        .provider
        .fault(DiscoveryFault::Set("id_token_signing_alg_values_supported", algorithms));
    harness
}

#[tokio::test]
async fn rejects_an_access_token_signed_with_an_algorithm_beyond_the_accepted_ones() {
    let harness = harness().await;
    let now = harness.provider.clock().now();
    let claims = json!({
        "iss": harness.provider.issuer(), "sub": "usr_ada", "aud": API, "iat": now, "exp": now + 60, "scope": "",
    });
    let rules = AccessTokenRules::resource(API);
    let token = sign(&claims, Some("at+jwt"));
    let error = judge(&harness, &token, &rules).await.unwrap_err();
    assert_eq!(error, AccessTokenError::Invalid);

    let good = harness.provider.jwt(claims.as_object().unwrap().clone(), |jwt| {
        jwt.header.insert("typ".to_owned(), json!("at+jwt"));
    });
    judge(&harness, &good, &rules).await.unwrap();
}

#[tokio::test]
async fn rejects_an_id_token_signed_with_an_algorithm_beyond_the_accepted_ones() {
    let harness = harness().await;
    let start = harness.begin().await;
    let query = harness.visit(&start).await;
    let now = harness.provider.clock().now();
    let claims = json!({
        "iss": harness.provider.issuer(), "sub": "usr_ada", "aud": harness.provider.app_id(), "iat": now,
        "exp": now + 60, "nonce": value(&start.authorization_url, "nonce"),
    });
    let token = sign(&claims, None);
    harness
        .provider
        .fault(TokenFault::response(move |response: &mut Map<String, Value>| {
            response.insert("id_token".to_owned(), json!(token));
        }));
    let error = harness.finish(&query, start.transaction).await.unwrap_err();
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Algorithm));
}
