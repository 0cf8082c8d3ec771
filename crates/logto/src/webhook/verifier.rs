//! Verifying webhooks.

use std::{fmt, time::Duration};

use super::{WebhookEvent, WebhookSignature};
use crate::{
    clock::Timestamp,
    error::{ConfigError, ConfigProblem, WebhookError},
    secret::{ExposeSecret as _, SecretString},
};

/// Minimum length of a signing key in bytes. Those that Logto generates are longer.
const MIN_KEY_LENGTH: usize = 16;

/// Default age of the oldest event that is accepted.
const MAX_AGE: Duration = Duration::from_secs(600);

/// Default clock tolerance, in seconds.
const CLOCK_TOLERANCE: u64 = 60;

/// Verifies webhooks of Logto: the signature first, then the content and the age.
///
/// The signature covers the bytes of the body. Logto sends neither a delivery id nor a second
/// timestamp, so only the age of the event bounds a replay.
///
/// ```
/// use http::HeaderMap;
/// use logto::{Clock, SystemClock, WebhookError, WebhookEvent, WebhookSignature, WebhookVerifier};
///
/// let verifier = WebhookVerifier::new(["the signing key of the webhook".into()])?;
///
/// fn receive(verifier: &WebhookVerifier, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent, WebhookError> {
///     let signature = WebhookSignature::from_headers(headers)?;
///     verifier.verify(&signature, body, SystemClock.now())
/// }
/// # Ok::<(), logto::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct WebhookVerifier {
    keys: Vec<SecretString>,
    max_age: Duration,
    clock_tolerance: u64,
}

impl fmt::Debug for WebhookVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookVerifier")
            .field("keys", &self.keys.len())
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

impl WebhookVerifier {
    /// Creates a verifier with the signing keys of one webhook or of several. All of them count:
    /// give the next and the previous key while a key changes.
    ///
    /// # Errors
    ///
    /// If there is no key, or one is shorter than 16 bytes: an empty one would let anyone sign.
    pub fn new(keys: impl IntoIterator<Item = SecretString>) -> Result<Self, ConfigError> {
        let keys: Vec<_> = keys.into_iter().collect();
        let is_short = |key: &SecretString| key.expose_secret().len() < MIN_KEY_LENGTH;
        let problem = if keys.is_empty() {
            let message = "there is no signing key for webhooks; copy it from the webhook's page in the Logto console";
            ConfigProblem::new("webhook_signing_key_missing", message)
        } else if keys.iter().any(is_short) {
            let message = format!(
                "a signing key of webhooks is shorter than {MIN_KEY_LENGTH} bytes; copy it from the webhook's page in \
                 the Logto console"
            );
            ConfigProblem::new("webhook_signing_key_short", message)
        } else {
            return Ok(Self {
                keys,
                max_age: MAX_AGE,
                clock_tolerance: CLOCK_TOLERANCE,
            });
        };
        Err(ConfigError::new(vec![problem]))
    }

    /// Sets the age of the oldest event that is accepted. Ten minutes by default.
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets by how much the clocks of Logto and of this server may differ, in **seconds**. 60 by
    /// default.
    #[must_use]
    pub fn with_clock_tolerance(mut self, seconds: u64) -> Self {
        self.clock_tolerance = seconds;
        self
    }

    /// Verifies a webhook, and reads its event. `body` has to be exactly what was received.
    ///
    /// # Errors
    ///
    /// If the signature is invalid, the body is no event, or the event is too old or in the future.
    pub fn verify(
        &self,
        signature: &WebhookSignature,
        body: &[u8],
        now: Timestamp,
    ) -> Result<WebhookEvent, WebhookError> {
        if !self.keys.iter().any(|key| signature.is_of(body, key)) {
            return Err(WebhookError::Signature);
        }
        let accepted_for = self.max_age.as_secs().saturating_add(self.clock_tolerance);
        let event = WebhookEvent::parse(body, accepted_for)?;
        if event.expires() < now {
            return Err(WebhookError::Expired);
        }
        if event.created_at() > now.plus(self.clock_tolerance) {
            return Err(WebhookError::NotYetValid);
        }
        Ok(event)
    }
}
