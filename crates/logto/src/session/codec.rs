//! A session as bytes, to be sealed: JSON, deflated. A JWT is base64 of JSON and hardly shrinks as
//! it is, so its parts are written decoded; that brings a session with five tokens from 5.1 kB to
//! 1.7 kB.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::BTreeMap,
    io::{Read as _, Write as _},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use super::{CachedToken, LogoutMark, Session, SessionId, denial::Denial, deny_list::entry::EntryIds};
use crate::{
    clock::Timestamp,
    id_token::VerifiedIdToken,
    seal::{Purpose, Unsealed},
    secret::{ExposeSecret as _, SecretString},
    token::{AccessToken, TokenTarget},
};

/// Decompression limit in bytes, which stops a bomb. Nothing larger is written, or it could not be
/// read back.
const MAX_INFLATED: usize = 256 * 1024;

/// A session could not be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionCodecError {
    /// The bytes are no session.
    #[error("the bytes are no session of this version; the user signs in again")]
    NoSession,
    /// The session is too large even without access tokens, so that it could not be read back.
    #[error(
        "the session takes more than 256 KiB even without access tokens; ask for fewer scopes or keep less custom data in \
         ID tokens"
    )]
    TooLarge,
}

impl Session {
    /// Serializes the session, including its tokens, for a [`Sealer`](crate::seal::Sealer).
    ///
    /// Access tokens that do not fit are left out, the least recently used first: they can be
    /// fetched again.
    ///
    /// # Errors
    ///
    /// [`SessionCodecError::TooLarge`] when it does not fit without any.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SessionCodecError> {
        let mut dto = SessionDto {
            id: BASE64_URL_SAFE_NO_PAD.encode(self.id.0),
            version: self.version,
            started: self.started,
            seen: self.seen,
            id_token: Jwt::split(&self.id_token.raw().clone()),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose_secret().into()),
            access_tokens: self
                .access_tokens
                .iter()
                .map(|(target, cached)| AccessTokenDto::new(target, cached))
                .collect(),
            grant_ended: self.grant_ended,
            logouts: self.logouts,
            denied: self.denied,
            clears: self.clears,
        };
        let mut json = to_json(&dto)?;
        if json.len() > MAX_INFLATED {
            dto.shed(json.len() - MAX_INFLATED)?;
            json = to_json(&dto)?;
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&json).map_err(|_| SessionCodecError::NoSession)?;
        encoder.finish().map_err(|_| SessionCodecError::NoSession)
    }

    /// Deserializes a session that [`Session::to_bytes`] serialized.
    ///
    /// The ID token inside is trusted without verification, because the seal proves that it was
    /// verified when the session was sealed.
    ///
    /// # Errors
    ///
    /// [`SessionCodecError::NoSession`] if the payload is not a session, or was not sealed as one.
    pub fn from_unsealed(unsealed: &Unsealed) -> Result<Self, SessionCodecError> {
        match unsealed.purpose() {
            Purpose::Session | Purpose::StoredSession => Self::from_bytes(unsealed.payload()),
            _ => Err(SessionCodecError::NoSession),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SessionCodecError> {
        let mut json = Vec::new();
        DeflateDecoder::new(bytes)
            .take(MAX_INFLATED as u64)
            .read_to_end(&mut json)
            .map_err(|_| SessionCodecError::NoSession)?;
        let dto: SessionDto<'_> = serde_json::from_slice(&json).map_err(|_| SessionCodecError::NoSession)?;
        let id = BASE64_URL_SAFE_NO_PAD
            .decode(dto.id)
            .ok()
            .and_then(|id| id.try_into().ok())
            .ok_or(SessionCodecError::NoSession)?;
        Ok(Self {
            id: SessionId(id),
            version: dto.version,
            started: dto.started,
            seen: dto.seen,
            id_token: VerifiedIdToken::unsealed(dto.id_token.join()).ok_or(SessionCodecError::NoSession)?,
            refresh_token: dto.refresh_token.map(|token| token.into_owned().into()),
            access_tokens: dto
                .access_tokens
                .into_iter()
                .map(AccessTokenDto::open)
                .collect::<BTreeMap<_, _>>(),
            grant_ended: dto.grant_ended,
            logouts: dto.logouts,
            denied: dto.denied,
            clears: dto.clears,
            entry_ids: EntryIds::default(),
        })
    }
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, SessionCodecError> {
    serde_json::to_vec(value).map_err(|_| SessionCodecError::NoSession)
}

/// The form inside the seal. Private: nothing else may serialize these secrets. Short names, they
/// stand in a cookie.
#[derive(Serialize, Deserialize)]
struct SessionDto<'a> {
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
    access_tokens: Vec<AccessTokenDto>,
    #[serde(rename = "e", default, skip_serializing_if = "std::ops::Not::not")]
    grant_ended: bool,
    #[serde(rename = "n", default, skip_serializing_if = "LogoutMark::is_none")]
    logouts: LogoutMark,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    denied: Option<Denial>,
    #[serde(rename = "c", default, skip_serializing_if = "is_zero")]
    clears: u64,
}

impl SessionDto<'_> {
    /// Gives up access tokens, the least recently used first, until it is smaller by `excess`
    /// bytes.
    fn shed(&mut self, mut excess: usize) -> Result<(), SessionCodecError> {
        self.access_tokens
            .sort_unstable_by_key(|token| Reverse((token.used, token.expires)));
        while excess > 0 {
            let token = self.access_tokens.pop().ok_or(SessionCodecError::TooLarge)?;
            excess = excess.saturating_sub(to_json(&token)?.len());
        }
        Ok(())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[derive(Serialize, Deserialize)]
struct AccessTokenDto {
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

impl AccessTokenDto {
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
    use crate::{
        clock::SystemRandom,
        seal::{SealContext, Sealer},
        session::SessionState,
    };

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
            logouts: LogoutMark::default(),
            denied: None,
            clears: 0,
            entry_ids: EntryIds::default(),
        }
    }

    /// A session with so many tokens for organizations, each used a second after the one before.
    fn large_session(tokens: u64) -> Session {
        let mut session = session();
        for number in 0..tokens {
            let claims = format!(
                r#"{{"aud":"urn:logto:organization:{number}","filler":"{}"}}"#,
                "x".repeat(400)
            );
            let token = AccessToken {
                secret: jwt(&claims),
                scopes: vec!["read".into()],
                expires: Timestamp::from_secs(4600),
            };
            let used = Timestamp::from_secs(2000 + number);
            session.access_tokens.insert(
                TokenTarget::organization(number.to_string()),
                CachedToken { token, used },
            );
        }
        session
    }

    #[test]
    fn a_session_reads_back_with_every_token_to_the_letter() {
        let session = session();
        let read = Session::from_bytes(&session.to_bytes().unwrap()).unwrap();
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
    fn the_end_of_a_grant_comes_back_too() {
        let ended = session().with_grant_ended();
        let read = Session::from_bytes(&ended.to_bytes().unwrap()).unwrap();
        assert_eq!(read.state(Timestamp::from_secs(1000)), SessionState::SignInNeeded);
        assert!(read.refresh_token().is_none());
        assert_eq!(read.version(), 4);
    }

    #[test]
    fn a_payload_that_was_sealed_for_another_purpose_is_rejected() {
        let keys = Sealer::new(&["x".repeat(32).into()]).unwrap();
        let bytes = session().to_bytes().unwrap();
        let (now, later) = (Timestamp::from_secs(1000), Timestamp::from_secs(2000));
        for (purpose, is_session) in [
            (Purpose::Session, true),
            (Purpose::StoredSession, true),
            (Purpose::SessionId, false),
            (Purpose::Transaction, false),
        ] {
            let context = SealContext {
                purpose,
                name: "name",
                app_id: "app",
            };
            let sealed = keys.seal(context, &bytes, now, later, &SystemRandom).unwrap();
            let unsealed = keys.open(context, sealed, now).unwrap();
            assert_eq!(Session::from_unsealed(&unsealed).is_ok(), is_session, "{purpose:?}");
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
        assert!(Session::from_bytes(b"").is_err());
        assert!(Session::from_bytes(b"not deflate").is_err());
    }

    #[test]
    fn a_bomb_is_not_inflated() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
        assert!(Session::from_bytes(&encoder.finish().unwrap()).is_err());
    }

    #[test]
    fn a_session_of_any_number_of_tokens_can_be_read_back_without_the_least_recently_used_ones() {
        for tokens in [300, 600, 5000] {
            let session = large_session(tokens);
            let read = Session::from_bytes(&session.to_bytes().unwrap()).unwrap();
            assert_eq!(read.refresh_token.unwrap().expose_secret(), "refresh-token");
            let kept = read.access_tokens.len() as u64;
            let fits = read.access_tokens.len() == session.access_tokens.len();
            assert!(
                if tokens == 300 {
                    fits
                } else {
                    (400..500).contains(&kept)
                },
                "{kept} of {tokens}"
            );
            for number in (0..tokens).rev().take(400) {
                let target = TokenTarget::organization(number.to_string());
                assert!(read.access_tokens.contains_key(&target), "{number} of {tokens}");
            }
        }
    }

    #[test]
    fn a_session_that_could_not_be_read_back_is_not_written() {
        let mut session = large_session(3);
        let claims = format!(
            r#"{{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000,"name":"{}"}}"#,
            "x".repeat(MAX_INFLATED)
        );
        session.id_token = VerifiedIdToken::unsealed(jwt(&claims)).unwrap();
        assert_eq!(session.to_bytes().unwrap_err(), SessionCodecError::TooLarge);
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
