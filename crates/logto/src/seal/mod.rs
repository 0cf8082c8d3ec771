//! Authenticated encryption of cookies and stored sessions.
//!
//! The cipher is XChaCha20-Poly1305 with random nonces of 192 bits, so processes need no shared
//! counter. HKDF-SHA256 derives one key for each [`Purpose`] from a cookie secret, so a value that
//! was sealed for one purpose cannot be opened for another. The cookie's name and the application's
//! id are associated data. The expiry is part of the plaintext.
//!
//! The layout, in base64url, is: version (1 byte), key id (4), nonce (24), ciphertext with tag. The
//! plaintext is: issue time (8), expiry (8), payload.

mod context;
mod ring_key;
mod sealer;
mod unsealed;

pub use self::{
    context::{Purpose, SealContext},
    sealer::Sealer,
    unsealed::{OpenError, Unsealed},
};
