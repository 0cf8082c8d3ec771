//! ID tokens that a client must refuse.

use serde_json::{Map, Value, json};

use super::Tweak;
use crate::{config::SigningAlgorithm, jwt::Jwt, keys, shared::Shared};

const OTHER_CLIENT: &str = "another-app";

/// An ID token that lies (`OpenID` Connect Core 1.0 §3.1.3.7). All that are on apply to the same
/// token.
#[derive(Clone, Debug)]
pub enum IdTokenFault {
    /// `iss` of another provider.
    IssuerWrong,
    /// No `iss`.
    IssuerMissing,
    /// `aud` is another client.
    AudienceOther,
    /// No `aud`.
    AudienceMissing,
    /// `aud` is a list of this client alone. Not wrong by itself.
    AudienceListOfOne,
    /// `aud` is a list of this client and another one, without `azp`.
    AudienceListWithoutAzp,
    /// `aud` is a list of this client and another one, and `azp` is this client.
    AudienceListWithAzp,
    /// `azp` is another client.
    AzpOther,
    /// No `sub`.
    SubjectMissing,
    /// `sub` is empty.
    SubjectEmpty,
    /// `sub` is somebody else; on a refresh it has changed (`OpenID` Connect Core 1.0 §12.2).
    SubjectOther,
    /// No `iat`.
    IssuedAtMissing,
    /// `iat` is so many seconds ahead.
    IssuedAtFuture(u64),
    /// No `exp`.
    ExpiryMissing,
    /// `exp` was so many seconds ago.
    ExpiryPast(u64),
    /// No `nonce`.
    NonceMissing,
    /// `nonce` is another one.
    NonceWrong,
    /// No `auth_time`, though `max_age` was sent.
    AuthTimeMissing,
    /// `auth_time` was so many seconds ago.
    AuthTimePast(u64),
    /// The signature is wrong.
    SignatureBad,
    /// `alg: none`, no signature.
    AlgNone,
    /// `alg: HS256`, with the public key's PEM file as secret.
    Hs256WithPublicKey,
    /// `alg: HS256`, with the client's secret.
    Hs256WithClientSecret,
    /// Signed well, but by a key that is published nowhere, under that key's `kid`.
    KeyUnpublished,
    /// Signed well, but `kid` names no key.
    KidUnknown,
    /// No `kid`. Not wrong by itself while one key only is published.
    KidMissing,
    /// `kid` names a published key of another type.
    KidOfAnotherKeyType,
    /// `crit` names a header parameter that nobody understands (RFC 7515 §4.1.11).
    CritUnknown,
    /// Text that is no JWT.
    NotAJwt,
    /// Any other change to the claims; from [`claims`](Self::claims).
    Claims(Tweak<Map<String, Value>>),
    /// Any other change; from [`jwt`](Self::jwt).
    Jwt(Tweak<Jwt>),
}

impl IdTokenFault {
    /// Any change to the claims.
    pub fn claims(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Claims(Tweak::new(change))
    }

    /// Any change to header, claims or signature.
    pub fn jwt(change: impl Fn(&mut Jwt) + Send + Sync + 'static) -> Self {
        Self::Jwt(Tweak::new(change))
    }

    /// Changes the token; text that comes back is to be sent in its place.
    pub(crate) fn apply(&self, jwt: &mut Jwt, shared: &Shared) -> Option<String> {
        let (app_id, now) = (&shared.config.app_id, shared.now());
        let claims = &mut jwt.claims;
        match self {
            Self::IssuerWrong => set(claims, "iss", json!("https://evil.example.com/oidc")),
            Self::IssuerMissing => remove(claims, "iss"),
            Self::AudienceOther => set(claims, "aud", json!(OTHER_CLIENT)),
            Self::AudienceMissing => remove(claims, "aud"),
            Self::AudienceListOfOne => set(claims, "aud", json!([app_id])),
            Self::AudienceListWithoutAzp => set(claims, "aud", json!([app_id, OTHER_CLIENT])),
            Self::AudienceListWithAzp => {
                set(claims, "aud", json!([app_id, OTHER_CLIENT]));
                set(claims, "azp", json!(app_id));
            }
            Self::AzpOther => set(claims, "azp", json!(OTHER_CLIENT)),
            Self::SubjectMissing => remove(claims, "sub"),
            Self::SubjectEmpty => set(claims, "sub", json!("")),
            Self::SubjectOther => set(claims, "sub", json!("usr_mallory")),
            Self::IssuedAtMissing => remove(claims, "iat"),
            Self::IssuedAtFuture(seconds) => set(claims, "iat", json!(now + seconds)),
            Self::ExpiryMissing => remove(claims, "exp"),
            Self::ExpiryPast(seconds) => set(claims, "exp", json!(now - seconds)),
            Self::NonceMissing => remove(claims, "nonce"),
            Self::NonceWrong => set(claims, "nonce", json!("a-nonce-nobody-made")),
            Self::AuthTimeMissing => remove(claims, "auth_time"),
            Self::AuthTimePast(seconds) => set(claims, "auth_time", json!(now - seconds)),
            Self::Claims(tweak) => tweak.apply(claims),
            Self::NotAJwt => return Some("this is no token".to_owned()),
            _ => self.apply_to_signature(jwt, shared),
        }
        None
    }

    fn apply_to_signature(&self, jwt: &mut Jwt, shared: &Shared) {
        match self {
            Self::SignatureBad => jwt.break_signature(),
            Self::AlgNone => jwt.unsign(),
            Self::Hs256WithPublicKey => jwt.sign_hs256(shared.keys.current().public_pem().as_bytes()),
            Self::Hs256WithClientSecret => {
                jwt.sign_hs256(shared.config.app_secret.as_deref().unwrap_or_default().as_bytes());
            }
            Self::KeyUnpublished => jwt.sign_with_unpublished_key(),
            Self::KidUnknown => set(&mut jwt.header, "kid", json!("a-kid-nobody-knows")),
            Self::KidMissing => remove(&mut jwt.header, "kid"),
            Self::KidOfAnotherKeyType => {
                shared.keys.publish_decoys();
                let [ec, rsa] = keys::decoys();
                let other = if shared.keys.current().algorithm() == SigningAlgorithm::Rs256 {
                    ec
                } else {
                    rsa
                };
                set(&mut jwt.header, "kid", json!(other.kid));
            }
            Self::CritUnknown => {
                set(&mut jwt.header, "crit", json!(["urn:example:unknown"]));
                set(&mut jwt.header, "urn:example:unknown", json!(true));
            }
            Self::Jwt(tweak) => tweak.apply(jwt),
            _ => unreachable!("a fault of the claims: {self:?}"),
        }
    }
}

fn set(map: &mut Map<String, Value>, name: &str, value: Value) {
    map.insert(name.to_owned(), value);
}

fn remove(map: &mut Map<String, Value>, name: &str) {
    map.remove(name);
}
