//! The outcome of a refresh.

use crate::session::Session;

/// The outcome of a refresh, for other processes whose sessions are in cookies.
#[derive(Clone, Copy)]
pub(in crate::session) enum Outcome<'a> {
    /// The session is as it was. The result of the refresh before is kept.
    Unchanged,
    /// The session has ended. No result is kept.
    Ended,
    /// The refreshed session, to be kept for this many seconds.
    Refreshed { session: &'a Session, keep: u64 },
}
