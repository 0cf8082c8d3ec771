//! Waiting until servers are ready.

use std::{thread, time::Duration};

use super::error::StoreServerError;

/// How often, and how many times, a starting server is asked whether it is ready.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(50);
pub(super) const POLLS: u32 = 600;

/// Polls until `check` succeeds. Its error says why it did not.
pub(super) fn until_ready(
    servers: &'static str,
    check: impl Fn() -> Result<(), String>,
) -> Result<(), StoreServerError> {
    let mut reason = String::new();
    for _ in 0..POLLS {
        match check() {
            Ok(()) => return Ok(()),
            Err(because) => reason = because,
        }
        thread::sleep(POLL_INTERVAL);
    }
    Err(StoreServerError::NotReady { servers, reason })
}
