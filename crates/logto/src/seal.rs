//! Sealing: what the browser keeps for us, unreadable and unchangeable.
//!
//! XChaCha20-Poly1305 with random nonces: 192 bits of nonce make a repeat impossible in practice,
//! so no counter has to be shared between processes. Keys are derived from the cookie secrets by
//! HKDF-SHA256, one for each [`Purpose`]: what was sealed for one purpose cannot be opened for
//! another. The name it is kept under and the application's id are associated data, and the time it
//! ends stands inside.
//!
//! Layout, in base64url: version (1 byte), key id (4), nonce (24), ciphertext with tag; the
//! plaintext is issue time (8), expiry (8), payload.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::{
    clock::{NoRandomness, Random, Timestamp},
    error::{ConfigError, ConfigProblem},
    secret::{ExposeSecret as _, SecretString},
};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
const HEAD: usize = 1 + KEY_ID + NONCE;
const TIMES: usize = 16;

/// Shortest cookie secret, in bytes: as many as the key has.
pub const SHORTEST_SECRET: usize = 32;

/// What something is sealed for; each has keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A session in a cookie.
    Session,
    /// The id of a session that is in a store, in a cookie.
    SessionId,
    /// A session in a store.
    StoredSession,
    /// A sign-in under way.
    Transaction,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::Session => "logto session v1",
            Self::SessionId => "logto session id v1",
            Self::StoredSession => "logto stored session v1",
            Self::Transaction => "logto transaction v1",
        }
    }
}

/// What a seal is bound to beside its key.
#[derive(Clone, Copy, Debug)]
pub struct SealContext<'a> {
    /// What it is sealed for.
    pub purpose: Purpose,
    /// The name it is kept under: the cookie's.
    pub name: &'a str,
    /// The application's id.
    pub app_id: &'a str,
}

impl SealContext<'_> {
    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        // Lengths first, so that no two contexts give the same bytes.
        let mut data = head.to_vec();
        for part in [self.purpose.label(), self.name, self.app_id] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

/// An unsealed payload. Only [`Sealer::open`] returns one, so it proves that the payload is
/// authentic.
pub struct Unsealed {
    payload: Vec<u8>,
    purpose: Purpose,
    issued: Timestamp,
    expires: Timestamp,
}

impl Unsealed {
    /// The payload as it was given to [`Sealer::seal`].
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The purpose that the payload was sealed for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When the payload was sealed.
    #[must_use]
    pub const fn issued(&self) -> Timestamp {
        self.issued
    }

    /// When the seal expires: after the time at which it was opened.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }
}

impl fmt::Debug for Unsealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsealed")
            .field("purpose", &self.purpose)
            .field("issued", &self.issued)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Why something could not be opened. Never an error to show: it means signed out.
///
/// [`OpenError::UnknownKey`] alone says nothing about the value: a process that has the secret can
/// open it. Leave the value where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Not of this form or version.
    #[error("not a sealed value of this version")]
    Malformed,
    /// Sealed with a secret that is not in the ring: one that was rotated out, or one that another
    /// process has already.
    #[error("sealed with a secret that is not known here")]
    UnknownKey,
    /// Changed, or sealed for another purpose, name or app.
    #[error("not what was sealed")]
    Tampered,
    /// Past its time.
    #[error("past its time")]
    Expired,
}

/// Seals and opens with a ring of cookie secrets: the first seals, all open.
///
/// A rotation has two phases, so that no process meets a key that it does not know: add the new
/// secret at the end, on every process; then move it to the front. Remove the old one when all that
/// it sealed has expired.
///
/// ```
/// use logto::{seal::{Purpose, SealContext, Sealer}, SystemRandom, Timestamp};
///
/// let sealer = Sealer::new(&["a secret of thirty-two bytes or more".into()])?;
/// let context = SealContext { purpose: Purpose::Session, name: "logto_app", app_id: "app" };
/// let (now, later) = (Timestamp::from_secs(1_000), Timestamp::from_secs(2_000));
/// let sealed = sealer.seal(context, b"hello", now, later, &SystemRandom)?;
/// assert_eq!(sealer.open(context, &sealed, now)?.payload(), b"hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sealer {
    ring: Vec<RingKey>,
}

struct RingKey {
    /// Derived from the secret, so that the right key is found without trying all.
    id: [u8; KEY_ID],
    session: XChaCha20Poly1305,
    session_id: XChaCha20Poly1305,
    stored_session: XChaCha20Poly1305,
    transaction: XChaCha20Poly1305,
}

