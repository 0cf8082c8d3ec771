//! JSON Web Tokens in compact form (RFC 7515 §7.1), with every liberty a liar needs.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    config::SigningAlgorithm,
    keys::{KeyRing, SigningKey},
};

/// A token before it is signed: header and claims may be changed at will, and the signature spoilt.
#[derive(Clone)]
pub struct Jwt {
    /// The header, with `alg` and `kid` of the key that signs.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
    seal: Seal,
}

#[derive(Clone)]
enum Seal {
    Key(Arc<SigningKey>),
    Broken(Arc<SigningKey>),
    Hmac(Vec<u8>),
    Absent,
}

impl Jwt {
    pub(crate) fn new(key: Arc<SigningKey>, claims: Map<String, Value>) -> Self {
        let header = object(json!({ "alg": key.algorithm().name(), "kid": key.kid }));
        Self {
            header,
            claims,
            seal: Seal::Key(key),
        }
    }

    /// Makes the signature wrong.
    pub fn break_signature(&mut self) {
        if let Seal::Key(key) = &self.seal {
            self.seal = Seal::Broken(Arc::clone(key));
        }
    }

    /// `alg: none` and an empty signature.
    pub fn unsign(&mut self) {
        self.header.insert("alg".to_owned(), json!("none"));
        self.seal = Seal::Absent;
    }

    /// `alg: HS256` with `secret`.
    pub fn sign_hs256(&mut self, secret: &[u8]) {
        self.header.insert("alg".to_owned(), json!("HS256"));
        self.seal = Seal::Hmac(secret.to_vec());
    }

    /// `alg: HS256` with the public key's PEM file as secret.
    pub fn sign_hs256_with_public_key(&mut self) {
        if let Seal::Key(key) = &self.seal {
            let pem = key.public_pem();
            self.sign_hs256(pem.as_bytes());
        }
    }

    /// A good signature of a new key that is published nowhere, with that key's `kid`.
    pub fn sign_with_unpublished_key(&mut self) {
        let key = Arc::new(SigningKey::generate(SigningAlgorithm::Es384));
        self.header.insert("alg".to_owned(), json!(key.algorithm().name()));
        self.header.insert("kid".to_owned(), json!(key.kid));
        self.seal = Seal::Key(key);
    }

    pub(crate) fn encode(&self) -> String {
        let part = |object: &Map<String, Value>| BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(object).unwrap());
        let message = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = match &self.seal {
            Seal::Key(key) => key.sign(message.as_bytes()),
            Seal::Broken(key) => {
                let mut signature = key.sign(message.as_bytes());
                signature[10] ^= 1;
                signature
            }
            Seal::Hmac(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            Seal::Absent => Vec::new(),
        };
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The claims of a token that one of `keys` has signed, expired or not.
pub(crate) fn verified_claims(token: &str, keys: &KeyRing) -> Option<Map<String, Value>> {
    let (message, signature) = token.rsplit_once('.')?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    keys.verifies(message.as_bytes(), &signature)
        .then(|| claims(token))
        .flatten()
}

/// The claims of anything that looks like a token.
pub(crate) fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

/// The map of a `json!({ … })`.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not a JSON object: {other}"),
    }
}
