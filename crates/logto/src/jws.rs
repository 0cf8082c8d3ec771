//! The parts of a signed token in compact form (RFC 7515 §7.1).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

/// The header of a signed token: not to be believed, like the rest of it, before its signature was
/// verified.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct JwsHeader {
    pub(crate) alg: String,
    #[serde(default)]
    pub(crate) typ: String,
    pub(crate) kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl JwsHeader {
    /// Reads the header of `token`, which has three parts.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, _claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then(|| json(header))?
    }

    /// Whether `typ` is this media type, with or without `application/` (RFC 7515 §4.1.9).
    pub(crate) fn is_type(&self, name: &str) -> bool {
        let typ = self.typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == name
    }

    /// Whether something in the header must be understood (RFC 7515 §4.1.11). Nothing of that kind
    /// is understood here.
    pub(crate) fn is_critical(&self) -> bool {
        self.crit.is_some()
    }
}

/// What was signed, and the signature.
pub(crate) fn signed_parts(token: &str) -> Option<(&[u8], Vec<u8>)> {
    let (message, signature) = token.rsplit_once('.')?;
    Some((message.as_bytes(), BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?))
}

/// A part of a token as JSON.
pub(crate) fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
