//! What a program says about itself while it runs, and what it must not say.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter, util::SubscriberInitExt as _};

/// The log lines of this process at the most talkative level there is.
#[derive(Clone, Debug, Default)]
pub struct CapturedLogs(Arc<Mutex<Vec<u8>>>);

impl CapturedLogs {
    /// Captures from now on, for the whole process, so that nothing escapes on another thread;
    /// records of the `log` crate come along. Once per process.
    pub fn start() -> Self {
        let captured = Self::default();
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(captured.clone())
            .init();
        captured
    }

    /// Captures what this thread logs until the guard is dropped.
    pub fn of_this_thread() -> (Self, impl Sized) {
        let captured = Self::default();
        let guard = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::DEBUG)
            .with_ansi(false)
            .with_writer(captured.clone())
            .set_default();
        (captured, guard)
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// Panics if one of the secrets was logged, or nothing at all.
    pub fn assert_without(&self, secrets: &Secrets) {
        let logs = self.text();
        assert!(
            logs.contains("TRACE") && logs.contains("127.0.0.1"),
            "the logs were captured"
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

/// Everything that must not be seen, by name.
#[derive(Default)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// One more. Of a JWT, the signature alone counts too.
    pub fn add(&mut self, name: &str, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() >= 8, "{name} would be found anywhere");
        if let [_, _, signature] = secret.split('.').collect::<Vec<_>>()[..] {
            self.0.push((format!("signature of the {name}"), signature.to_owned()));
        }
        self.0.push((name.to_owned(), secret));
    }
}
