//! Time and randomness. Both are traits, so that tests can control them.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize};

/// A point in time in whole **seconds** since the Unix epoch (`NumericDate` of RFC 7519 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Creates the point in time `seconds` after the Unix epoch.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Adds `seconds`, saturating at the maximum.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Subtracts `seconds`, saturating at the epoch.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Formats the point in time as RFC 3339 in UTC, such as for the attribute `datetime` of HTML's
    /// `<time>`. After the year 262142 it returns the seconds.
    ///
    /// ```
    /// # use logto::Timestamp;
    /// assert_eq!(Timestamp::from_secs(1_705_311_000).to_rfc3339(), "2024-01-15T09:30:00Z");
    /// ```
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let time = i64::try_from(self.0)
            .ok()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        time.map_or_else(
            || self.to_string(),
            |time| time.to_rfc3339_opts(SecondsFormat::Secs, true),
        )
    }

    /// Seconds from `earlier` to this point in time, or zero if `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Truncates the fraction that a `NumericDate` may have.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole_number(deserializer).map(Self)
    }
}

/// A point in time in **milliseconds** since the Unix epoch: Logto's `created_at` and `updated_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Milliseconds(u64);

impl Milliseconds {
    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The same point in time in whole seconds.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        Timestamp(self.0 / 1000)
    }
}

impl<'de> Deserialize<'de> for Milliseconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole_number(deserializer).map(Self)
    }
}

/// Reads an integer, or truncates a float. Rejects negative numbers and those above 2^53.
fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    // 2^53: up to this limit a float represents every whole number exactly.
    const MAX: f64 = 9_007_199_254_740_992.0;
    let number = serde_json::Number::deserialize(deserializer)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked on the line before"
    )]
    number
        .as_u64()
        .or_else(|| {
            number
                .as_f64()
                .filter(|value| (0.0..=MAX).contains(value))
                .map(|value| value as u64)
        })
        .ok_or_else(|| serde::de::Error::custom("not a time since the Unix epoch"))
}

/// The boxed future that [`Clock::sleep`] returns.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A source of time, and of pauses.
pub trait Clock: Send + Sync + 'static {
    /// The time since the Unix epoch.
    fn since_epoch(&self) -> Duration;

    /// Waits for `duration`: before the next attempt of a retry, or as the limit of another wait.
    ///
    /// The default uses tokio's timer. The clock of a test overrides it, so that the test decides
    /// when the wait ends.
    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(duration))
    }

    /// The current time in whole seconds.
    fn now(&self) -> Timestamp {
        Timestamp(self.since_epoch().as_secs())
    }
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn since_epoch(&self) -> Duration {
        #[expect(clippy::disallowed_methods, reason = "the only place that reads the system clock")]
        let now = SystemTime::now();
        now.duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

/// A source of unpredictable bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes` with random data.
    ///
    /// # Errors
    ///
    /// If the source fails. The content of `bytes` MUST NOT be used then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The random source failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the operating system returned no random bytes; check that the process may call getrandom or read /dev/urandom"
)]
pub struct NoRandomness;

/// The random source of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// Returns `BYTES` random bytes in base64url. 32 bytes give 43 characters, as RFC 7636 §4.1
/// recommends for a verifier.
pub(crate) fn random_text<const BYTES: usize>(random: &dyn Random) -> Result<String, NoRandomness> {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let mut bytes = [0; BYTES];
    random.fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeric_date_may_have_a_fraction() {
        assert_eq!(
            serde_json::from_str::<Timestamp>("1700000000.9").unwrap(),
            Timestamp::from_secs(1_700_000_000)
        );
        assert_eq!(
            serde_json::from_str::<Timestamp>("1700000000").unwrap(),
            Timestamp::from_secs(1_700_000_000)
        );
    }

    #[test]
    fn rejects_invalid_dates() {
        for bad in ["-1", "1e300", "\"1700000000\"", "null", "true"] {
            assert!(serde_json::from_str::<Timestamp>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn created_at_is_in_milliseconds() {
        let created: Milliseconds = serde_json::from_str("1700000000123").unwrap();
        assert_eq!(created.timestamp(), Timestamp::from_secs(1_700_000_000));
    }

    #[test]
    fn arithmetic_stays_within_range() {
        assert_eq!(Timestamp::from_secs(u64::MAX).plus(1), Timestamp::from_secs(u64::MAX));
        assert_eq!(Timestamp::from_secs(1).minus(2), Timestamp::from_secs(0));
        assert_eq!(Timestamp::from_secs(1).seconds_since(Timestamp::from_secs(5)), 0);
    }
}
