//! Functions shared by all signed tokens: decoding the compact form (RFC 7515 §7.1), and the time
//! checks (RFC 7519 §4.1.4 to §4.1.6).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::clock::Timestamp;

/// The header of a signed token. Untrusted until the signature is verified.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct JwtHeader {
    pub(crate) alg: String,
    #[serde(default)]
    pub(crate) typ: String,
    pub(crate) kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl JwtHeader {
    /// Parses the header of `token`. `None` unless the token has three parts.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, _claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then(|| decode(header))?
    }

    /// Whether `typ` is this media type, with or without `application/` (RFC 7515 §4.1.9).
    pub(crate) fn is_type(&self, name: &str) -> bool {
        let typ = self.typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == name
    }

    /// Whether the header has `crit` (RFC 7515 §4.1.11). This crate supports no critical extension.
    pub(crate) fn is_critical(&self) -> bool {
        self.crit.is_some()
    }
}

/// The signed bytes of a token, and its signature.
pub(crate) fn signed_parts(token: &str) -> Option<(&[u8], Vec<u8>)> {
    let (message, signature) = token.rsplit_once('.')?;
    Some((message.as_bytes(), BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?))
}

/// The claims of a token, without any verification.
pub(crate) fn unverified_claims<T: DeserializeOwned>(token: &str) -> Option<T> {
    decode(token.split('.').nth(1)?)
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Checks the times of a token, with a tolerance for clocks that differ.
#[derive(Clone, Copy)]
pub(crate) struct TimeCheck {
    now: Timestamp,
    /// In seconds.
    tolerance: u64,
}

impl TimeCheck {
    pub(crate) fn new(now: Timestamp, tolerance: u64) -> Self {
        Self { now, tolerance }
    }

    /// Whether `exp` is in the past.
    pub(crate) fn is_past(self, exp: Timestamp) -> bool {
        exp.plus(self.tolerance) <= self.now
    }

    /// Whether `iat` or `nbf` is in the future.
    pub(crate) fn is_future(self, iat: Timestamp, nbf: Option<Timestamp>) -> bool {
        let latest = self.now.plus(self.tolerance);
        iat > latest || nbf.is_some_and(|nbf| nbf > latest)
    }

    /// The earliest time that a correct clock may show.
    pub(crate) fn earliest(self) -> Timestamp {
        self.now.minus(self.tolerance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000;
    const TOLERANCE: u64 = 60;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    #[test]
    fn times_are_checked_to_the_second() {
        let check = TimeCheck::new(at(NOW), TOLERANCE);
        assert!(!check.is_past(at(NOW - TOLERANCE + 1)));
        assert!(check.is_past(at(NOW - TOLERANCE)));
        assert!(!check.is_future(at(NOW + TOLERANCE), Some(at(NOW + TOLERANCE))));
        assert!(check.is_future(at(NOW + TOLERANCE + 1), None));
        assert!(check.is_future(at(NOW), Some(at(NOW + TOLERANCE + 1))));
        assert_eq!(check.earliest(), at(NOW - TOLERANCE));
    }
}
