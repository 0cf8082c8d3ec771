//! Wrong ID tokens.

use serde_json::{Map, Value, json};

use super::tweak::Tweak;
use crate::{
    config::{Config, SigningAlgorithm},
    tokens::{Jwt, KeyRing, keys::decoys},
};

const OTHER_CLIENT: &str = "another-app";

/// A wrong ID token (OpenID Connect Core 1.0 §3.1.3.7).
///
/// Every fault that is switched on applies to the same token. Where the documentation says
/// "valid", clients must accept the token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IdTokenFault {
    /// `iss` names another provider.
    IssuerWrong,
    /// `iss` is missing.
    IssuerMissing,
    /// `aud` names another client.
    AudienceOther,
    /// `aud` is missing.
    AudienceMissing,
    /// `aud` is an array with this client only. Valid.
    AudienceListOfOne,
    /// `aud` is an array with this client and another one, and `azp` is missing.
    AudienceListWithoutAzp,
    /// `aud` is an array with this client and another one, and `azp` is this client.
    AudienceListWithAzp,
    /// `azp` names another client.
    AzpOther,
    /// `sub` is missing.
    SubjectMissing,
    /// `sub` is empty.
    SubjectEmpty,
    /// `sub` names another user; on a refresh, it has changed (OpenID Connect Core 1.0 §12.2).
    SubjectOther,
    /// `iat` is missing.
    IssuedAtMissing,
    /// `iat` is this many seconds in the future.
    IssuedAtFuture(u64),
    /// `exp` is missing.
    ExpiryMissing,
    /// `exp` is this many seconds in the past.
    ExpiryPast(u64),
    /// `nonce` is missing.
    NonceMissing,
    /// `nonce` is a value that the client did not create.
    NonceWrong,
    /// `auth_time` is missing, although the request had `max_age`.
    AuthTimeMissing,
    /// `auth_time` is this many seconds in the past.
    AuthTimePast(u64),
    /// `acr` and `amr` name a second factor, which the user has not proved.
    SecondFactorUnproved,
    /// The signature is invalid.
    SignatureBad,
    /// `alg` is `none`, and there is no signature.
    AlgNone,
    /// `alg` is `HS256`, and the secret is the PEM encoding of the public key.
    Hs256WithPublicKey,
    /// `alg` is `HS256`, and the secret is the client's.
    Hs256WithClientSecret,
    /// Signed with a key that is not in the key set; `kid` is the id of that key.
    KeyUnpublished,
    /// The signature is valid, but the key set has no key with this `kid`.
    KidUnknown,
    /// `kid` is missing. Valid if the key set has one key.
    KidMissing,
    /// `kid` is the id of a published key of another type.
    KidOfAnotherKeyType,
    /// `crit` lists an unknown header parameter (RFC 7515 §4.1.11).
    CritUnknown,
    /// Text that is not a JWT.
    NotAJwt,
    /// Any other change to the claims; created by [`claims`](Self::claims).
    Claims(Tweak<Map<String, Value>>),
    /// Any other change; created by [`jwt`](Self::jwt).
    Jwt(Tweak<Jwt>),
}

/// The parts of the provider that sign ID tokens or change them.
pub(crate) struct Signer<'a> {
    pub(crate) config: &'a Config,
    pub(crate) keys: &'a KeyRing,
    pub(crate) now: u64,
}

impl IdTokenFault {
    /// Applies any change to the claims.
    pub fn claims(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Claims(Tweak::new(change))
    }

    /// Applies any change to the header, the claims or the signature.
    pub fn jwt(change: impl Fn(&mut Jwt) + Send + Sync + 'static) -> Self {
        Self::Jwt(Tweak::new(change))
    }

    /// Changes the token. Returns the text to send in its place, if any.
    pub(crate) fn apply(&self, jwt: &mut Jwt, signer: &Signer<'_>) -> Option<String> {
        let (app_id, now) = (&signer.config.app_id, signer.now);
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
            Self::NonceWrong => set(claims, "nonce", json!("an-unknown-nonce")),
            Self::AuthTimeMissing => remove(claims, "auth_time"),
            Self::AuthTimePast(seconds) => set(claims, "auth_time", json!(now - seconds)),
            Self::SecondFactorUnproved => {
                set(claims, "acr", json!("urn:logto:acr:mfa"));
                set(claims, "amr", json!(["pwd", "otp", "mfa"]));
            }
            Self::Claims(tweak) => tweak.apply(claims),
            Self::NotAJwt => return Some("this is not a token".to_owned()),
            _ => self.apply_to_signature(jwt, signer),
        }
        None
    }

    fn apply_to_signature(&self, jwt: &mut Jwt, signer: &Signer<'_>) {
        match self {
            Self::SignatureBad => jwt.break_signature(),
            Self::AlgNone => jwt.unsign(),
            Self::Hs256WithPublicKey => jwt.sign_hs256(signer.keys.current().public_pem().as_bytes()),
            Self::Hs256WithClientSecret => {
                jwt.sign_hs256(signer.config.app_secret.as_deref().unwrap_or_default().as_bytes());
            }
            Self::KeyUnpublished => jwt.sign_with_unpublished_key(),
            Self::KidUnknown => set(&mut jwt.header, "kid", json!("an-unknown-kid")),
            Self::KidMissing => remove(&mut jwt.header, "kid"),
            Self::KidOfAnotherKeyType => {
                signer.keys.publish_decoys();
                let [ec, rsa] = decoys();
                let other = if signer.keys.current().algorithm() == SigningAlgorithm::Rs256 {
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
            _ => unreachable!("`apply` changes the claims: {self:?}"),
        }
    }
}

fn set(map: &mut Map<String, Value>, name: &str, value: Value) {
    map.insert(name.to_owned(), value);
}

fn remove(map: &mut Map<String, Value>, name: &str) {
    map.remove(name);
}
