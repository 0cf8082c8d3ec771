//! How long a session lives.

use super::{Session, data::COARSENESS};
use crate::clock::Timestamp;

/// How long a session lives, in **seconds**; enforced by what is sealed, whatever the browser
/// keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Longest time without a visit. Seven days by default: a user who comes once a week stays
    /// signed in.
    pub idle: u64,
    /// Longest time from sign-in to sign-in, however often the user comes. 14 days by default.
    ///
    /// Logto sets limits of its own, and the earliest counts: a grant ends 180 days after the
    /// sign-in; a refresh token lives for 14 days unless the application's page in the Logto
    /// console says otherwise (1 to 180), and a rotated one for as long again. A session whose
    /// refresh token has ended asks for a new sign-in.
    pub absolute: u64,
}

const DAY: u64 = 24 * 60 * 60;

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            idle: 7 * DAY,
            absolute: 14 * DAY,
        }
    }
}

impl Lifetimes {
    /// When a session ends: `idle` after the last visit, `absolute` after the sign-in, whichever
    /// comes first.
    #[must_use]
    pub fn end_of(&self, session: &Session) -> Timestamp {
        session
            .seen()
            .plus(self.idle)
            .min(session.started().plus(self.absolute))
    }

    /// The session with this visit on record; `None` when the one on record is recent enough: no
    /// older than a tenth of `idle`, ten minutes at the most.
    #[must_use]
    pub fn visited(&self, session: &Session, now: Timestamp) -> Option<Session> {
        session.visited_after((self.idle / 10).clamp(1, COARSENESS), now)
    }
}