impl Sealer {
    /// A ring of these cookie secrets.
    ///
    /// # Errors
    ///
    /// When there is none, or one is shorter than [`SHORTEST_SECRET`] bytes.
    pub fn new(secrets: &[SecretString]) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        if secrets.is_empty() {
            problems.push(ConfigProblem::new(
                "cookie_secret_missing",
                "there is no cookie secret; make one with `openssl rand -base64 32`",
            ));
        }
        if secrets
            .iter()
            .any(|secret| secret.expose_secret().len() < SHORTEST_SECRET)
        {
            let message = format!(
                "a cookie secret is shorter than {SHORTEST_SECRET} bytes; make one with `openssl rand -base64 32`"
            );
            problems.push(ConfigProblem::new("cookie_secret_short", message));
        }
        if !problems.is_empty() {
            return Err(ConfigError::new(problems));
        }
        Ok(Self {
            ring: secrets.iter().map(RingKey::derive).collect(),
        })
    }

    /// Seals `payload` until `expires`.
    ///
    /// # Errors
    ///
    /// When there is no randomness for the nonce.
    pub fn seal(
        &self,
        context: SealContext<'_>,
        payload: &[u8],
        now: Timestamp,
        expires: Timestamp,
        random: &dyn Random,
    ) -> Result<String, NoRandomness> {
        let key = self.ring.first().ok_or(NoRandomness)?;
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce)?;
        let mut sealed = Vec::with_capacity(HEAD + TIMES + payload.len() + 16);
        sealed.push(VERSION);
        sealed.extend_from_slice(&key.id);
        sealed.extend_from_slice(&nonce);
        let mut plain = Vec::with_capacity(TIMES + payload.len());
        plain.extend_from_slice(&now.as_secs().to_be_bytes());
        plain.extend_from_slice(&expires.as_secs().to_be_bytes());
        plain.extend_from_slice(payload);
        let data = context.associated_data(&sealed);
        let cipher = key.cipher(context.purpose);
        // Fails only for more bytes than the cipher can count (256 GB).
        let text = cipher
            .encrypt(
                XNonce::from_slice(&nonce),
                Payload {
                    msg: &plain,
                    aad: &data,
                },
            )
            .map_err(|_| NoRandomness)?;
        sealed.extend_from_slice(&text);
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what was sealed in the same context and has not expired.
    ///
    /// # Errors
    ///
    /// For anything else; the caller treats it as absent.
    pub fn open(
        &self,
        context: SealContext<'_>,
        sealed: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<Unsealed, OpenError> {
        let sealed = BASE64_URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| OpenError::Malformed)?;
        let (head, text) = sealed.split_at_checked(HEAD).ok_or(OpenError::Malformed)?;
        let (&[VERSION, ref id @ ..], nonce) = head.split_at(1 + KEY_ID) else {
            return Err(OpenError::Malformed);
        };
        let key = self
            .ring
            .iter()
            .find(|key| key.id == *id)
            .ok_or(OpenError::UnknownKey)?;
        let data = context.associated_data(head);
        let plain = key
            .cipher(context.purpose)
            .decrypt(XNonce::from_slice(nonce), Payload { msg: text, aad: &data })
            .map_err(|_| OpenError::Tampered)?;
        let (issued, rest) = take_time(&plain)?;
        let (expires, payload) = take_time(rest)?;
        if now >= expires {
            return Err(OpenError::Expired);
        }
        Ok(Unsealed {
            payload: payload.to_vec(),
            purpose: context.purpose,
            issued,
            expires,
        })
    }
}

fn take_time(bytes: &[u8]) -> Result<(Timestamp, &[u8]), OpenError> {
    let (time, rest) = bytes.split_first_chunk::<8>().ok_or(OpenError::Malformed)?;
    Ok((Timestamp::from_secs(u64::from_be_bytes(*time)), rest))
}

