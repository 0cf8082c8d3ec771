//! Sealing and opening values.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XNonce,
    aead::{Aead as _, Payload},
};

use super::{
    OpenError, SealContext, Unsealed,
    ring_key::{KEY_ID, RingKey},
};
use crate::{
    clock::{NoRandomness, Random, Timestamp},
    error::{ConfigError, ConfigProblem},
    secret::{ExposeSecret as _, SecretString},
};

const VERSION: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 1 + KEY_ID + NONCE;
const TIMES: usize = 16;

/// Minimum length of a cookie secret in bytes, which is the length of a key.
const MIN_SECRET_LENGTH: usize = 32;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::SystemRandom, seal::Purpose};

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
    fn debug_output_contains_neither_the_secret_nor_the_payload() {
        let sealer = sealer("a");
        assert_eq!(format!("{sealer:?}"), "Sealer { .. }");
        let unsealed = sealer.open(CONTEXT, sealed(&sealer), NOW).unwrap();
        assert_eq!(
            format!("{unsealed:?}"),
            "Unsealed { purpose: Session, issued: Timestamp(1000), expires: Timestamp(2000), .. }"
        );
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
