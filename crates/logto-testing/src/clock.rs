//! The provider's time, set by the test.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// A clock that stands still until the test moves it. Clones show the same time.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicU64>);

impl TestClock {
    /// A clock that stands at `unix_seconds`.
    pub fn at(unix_seconds: u64) -> Self {
        Self(Arc::new(AtomicU64::new(unix_seconds)))
    }

    /// The time it shows, in seconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Puts it to `unix_seconds`, forwards or backwards.
    pub fn set(&self, unix_seconds: u64) {
        self.0.store(unix_seconds, Ordering::SeqCst);
    }

    /// Moves it forward by `seconds`.
    pub fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// Stands at the system's time of now, so that a client with a real clock accepts the provider's
/// tokens.
impl Default for TestClock {
    fn default() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "where the test clock starts; from here on the test decides"
        )]
        let now = SystemTime::now();
        Self::at(
            now.duration_since(UNIX_EPOCH)
                .expect("the system clock is after 1970")
                .as_secs(),
        )
    }
}
