//! Session ids.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::clock::{NoRandomness, Random};

/// The id of a session: 256 random bits, new at every sign-in.
///
/// In a store it is the key to the session. It is therefore sealed in cookies and never shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub(crate) [u8; 32]);

impl SessionId {
    pub(crate) fn random(random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The id of a session that is imported from a cookie of another library.
    ///
    /// All requests with the same cookie get the same id, and therefore share refreshed tokens. The
    /// cookie is encrypted with a random nonce, so that the id cannot be guessed without it.
    pub(super) fn of_imported(cookie: &str) -> Self {
        let digest = Sha256::new()
            .chain_update("logto imported session v1 ")
            .chain_update(cookie);
        Self(digest.finalize().into())
    }

    /// The id as bytes. Seal them before they leave the server.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id from unsealed bytes. `None` unless there are exactly 32.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The id as text, for the key in a store.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The id from the text of [`SessionId::to_text`]. `None` if it is invalid.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_bytes(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?)
    }
}

/// Hashes a quarter of the bits, which is enough because all of them are random or from a hash.
impl Hash for SessionId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0[..8]);
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId([redacted])")
    }
}