impl RingKey {
    fn derive(secret: &SecretString) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(b"logto cookie secret"), secret.expose_secret().as_bytes());
        let cipher = |purpose: Purpose| XChaCha20Poly1305::new(&expand::<32>(&hkdf, purpose.label()).into());
        Self {
            id: expand(&hkdf, "logto key id v1"),
            session: cipher(Purpose::Session),
            session_id: cipher(Purpose::SessionId),
            stored_session: cipher(Purpose::StoredSession),
            transaction: cipher(Purpose::Transaction),
        }
    }

    fn cipher(&self, purpose: Purpose) -> &XChaCha20Poly1305 {
        match purpose {
            Purpose::Session => &self.session,
            Purpose::SessionId => &self.session_id,
            Purpose::StoredSession => &self.stored_session,
            Purpose::Transaction => &self.transaction,
        }
    }
}

fn expand<const BYTES: usize>(hkdf: &Hkdf<Sha256>, label: &str) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    #[expect(
        clippy::expect_used,
        reason = "HKDF-SHA256 gives up to 8160 bytes, and the two lengths here are 4 and 32"
    )]
    hkdf.expand(label.as_bytes(), &mut bytes)
        .expect("a length HKDF can give");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandom;

    const NOW: Timestamp = Timestamp::from_secs(1_000);
    const LATER: Timestamp = Timestamp::from_secs(2_000);
    const CONTEXT: SealContext<'static> = SealContext {
        purpose: Purpose::Session,
        name: "logto_app",
        app_id: "app",
    };

    fn secret(letter: char) -> SecretString {
        letter.to_string().repeat(SHORTEST_SECRET).into()
    }

    fn sealer(letters: &str) -> Sealer {
        Sealer::new(&letters.chars().map(secret).collect::<Vec<_>>()).unwrap()
    }

    fn sealed(sealer: &Sealer) -> String {
        sealer.seal(CONTEXT, b"payload", NOW, LATER, &SystemRandom).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_until_it_expires() {
        let sealer = sealer("a");
        let value = sealed(&sealer);
        let opened = sealer.open(CONTEXT, &value, Timestamp::from_secs(1_999)).unwrap();
        assert_eq!(
            (opened.payload(), opened.purpose(), opened.issued(), opened.expires()),
            (b"payload".as_slice(), Purpose::Session, NOW, LATER)
        );
        assert_eq!(sealer.open(CONTEXT, &value, LATER).unwrap_err(), OpenError::Expired);
    }

    #[test]
    fn a_new_secret_first_in_the_ring_signs_nobody_out() {
        let old = sealed(&sealer("a"));
        assert!(sealer("ba").open(CONTEXT, &old, NOW).is_ok());
        assert_eq!(sealer("b").open(CONTEXT, &old, NOW).unwrap_err(), OpenError::UnknownKey);
    }

    #[test]
    fn a_value_sealed_for_one_purpose_name_or_app_opens_for_no_other() {
        let sealer = sealer("a");
        let value = sealed(&sealer);
        for other in [
            SealContext {
                purpose: Purpose::Transaction,
                ..CONTEXT
            },
            SealContext {
                name: "logto_ap",
                app_id: "papp",
                ..CONTEXT
            },
            SealContext {
                app_id: "other",
                ..CONTEXT
            },
        ] {
            assert_eq!(
                sealer.open(other, &value, NOW).unwrap_err(),
                OpenError::Tampered,
                "{other:?}"
            );
        }
    }

    #[test]
    fn no_changed_byte_passes() {
        let sealer = sealer("a");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed(&sealer)).unwrap();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            assert!(
                sealer
                    .open(CONTEXT, BASE64_URL_SAFE_NO_PAD.encode(changed), NOW)
                    .is_err(),
                "byte {position}"
            );
        }
        for length in 0..bytes.len() {
            assert!(
                sealer
                    .open(CONTEXT, BASE64_URL_SAFE_NO_PAD.encode(&bytes[..length]), NOW)
                    .is_err(),
                "length {length}"
            );
        }
    }

    #[test]
    fn the_same_payload_never_gives_the_same_value() {
        let sealer = sealer("a");
        assert_ne!(sealed(&sealer), sealed(&sealer));
    }

    #[test]
    fn a_short_or_missing_secret_is_refused_at_start() {
        let code = |secrets: &[SecretString]| Sealer::new(secrets).err().map(|error| error.problems[0].code);
        assert_eq!(code(&[]), Some("cookie_secret_missing"));
        assert_eq!(code(&["x".repeat(31).into()]), Some("cookie_secret_short"));
        assert_eq!(code(&[secret('a'), "short".into()]), Some("cookie_secret_short"));
        assert_eq!(code(&[secret('a')]), None);
    }
}
