//! The keys of a cookie secret.

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use hkdf::Hkdf;
use sha2::Sha256;

use super::Purpose;
use crate::secret::{ExposeSecret as _, SecretString};

/// The length of a key's id in bytes.
pub(super) const KEY_ID: usize = 4;

/// The keys that are derived from one cookie secret, one for each purpose.
pub(super) struct RingKey {
    /// Derived from the secret. It selects the key without trial decryption.
    pub(super) id: [u8; KEY_ID],
    session: XChaCha20Poly1305,
    session_id: XChaCha20Poly1305,
    stored_session: XChaCha20Poly1305,
    refresh_result: XChaCha20Poly1305,
    transaction: XChaCha20Poly1305,
    refusal: XChaCha20Poly1305,
}

impl RingKey {
    pub(super) fn derive(secret: &SecretString) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(b"logto cookie secret"), secret.expose_secret().as_bytes());
        let cipher = |purpose: Purpose| XChaCha20Poly1305::new(&expand::<32>(&hkdf, purpose.label()).into());
        Self {
            id: expand(&hkdf, "logto key id v1"),
            session: cipher(Purpose::Session),
            session_id: cipher(Purpose::SessionId),
            stored_session: cipher(Purpose::StoredSession),
            refresh_result: cipher(Purpose::RefreshResult),
            transaction: cipher(Purpose::Transaction),
            refusal: cipher(Purpose::Refusal),
        }
    }

    pub(super) fn cipher(&self, purpose: Purpose) -> &XChaCha20Poly1305 {
        match purpose {
            Purpose::Session => &self.session,
            Purpose::SessionId => &self.session_id,
            Purpose::StoredSession => &self.stored_session,
            Purpose::RefreshResult => &self.refresh_result,
            Purpose::Transaction => &self.transaction,
            Purpose::Refusal => &self.refusal,
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
