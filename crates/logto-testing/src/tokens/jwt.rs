//! JSON Web Tokens in compact serialization (RFC 7515 §7.1), valid or deliberately wrong.

use std::{fmt, sync::Arc};

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::keys::{KeyRing, SigningKey};
use crate::config::SigningAlgorithm;

/// A token that is not encoded yet: tests change its header, claims and signature.
///
/// Passed to the closures of [`IdTokenFault::jwt`](crate::IdTokenFault::jwt),
/// [`TestProvider::logout_token`](crate::TestProvider::logout_token) and others.
#[derive(Clone)]
pub struct Jwt {
    /// The header, with `alg` and `kid` of the signing key.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
    signature: Signature,
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("header", &self.header)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
enum Signature {
    Key(Arc<SigningKey>),
    Invalid(Arc<SigningKey>),
    Hmac(Vec<u8>),
    Absent,
}

impl Jwt {
    pub(crate) fn new(key: Arc<SigningKey>, claims: Map<String, Value>) -> Self {
        let header = object(json!({ "alg": key.algorithm().name(), "kid": key.kid }));
        Self {
            header,
            claims,
            signature: Signature::Key(key),
        }
    }

    /// Makes the signature invalid.
    pub fn break_signature(&mut self) {
        if let Signature::Key(key) = &self.signature {
            self.signature = Signature::Invalid(Arc::clone(key));
        }
    }

    /// Sets `alg` to `none` and removes the signature.
    pub fn unsign(&mut self) {
        self.header.insert("alg".to_owned(), json!("none"));
        self.signature = Signature::Absent;
    }

    /// Sets `alg` to `HS256` and signs with `secret`.
    pub fn sign_hs256(&mut self, secret: &[u8]) {
        self.header.insert("alg".to_owned(), json!("HS256"));
        self.signature = Signature::Hmac(secret.to_vec());
    }

    /// Sets `alg` to `HS256` and signs with the PEM encoding of the public key as the secret: an
    /// algorithm confusion attack.
    pub fn sign_hs256_with_public_key(&mut self) {
        if let Signature::Key(key) = &self.signature {
            let pem = key.public_pem();
            self.sign_hs256(pem.as_bytes());
        }
    }

    /// Signs with a new key that is not in the key set, and sets `kid` to that key's id.
    pub fn sign_with_unpublished_key(&mut self) {
        let key = Arc::new(SigningKey::generate(SigningAlgorithm::Es384));
        self.header.insert("alg".to_owned(), json!(key.algorithm().name()));
        self.header.insert("kid".to_owned(), json!(key.kid));
        self.signature = Signature::Key(key);
    }

    pub(crate) fn encode(&self) -> String {
        let part = |object: &Map<String, Value>| BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(object).unwrap());
        let message = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = match &self.signature {
            Signature::Key(key) => key.sign(message.as_bytes()),
            Signature::Invalid(key) => {
                let mut signature = key.sign(message.as_bytes());
                signature[10] ^= 1;
                signature
            }
            Signature::Hmac(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            Signature::Absent => Vec::new(),
        };
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The claims of a token that one of the published keys signed. Expiry is not checked.
pub(crate) fn verified_claims(token: &str, keys: &KeyRing) -> Option<Map<String, Value>> {
    let (message, signature) = token.rsplit_once('.')?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    keys.verifies(message.as_bytes(), &signature)
        .then(|| claims(token))
        .flatten()
}

/// The claims of a token, without verification.
pub(crate) fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

/// The map of a `json!({ … })` value.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not a JSON object: {other}"),
    }
}
