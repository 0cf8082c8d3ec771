//! The visitor's view of a session.

use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    SignedOut,
    /// The app has acknowledged a sign-in that began at this time.
    SignedIn {
        since: Duration,
    },
    /// The response to a sign-out got lost. The sign-in began at this time.
    InDoubt {
        since: Duration,
    },
}

impl Session {
    pub(super) fn is_signed_in(self) -> bool {
        matches!(self, Self::SignedIn { .. })
    }
}
