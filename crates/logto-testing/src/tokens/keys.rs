//! Signing keys and the published key set.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
        ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
        RsaKeyPair, UnparsedPublicKey,
    },
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{config::SigningAlgorithm, random};

/// A key pair with its `kid`.
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pair: Pair,
}

/// A key pair in a file.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct SavedKey {
    kid: String,
    /// PKCS #8 (RFC 5208) in base64.
    pkcs8: String,
}

enum Pair {
    Ec(&'static Curve, EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// An elliptic curve with the algorithms that RFC 7518 §3.4 assigns to it.
struct Curve {
    algorithm: SigningAlgorithm,
    name: &'static str,
    /// Length of a coordinate in bytes.
    length: usize,
    signing: &'static EcdsaSigningAlgorithm,
    verification: &'static EcdsaVerificationAlgorithm,
}

static P256: Curve = Curve {
    algorithm: SigningAlgorithm::Es256,
    name: "P-256",
    length: 32,
    signing: &ECDSA_P256_SHA256_FIXED_SIGNING,
    verification: &ECDSA_P256_SHA256_FIXED,
};

static P384: Curve = Curve {
    algorithm: SigningAlgorithm::Es384,
    name: "P-384",
    length: 48,
    signing: &ECDSA_P384_SHA384_FIXED_SIGNING,
    verification: &ECDSA_P384_SHA384_FIXED,
};

static P521: Curve = Curve {
    algorithm: SigningAlgorithm::Es512,
    name: "P-521",
    length: 66,
    signing: &ECDSA_P521_SHA512_FIXED_SIGNING,
    verification: &ECDSA_P521_SHA512_FIXED,
};

impl SigningKey {
    pub(crate) fn generate(algorithm: SigningAlgorithm) -> Self {
        let on = |curve: &'static Curve| Pair::Ec(curve, EcdsaKeyPair::generate(curve.signing).unwrap());
        let pair = match algorithm {
            SigningAlgorithm::Es256 => on(&P256),
            SigningAlgorithm::Es384 => on(&P384),
            SigningAlgorithm::Es512 => on(&P521),
            SigningAlgorithm::Rs256 => Pair::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())),
        };
        Self {
            kid: random::id(),
            pair,
        }
    }

    /// The key pair for a file.
    ///
    /// # Panics
    ///
    /// For an RSA key: only keys of the default algorithm are saved.
    pub(crate) fn save(&self) -> SavedKey {
        let Pair::Ec(_, pair) = &self.pair else {
            panic!("only EC keys are saved");
        };
        SavedKey {
            kid: self.kid.clone(),
            pkcs8: BASE64_STANDARD.encode(pair.to_pkcs8v1().unwrap()),
        }
    }

    /// A key pair from a file; `None` if it is not one of the default algorithm.
    pub(crate) fn load(saved: &SavedKey) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(&saved.pkcs8).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(P384.signing, &bytes).ok()?;
        Some(Self {
            kid: saved.kid.clone(),
            pair: Pair::Ec(&P384, pair),
        })
    }

    pub(crate) fn algorithm(&self) -> SigningAlgorithm {
        match &self.pair {
            Pair::Ec(curve, _) => curve.algorithm,
            Pair::Rsa(_) => SigningAlgorithm::Rs256,
        }
    }

    /// The signature in the format of RFC 7518 §3; for ECDSA that is R and S concatenated.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(_, pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.pair {
            Pair::Ec(curve, pair) => UnparsedPublicKey::new(curve.verification, pair.public_key().as_ref().to_vec())
                .verify(message, signature),
            Pair::Rsa(pair) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref().to_vec())
                .verify(message, signature),
        }
        .is_ok()
    }

    /// The public key as a JWK, RFC 7517 §4.
    pub(crate) fn jwk(&self) -> Map<String, Value> {
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match &self.pair {
            Pair::Ec(curve, pair) => {
                // An uncompressed point: the byte 4, then x and y, each in full length.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(curve.length);
                json!({ "kty": "EC", "crv": curve.name, "x": encode(x), "y": encode(y) })
            }
            Pair::Rsa(pair) => {
                let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
                let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
                json!({ "kty": "RSA", "n": encode(n), "e": encode(e) })
            }
        };
        let jwk = jwk.as_object_mut().unwrap();
        jwk.insert("use".to_owned(), json!("sig"));
        jwk.insert("alg".to_owned(), json!(self.algorithm().name()));
        jwk.insert("kid".to_owned(), json!(self.kid));
        jwk.clone()
    }

    /// The public key in PEM format, the secret of an HS256 confusion attack.
    pub(crate) fn public_pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = match &self.pair {
            Pair::Ec(_, pair) => pair.public_key().as_der().unwrap(),
            Pair::Rsa(pair) => pair.public_key().as_der().unwrap(),
        };
        let text = BASE64_STANDARD.encode(der.as_ref());
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(|line| str::from_utf8(line).unwrap())
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        )
    }
}

/// Keys that sign no token. Generated once per process, because generating an RSA key is slow.
static DECOYS: LazyLock<[Arc<SigningKey>; 2]> =
    LazyLock::new(|| [SigningAlgorithm::Es384, SigningAlgorithm::Rs256].map(|it| Arc::new(SigningKey::generate(it))));

/// One EC and one RSA key that never sign.
pub(crate) fn decoys() -> &'static [Arc<SigningKey>; 2] {
    &DECOYS
}

pub(crate) struct KeyRing(Mutex<Keys>);

struct Keys {
    current: Arc<SigningKey>,
    /// Rotated keys that are still published, newest first.
    previous: Vec<Arc<SigningKey>>,
    /// Whether the decoys are published as well.
    decoys: bool,
}

impl KeyRing {
    pub(crate) fn new(algorithm: SigningAlgorithm) -> Self {
        let current = Arc::new(SigningKey::generate(algorithm));
        Self(Mutex::new(Keys {
            current,
            previous: Vec::new(),
            decoys: false,
        }))
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap()
    }

    pub(crate) fn current(&self) -> Arc<SigningKey> {
        Arc::clone(&self.keys().current)
    }

    pub(crate) fn rotate(&self, algorithm: Option<SigningAlgorithm>) {
        let mut keys = self.keys();
        let algorithm = algorithm.unwrap_or_else(|| keys.current.algorithm());
        let next = Arc::new(SigningKey::generate(algorithm));
        let retired = std::mem::replace(&mut keys.current, next);
        keys.previous.insert(0, retired);
    }

    /// Signs with this key, and publishes no other.
    pub(crate) fn replace(&self, key: SigningKey) {
        let mut keys = self.keys();
        keys.current = Arc::new(key);
        keys.previous.clear();
    }

    pub(crate) fn forget_previous(&self) {
        self.keys().previous.clear();
    }

    pub(crate) fn publish_decoys(&self) {
        self.keys().decoys = true;
    }

    pub(crate) fn published(&self) -> Vec<Arc<SigningKey>> {
        let keys = self.keys();
        let mut published = if keys.decoys { decoys().to_vec() } else { Vec::new() };
        published.push(Arc::clone(&keys.current));
        published.extend(keys.previous.iter().cloned());
        published
    }

    /// Whether one of the published keys made this signature; `kid` is ignored.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.published().iter().any(|key| key.verifies(message, signature))
    }
}
