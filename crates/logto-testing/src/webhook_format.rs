//! The signature and the time of a webhook.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use cookie::time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The name of the header with the signature.
pub(crate) const SIGNATURE: &str = "logto-signature-sha-256";
pub(crate) const USER_AGENT: &str = "Logto (https://logto.io/)";

/// The signature of a body: lowercase hexadecimal digits.
pub(crate) fn signature(body: &[u8], signing_key: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, signing_key.as_bytes());
    let digits = hmac::sign(&key, body);
    digits.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A time in seconds since the Unix epoch, as webhooks have it.
pub(crate) fn timestamp(seconds: u64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds.try_into().unwrap()).unwrap();
    time.format(&Rfc3339).unwrap()
}
