//! The result of opening a sealed value.

use std::fmt;

use super::Purpose;
use crate::clock::Timestamp;

/// An unsealed payload. Only [`Sealer::open`](super::Sealer::open) returns one, so it proves that
/// the payload is authentic.
pub struct Unsealed {
    pub(super) payload: Vec<u8>,
    pub(super) purpose: Purpose,
    pub(super) issued: Timestamp,
    pub(super) expires: Timestamp,
}

impl Unsealed {
    /// The payload as it was passed to [`Sealer::seal`](super::Sealer::seal).
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
