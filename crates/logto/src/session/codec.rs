//! A session as bytes, to be sealed: JSON, deflated. A JWT is base64 of JSON and hardly shrinks as it is, so its parts are
//! written decoded; that brings a session with five tokens from 5.1 kB to 1.7 kB.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{Read as _, Write as _},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use super::{CachedToken, Session, SessionId, denial::Denial, deny_list::NoteIds};
use crate::{
    clock::Timestamp,
    id_token::VerifiedIdToken,
    secret::{ExposeSecret as _, SecretString},
    token::{AccessToken, TokenTarget},
};

/// Most bytes that are inflated. No session is larger; a bomb stops here.
const MOST_INFLATED: u64 = 256 * 1024;

/// The bytes are no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no session of this version; the user signs in again")]
pub struct SessionCodecError;

impl Session {
    /// The session as bytes. They hold its tokens: seal them.
    ///
    /// # Errors
    ///
    /// Never for a session that can exist; the signature spares the caller a panic.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SessionCodecError> {
        let wire = Wire {
            id: BASE64_URL_SAFE_NO_PAD.encode(self.id.0),
            version: self.version,
            started: self.started,
            seen: self.seen,
            id_token: Jwt::split(&self.id_token.raw().clone()),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose_secret().into()),
            access_tokens: self
                .access_tokens
                .iter()
                .map(|(target, cached)| WireToken::new(target, cached))
                .collect(),
            grant_ended: self.grant_ended,
            denied: self.denied,
            clears: self.clears,
        };
        let json = serde_json::to_vec(&wire).map_err(|_| SessionCodecError)?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&json).map_err(|_| SessionCodecError)?;
        encoder.finish().map_err(|_| SessionCodecError)
    }

    /// Reads what [`Session::to_bytes`] wrote, after it was unsealed: the seal is what makes its ID token a verified one.
    ///
    /// # Errors
    ///
    /// For anything else.
    pub fn from_unsealed_bytes(bytes: &[u8]) -> Result<Self, SessionCodecError> {
        let mut json = Vec::new();
        DeflateDecoder::new(bytes)
            .take(MOST_INFLATED)
            .read_to_end(&mut json)
            .map_err(|_| SessionCodecError)?;
        let wire: Wire<'_> = serde_json::from_slice(&json).map_err(|_| SessionCodecError)?;
        let id = BASE64_URL_SAFE_NO_PAD
            .decode(wire.id)
            .ok()
            .and_then(|id| id.try_into().ok())
            .ok_or(SessionCodecError)?;
        Ok(Self {
            id: SessionId(id),
            version: wire.version,
            started: wire.started,
            seen: wire.seen,
            id_token: VerifiedIdToken::unsealed(wire.id_token.join()).ok_or(SessionCodecError)?,
            refresh_token: wire.refresh_token.map(|token| token.into_owned().into()),
            access_tokens: wire
                .access_tokens
                .into_iter()
                .map(WireToken::open)
                .collect::<BTreeMap<_, _>>(),
            grant_ended: wire.grant_ended,
            denied: wire.denied,
            clears: wire.clears,
            notes: NoteIds::default(),
        })
    }
}

/// The form inside the seal. Private: nothing else may serialize these secrets. Short names, they stand in a cookie.
#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    #[serde(rename = "i")]
    id: String,
    #[serde(rename = "v")]
    version: u64,
    #[serde(rename = "s")]
    started: Timestamp,
    #[serde(rename = "l")]
    seen: Timestamp,
    #[serde(rename = "t")]
    id_token: Jwt,
    #[serde(rename = "r", borrow, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    access_tokens: Vec<WireToken>,
    #[serde(rename = "e", default, skip_serializing_if = "std::ops::Not::not")]
    grant_ended: bool,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    denied: Option<Denial>,
    #[serde(rename = "c", default, skip_serializing_if = "is_zero")]
    clears: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[derive(Serialize, Deserialize)]
struct WireToken {
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    organization_id: Option<String>,
    #[serde(rename = "t")]
    token: Jwt,
    #[serde(rename = "s")]
    scopes: Vec<String>,
    #[serde(rename = "e")]
    expires: Timestamp,
    #[serde(rename = "u")]
    used: Timestamp,
}

impl WireToken {
    fn new(target: &TokenTarget, cached: &CachedToken) -> Self {
        Self {
            resource: target.resource.clone(),
            organization_id: target.organization_id.clone(),
            token: Jwt::split(&cached.token.secret),
            scopes: cached.token.scopes.clone(),
            expires: cached.token.expires,
            used: cached.used,
        }
    }

