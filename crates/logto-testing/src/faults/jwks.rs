//! Wrong or unusual key sets.

use serde_json::{Map, Value, json};

use super::tweak::Tweak;
use crate::tokens::{KeyRing, jwt::object, keys::decoys};

/// A wrong or unusual key set. Where the documentation says "valid", clients must accept it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum JwksFault {
    /// The key set has no keys.
    Empty,
    /// Keys that never sign, one EC and one RSA, precede the signing key. Valid.
    SeveralKeys,
    /// The key set has only keys that never sign.
    OtherKeysOnly,
    /// No key has a `kid`. Valid.
    WithoutKid,
    /// No key has an `alg`. Valid.
    WithoutAlg,
    /// The keys are for encryption (`use: enc`).
    EncryptionOnly,
    /// A symmetric key with the `kid` of the signing key precedes it.
    SymmetricKey,
    /// Any other change; created by [`keys`](Self::keys).
    Keys(Tweak<Vec<Map<String, Value>>>),
}

impl JwksFault {
    /// Applies any change to the list of keys.
    pub fn keys(change: impl Fn(&mut Vec<Map<String, Value>>) + Send + Sync + 'static) -> Self {
        Self::Keys(Tweak::new(change))
    }

    pub(crate) fn apply(&self, list: &mut Vec<Map<String, Value>>, ring: &KeyRing) {
        let decoys = || decoys().iter().map(|key| key.jwk());
        match self {
            Self::Empty => list.clear(),
            Self::SeveralKeys => drop(list.splice(0..0, decoys())),
            Self::OtherKeysOnly => *list = decoys().collect(),
            Self::WithoutKid => list.iter_mut().for_each(|key| drop(key.remove("kid"))),
            Self::WithoutAlg => list.iter_mut().for_each(|key| drop(key.remove("alg"))),
            Self::EncryptionOnly => list
                .iter_mut()
                .for_each(|key| drop(key.insert("use".to_owned(), json!("enc")))),
            Self::SymmetricKey => {
                let key = json!({ "kty": "oct", "kid": ring.current().kid, "alg": "HS256", "k": "c2VjcmV0" });
                list.insert(0, object(key));
            }
            Self::Keys(tweak) => tweak.apply(list),
        }
    }
}
