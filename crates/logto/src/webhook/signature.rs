//! The signature of a webhook.

use std::fmt::{self, Write as _};

use aws_lc_rs::hmac;
use http::HeaderMap;

use crate::{
    error::WebhookError,
    secret::{ExposeSecret as _, SecretString, same_secret},
};

/// Number of hexadecimal digits of a signature.
const LENGTH: usize = 64;

/// The signature in the header of a webhook, **not verified**. [`WebhookVerifier`] verifies it.
///
/// [`WebhookVerifier`]: super::WebhookVerifier
#[derive(Clone)]
pub struct WebhookSignature(String);

impl fmt::Debug for WebhookSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSignature").finish_non_exhaustive()
    }
}

impl WebhookSignature {
    /// The name of the header.
    pub const HEADER: &'static str = "logto-signature-sha-256";

    /// Reads the signature from the headers of a request. No body needs to be read before.
    ///
    /// # Errors
    ///
    /// [`WebhookError::SignatureMissing`], or [`WebhookError::SignatureMalformed`] unless it is one
    /// header with 64 lowercase hexadecimal digits.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, WebhookError> {
        let mut values = headers.get_all(Self::HEADER).iter();
        let value = values.next().ok_or(WebhookError::SignatureMissing)?;
        // A proxy and the app could choose different ones.
        if values.next().is_some() {
            return Err(WebhookError::SignatureMalformed);
        }
        let text = value.to_str().unwrap_or_default();
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != LENGTH || !text.bytes().all(is_digit) {
            return Err(WebhookError::SignatureMalformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the signature is that of `body`, compared in constant time.
    pub(super) fn is_of(&self, body: &[u8], key: &SecretString) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret().as_bytes());
        let mut expected = String::with_capacity(LENGTH);
        for byte in hmac::sign(&key, body).as_ref() {
            let _ = write!(expected, "{byte:02x}");
        }
        same_secret(&expected, &self.0)
    }
}
