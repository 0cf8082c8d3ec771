//! The lifetimes of sessions.

use super::{Session, data::RECORD_INTERVAL};
use crate::clock::Timestamp;

/// The lifetimes of a session, in **seconds**. The server enforces them, regardless of how long the
/// browser keeps the cookie.
///
/// ```
/// use logto::session::Lifetimes;
///
/// let lifetimes = Lifetimes::default().with_idle(30 * 60).with_absolute(12 * 60 * 60);
/// assert_eq!((lifetimes.idle(), lifetimes.absolute()), (1_800, 43_200));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    idle: u64,
    absolute: u64,
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
    /// Sets the idle lifetime in seconds: how long a session lives after the last visit. Seven days
    /// by default, so that a user who comes once a week stays signed in.
    #[must_use]
    pub const fn with_idle(mut self, seconds: u64) -> Self {
        self.idle = seconds;
        self
    }

    /// Sets the absolute lifetime in seconds: how long a session lives after the sign-in,
    /// regardless of visits. 14 days by default.
    ///
    /// Logto has its own limits, and the earliest one counts. A grant ends 180 days after the
    /// sign-in. A refresh token lives for 14 days, unless the application's page in the Logto
    /// console sets another lifetime (1 to 180 days); rotation starts that lifetime again, except
    /// for a public client. A session whose refresh token has expired needs a new sign-in.
    #[must_use]
    pub const fn with_absolute(mut self, seconds: u64) -> Self {
        self.absolute = seconds;
        self
    }

    /// The idle lifetime in seconds.
    #[must_use]
    pub const fn idle(&self) -> u64 {
        self.idle
    }

    /// The absolute lifetime in seconds.
    #[must_use]
    pub const fn absolute(&self) -> u64 {
        self.absolute
    }

    /// When a session ends: `idle` after the last visit or `absolute` after the sign-in, whichever
    /// comes first.
    #[must_use]
    pub fn end_of(&self, session: &Session) -> Timestamp {
        session
            .seen()
            .plus(self.idle)
            .min(session.started().plus(self.absolute))
    }

    /// The session with this visit recorded. `None` if the last recorded visit is recent: less than
    /// a tenth of `idle` ago, or less than ten minutes if that is shorter.
    #[must_use]
    pub fn visited(&self, session: &Session, now: Timestamp) -> Option<Session> {
        session.visited_after((self.idle / 10).clamp(1, RECORD_INTERVAL), now)
    }
}
