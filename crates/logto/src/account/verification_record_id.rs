//! The id of a verification record.

use std::fmt;

use http::HeaderValue;
use serde::{Deserialize, Deserializer};

use super::error::{AccountError, AccountErrorKind, AccountRefusal};

/// The id of a verification record (header `logto-verification-id`).
///
/// It is valid for 10 minutes, for the user who made it, and for several calls. An app may keep it
/// in the session; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationRecordId(String);

impl VerificationRecordId {
    /// Creates an id from its text, such as one that the app has kept.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The text, to keep it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An id that is no header value is unknown to Logto.
    pub(super) fn header(&self) -> Result<HeaderValue, AccountError> {
        let mut value = HeaderValue::from_str(&self.0)
            .map_err(|_| AccountRefusal::before_request(AccountErrorKind::VerificationRequired))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for VerificationRecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationRecordId([redacted])")
    }
}

impl<'de> Deserialize<'de> for VerificationRecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_no_header_value_counts_as_missing() {
        let error = VerificationRecordId::new("v1\r\nx: y").header().unwrap_err();
        assert_eq!(error.kind(), AccountErrorKind::VerificationRequired);
        assert!(VerificationRecordId::new("v1").header().unwrap().is_sensitive());
    }
}