    fn open(self) -> (TokenTarget, CachedToken) {
        let target = TokenTarget {
            resource: self.resource,
            organization_id: self.organization_id,
        };
        let token = AccessToken {
            secret: self.token.join(),
            scopes: self.scopes,
            expires: self.expires,
        };
        (target, CachedToken { token, used: self.used })
    }
}

/// A token: a JWT with header and payload decoded, or text as it is.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Jwt {
    Parts(String, String, String),
    Text(String),
}

impl Jwt {
    fn split(token: &SecretString) -> Self {
        let text = token.expose_secret();
        Self::parts(text)
            .filter(|parts| parts.join().expose_secret() == text)
            .unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    fn parts(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let decoded = |part| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        Some(Self::Parts(decoded(header)?, decoded(payload)?, signature.to_owned()))
    }

    fn join(&self) -> SecretString {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Parts(header, payload, signature) => {
                let encode = |part: &String| BASE64_URL_SAFE_NO_PAD.encode(part);
                format!("{}.{}.{signature}", encode(header), encode(payload)).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(payload: &str) -> SecretString {
        let encode = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
        format!(
            "{}.{}.{}",
            encode(r#"{"alg":"ES384","kid":"k"}"#),
            encode(payload),
            encode("signature")
        )
        .into()
    }

    fn session() -> Session {
        let claims = r#"{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000,"name":null}"#;
        let token = |secret: SecretString, used| CachedToken {
            token: AccessToken {
                secret,
                scopes: vec!["read".into()],
                expires: Timestamp::from_secs(4600),
            },
            used: Timestamp::from_secs(used),
        };
        Session {
            id: SessionId([7; 32]),
            version: 3,
            started: Timestamp::from_secs(1000),
            seen: Timestamp::from_secs(1000),
            id_token: VerifiedIdToken::unsealed(jwt(claims)).unwrap(),
            refresh_token: Some("refresh-token".into()),
            access_tokens: BTreeMap::from([
                (TokenTarget::USER_INFO, token("opaque".into(), 1000)),
                (
                    TokenTarget::resource("https://api"),
                    token(jwt(r#"{"aud":"https://api"}"#), 1001),
                ),
            ]),
            grant_ended: false,
            denied: None,
            clears: 0,
            notes: NoteIds::default(),
        }
    }

    #[test]
    fn a_session_reads_back_with_every_token_to_the_letter() {
        let session = session();
        let read = Session::from_unsealed_bytes(&session.to_bytes().unwrap()).unwrap();
        assert_eq!((read.id, read.version, read.started), (session.id, 3, session.started));
        assert_eq!(
            read.id_token.raw().expose_secret(),
            session.id_token.raw().expose_secret()
        );
        assert_eq!(read.refresh_token.unwrap().expose_secret(), "refresh-token");
        for (target, cached) in &session.access_tokens {
            let other = &read.access_tokens[target];
            assert_eq!(other.token.secret.expose_secret(), cached.token.secret.expose_secret());
            assert_eq!(
                (&other.token.scopes, other.token.expires, other.used),
                (&cached.token.scopes, cached.token.expires, cached.used)
            );
        }
    }

    #[test]
    fn a_token_that_is_not_canonical_base64_is_kept_as_it_is() {
        for text in ["opaque", "a.b", "!!.!!.!!", "e30=.e30.x", "a.b.c.d"] {
            assert_eq!(Jwt::split(&text.into()).join().expose_secret(), text);
        }
    }

    #[test]
    fn rejects_bytes_that_are_no_session() {
        assert!(Session::from_unsealed_bytes(b"").is_err());
        assert!(Session::from_unsealed_bytes(b"not deflate").is_err());
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
        assert!(Session::from_unsealed_bytes(&encoder.finish().unwrap()).is_err());
    }

    #[test]
    fn no_token_is_in_the_debug_output() {
        let debug = format!("{:?}", session());
        assert!(!debug.contains("refresh-token") && !debug.contains("opaque"), "{debug}");
    }

    #[test]
    fn the_token_used_longest_ago_leaves_first() {
        let smaller = session().without_oldest_token().unwrap();
        assert_eq!(
            smaller.access_tokens.keys().collect::<Vec<_>>(),
            [&TokenTarget::resource("https://api")]
        );
        assert!(smaller.without_oldest_token().unwrap().without_oldest_token().is_none());
    }
}
