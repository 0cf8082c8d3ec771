//! Captured log output, and a check that it contains no secret.

use std::{
    fmt,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter, util::SubscriberInitExt as _};

/// The captured output of `tracing`.
///
/// ```
/// use logto_testing::CapturedLogs;
///
/// let (logs, _capture) = CapturedLogs::of_this_thread();
/// // … run the code under test …
/// assert!(!logs.text().contains("a refresh token"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct CapturedLogs(Arc<Mutex<Vec<u8>>>);

/// Captures the logs of one thread until it is dropped; returned by
/// [`CapturedLogs::of_this_thread`].
#[must_use = "capturing stops when this value is dropped"]
#[derive(Debug)]
pub struct ThreadCapture {
    _guard: DefaultGuard,
}

impl CapturedLogs {
    /// Captures every level in the whole process, including other threads and the `log` crate.
    ///
    /// # Panics
    ///
    /// If the process already has a global subscriber.
    pub fn start() -> Self {
        let captured = Self::default();
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(captured.clone())
            .init();
        captured
    }

    /// Captures the levels up to `DEBUG` in this thread, until the second value is dropped.
    pub fn of_this_thread() -> (Self, ThreadCapture) {
        let captured = Self::default();
        let guard = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::DEBUG)
            .with_ansi(false)
            .with_writer(captured.clone())
            .set_default();
        (captured, ThreadCapture { _guard: guard })
    }

    /// The output so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// Asserts that the output contains none of the secrets.
    ///
    /// # Panics
    ///
    /// If the output contains a secret, or neither trace output nor a request to 127.0.0.1:
    /// nothing was captured then.
    pub fn assert_without(&self, secrets: &Secrets) {
        let logs = self.text();
        assert!(
            logs.contains("TRACE") && logs.contains("127.0.0.1"),
            "the logs were not captured"
        );
        for (name, secret) in &secrets.0 {
            if let Some(at) = logs.find(secret) {
                let line = logs[at..].lines().next().unwrap_or_default();
                let before = logs[..at].lines().next_back().unwrap_or_default();
                panic!("{name} is in the logs: {before}{line}");
            }
        }
    }
}

impl Write for CapturedLogs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for CapturedLogs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Secrets with their names, for [`CapturedLogs::assert_without`].
#[derive(Default)]
pub struct Secrets(Vec<(String, String)>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Secrets {
    /// Adds a secret. The signature of a JWT is a secret of its own, because it makes the rest of
    /// the token valid.
    ///
    /// # Panics
    ///
    /// If the secret is shorter than 8 bytes, because other output could contain it by chance.
    pub fn add(&mut self, name: &str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 8, "{name} is too short to search for");
        if let [_, _, signature] = secret.split('.').collect::<Vec<_>>()[..] {
            self.0.push((format!("signature of the {name}"), signature.to_owned()));
        }
        self.0.push((name.to_owned(), secret));
    }
}
