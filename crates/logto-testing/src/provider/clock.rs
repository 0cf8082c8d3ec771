//! A clock that only the test moves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// A clock that stands still until the test moves it. Clones share the same time.
///
/// The default is a clock set to the current system time, so that a client with a real clock
/// accepts the provider's tokens.
///
/// ```
/// use logto_testing::TestClock;
///
/// let clock = TestClock::at(1_700_000_000);
/// let shared = clock.clone();
/// clock.advance(3600);
/// assert_eq!(shared.now(), 1_700_003_600);
/// ```
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicU64>);

impl TestClock {
    /// A clock set to `unix_seconds`.
    pub fn at(unix_seconds: u64) -> Self {
        Self(Arc::new(AtomicU64::new(unix_seconds)))
    }

    /// The time in seconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets the time to `unix_seconds`, forwards or backwards.
    pub fn set(&self, unix_seconds: u64) {
        self.0.store(unix_seconds, Ordering::SeqCst);
    }

    /// Moves the clock forward by `seconds`.
    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "only the start of the test clock; from then on the test moves it"
        )]
        let now = SystemTime::now();
        Self::at(
            now.duration_since(UNIX_EPOCH)
                .expect("the system clock is after 1970")
                .as_secs(),
        )
    }
}
