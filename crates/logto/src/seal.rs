//! Authenticated encryption of cookies and stored sessions.
//!
//! The cipher is XChaCha20-Poly1305 with random nonces of 192 bits, so processes need no shared
//! counter. HKDF-SHA256 derives one key for each [`Purpose`] from a cookie secret, so a value that
//! was sealed for one purpose cannot be opened for another. The cookie's name and the application's
//! id are associated data. The expiry is part of the plaintext.
//!
//! The layout, in base64url, is: version (1 byte), key id (4), nonce (24), ciphertext with tag. The
//! plaintext is: issue time (8), expiry (8), payload.

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

/// Minimum length of a cookie secret in bytes, which is the length of a key.
const MIN_SECRET_LENGTH: usize = 32;

/// The purpose of a sealed value. Each purpose has its own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A session in a cookie.
    Session,
    /// The id of a stored session, in a cookie.
    SessionId,
    /// A session in a store.
    StoredSession,
    /// A sign-in in progress, in a cookie.
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

/// The context that a sealed value is bound to.
#[derive(Clone, Copy, Debug)]
pub struct SealContext<'a> {
    /// The purpose.
    pub purpose: Purpose,
    /// The name of the cookie.
    pub name: &'a str,
    /// The application's id.
    pub app_id: &'a str,
}

impl SealContext<'_> {
    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        // Each part is preceded by its length, so that two contexts never give the same bytes.
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
    /// The payload as it was passed to [`Sealer::seal`].
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

    /// When the seal expires. Later than the time at which the value was opened.
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

/// The reason why a value could not be opened. Treat the user as signed out, and do not show the
/// error.
///
/// Keep the value after [`OpenError::UnknownKey`], because another process may know the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The format or the version is unknown.
    #[error("not a sealed value of this version")]
    Malformed,
    /// The secret is not in the ring: it was rotated out, or only another process knows it so far.
    #[error("sealed with an unknown secret")]
    UnknownKey,
    /// The value was modified, or sealed for another purpose, name or app.
    #[error("modified, or sealed for another purpose, name or app")]
    Tampered,
    /// The value has expired.
    #[error("expired")]
    Expired,
}

/// Seals and opens values with a ring of cookie secrets. The first secret seals, and all open.
///
/// Rotate a secret in two phases, so that no process receives a value that it cannot open: add the
/// new secret at the end of the ring of every process, then move it to the front. Remove the old
/// secret after all values that it sealed have expired.
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

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

struct RingKey {
    /// Derived from the secret. It selects the key without trial decryption.
    id: [u8; KEY_ID],
    session: XChaCha20Poly1305,
    session_id: XChaCha20Poly1305,
    stored_session: XChaCha20Poly1305,
    transaction: XChaCha20Poly1305,
}

impl Sealer {
    /// Creates a ring of cookie secrets.
    ///
    /// # Errors
    ///
    /// If there is no secret, or one is shorter than 32 bytes.
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
            .any(|secret| secret.expose_secret().len() < MIN_SECRET_LENGTH)
        {
            let message = format!(
                "a cookie secret is shorter than {MIN_SECRET_LENGTH} bytes; make one with `openssl rand -base64 32`"
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
    /// If the random source fails.
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
        // Fails only above the cipher's limit of 256 GB.
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

    /// Opens a value that was sealed in the same context and has not expired.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Treat such a value as absent.
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
        reason = "HKDF-SHA256 has a limit of 8160 bytes, and the two lengths here are 4 and 32"
    )]
    hkdf.expand(label.as_bytes(), &mut bytes)
        .expect("a length below the limit of HKDF");
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
        letter.to_string().repeat(MIN_SECRET_LENGTH).into()
    }

    fn sealer(letters: &str) -> Sealer {
        Sealer::new(&letters.chars().map(secret).collect::<Vec<_>>()).unwrap()
    }

    fn sealed(sealer: &Sealer) -> String {
        sealer.seal(CONTEXT, b"payload", NOW, LATER, &SystemRandom).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_until_it_expires() {
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
    fn a_new_secret_at_the_front_keeps_existing_sessions() {
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
    fn rejects_every_changed_byte_and_every_truncation() {
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
    fn sealing_the_same_payload_twice_gives_different_values() {
        let sealer = sealer("a");
        assert_ne!(sealed(&sealer), sealed(&sealer));
    }

    #[test]
    fn rejects_a_short_or_missing_secret() {
        let code = |secrets: &[SecretString]| Sealer::new(secrets).err().map(|error| error.problems[0].code);
        assert_eq!(code(&[]), Some("cookie_secret_missing"));
        assert_eq!(code(&["x".repeat(31).into()]), Some("cookie_secret_short"));
        assert_eq!(code(&[secret('a'), "short".into()]), Some("cookie_secret_short"));
        assert_eq!(code(&[secret('a')]), None);
    }
}
