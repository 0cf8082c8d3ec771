//! Wrong discovery documents, key sets and userinfo.

use serde_json::{Map, Value, json};

use super::Tweak;
use crate::{
    keys::{self, KeyRing},
    shared::Shared,
};

/// A discovery document that lies.
#[derive(Clone, Debug)]
pub enum DiscoveryFault {
    /// `issuer` is somebody else (`OpenID` Connect Discovery 1.0 §4.3).
    IssuerOther,
    /// `issuer` has one more slash at its end.
    IssuerWithSlash,
    /// A field is missing.
    Without(&'static str),
    /// An endpoint without TLS on a host that is not this machine.
    InsecureEndpoint(&'static str),
    /// A field has another value.
    Set(&'static str, Value),
    /// Any other change; from [`document`](Self::document).
    Document(Tweak<Map<String, Value>>),
}

impl DiscoveryFault {
    /// Any change to the document.
    pub fn document(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Document(Tweak::new(change))
    }

    pub(crate) fn apply(&self, document: &mut Map<String, Value>, shared: &Shared) {
        let mut set = |field: &str, value| document.insert(field.to_owned(), value);
        match self {
            Self::IssuerOther => drop(set("issuer", json!("https://evil.example.com/oidc"))),
            Self::IssuerWithSlash => drop(set("issuer", json!(format!("{}/", shared.issuer())))),
            Self::Without(field) => drop(document.remove(*field)),
            Self::InsecureEndpoint(field) => drop(set(field, json!("http://insecure.example.com/oidc"))),
            Self::Set(field, value) => drop(set(field, value.clone())),
            Self::Document(tweak) => tweak.apply(document),
        }
    }
}

/// A key set that is wrong, or right but difficult.
#[derive(Clone, Debug)]
pub enum JwksFault {
    /// No keys at all.
    Empty,
    /// Before the right key, one of each type that signs nothing. Not wrong by itself.
    SeveralKeys,
    /// Only keys that sign nothing.
    OtherKeysOnly,
    /// No key says its `kid`. Not wrong by itself.
    WithoutKid,
    /// No key says its `alg`. Not wrong by itself.
    WithoutAlg,
    /// The keys are for encryption (`use: enc`).
    EncryptionOnly,
    /// A symmetric key with the right `kid` comes first.
    SymmetricKey,
    /// Any other change; from [`keys`](Self::keys).
    Keys(Tweak<Vec<Map<String, Value>>>),
}

impl JwksFault {
    /// Any change to the list of keys.
    pub fn keys(change: impl Fn(&mut Vec<Map<String, Value>>) + Send + Sync + 'static) -> Self {
        Self::Keys(Tweak::new(change))
    }

    pub(crate) fn apply(&self, list: &mut Vec<Map<String, Value>>, ring: &KeyRing) {
        let decoys = || keys::decoys().iter().map(|key| key.jwk());
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
                list.insert(0, crate::jwt::object(key));
            }
            Self::Keys(tweak) => tweak.apply(list),
        }
    }
}

/// A userinfo answer that lies.
#[derive(Clone, Debug)]
pub enum UserInfoFault {
    /// The `sub` of somebody else (`OpenID` Connect Core 1.0 §5.3.2).
    SubjectOther,
    /// No `sub`.
    SubjectMissing,
    /// 401 `invalid_token`, whatever token came.
    Unauthorized,
    /// Any other change; from [`claims`](Self::claims).
    Claims(Tweak<Map<String, Value>>),
}

impl UserInfoFault {
    /// Any change to the claims.
    pub fn claims(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Claims(Tweak::new(change))
    }

    /// Changes the claims; `false` asks for a 401.
    pub(crate) fn apply(&self, claims: &mut Map<String, Value>) -> bool {
        match self {
            Self::SubjectOther => drop(claims.insert("sub".to_owned(), json!("usr_mallory"))),
            Self::SubjectMissing => drop(claims.remove("sub")),
            Self::Claims(tweak) => tweak.apply(claims),
            Self::Unauthorized => return false,
        }
        true
    }
}
