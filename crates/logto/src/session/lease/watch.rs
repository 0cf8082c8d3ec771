//! Watching the lease of another process.

use std::time::Duration;

use super::look::Look;

/// After this time without a renewal, the owner is presumed dead: it has missed two.
const SILENCE: Duration = Duration::from_millis(1250);

/// Another process takes the lease no later than this after its owner has acquired it. The owner may
/// have rotated the refresh token since, and Logto accepts the old one for three seconds. The
/// third second covers the request's travel time and the difference between clocks.
pub(super) const TAKEOVER_WITHIN: Duration = Duration::from_secs(2);

/// Detects that the owner of a lease has died.
///
/// An owner that is alive renews its lease. Its silence is measured in this process's own pauses and
/// not by comparing clocks, so that no difference between clocks ends a lease whose owner is alive.
#[derive(Clone, Copy, Default)]
pub(in crate::session) struct Watch {
    number: Option<u64>,
    silence: Duration,
}

impl Watch {
    /// Records the lease as it is after a pause.
    pub(in crate::session) fn record(&mut self, look: &Look, pause: Duration) {
        if self.number == look.number() {
            self.silence += pause;
        } else {
            *self = Self::since(look);
        }
    }

    /// A watch that begins now.
    pub(in crate::session) fn since(look: &Look) -> Self {
        Self {
            number: look.number(),
            silence: Duration::ZERO,
        }
    }

    /// Whether another process may take the lease before its deadline: its owner has died, and the
    /// provider still accepts the refresh token that it may have rotated.
    ///
    /// Later, the lease lasts to its deadline. If the owner is alive but cut off from the store, it
    /// can still save its result until then, and using the old token would end the grant.
    pub(super) fn permits_takeover(&self, look: &Look, since_epoch: Duration) -> bool {
        let is_silent = self.number == look.number() && self.silence >= SILENCE;
        is_silent && look.age(since_epoch).is_some_and(|age| age < TAKEOVER_WITHIN)
    }
}
