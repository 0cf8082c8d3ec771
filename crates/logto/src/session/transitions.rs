//! The transitions of a session. Each returns a new value of it.

use std::sync::Arc;

use super::{
    Session,
    data::{CachedToken, RECORD_INTERVAL},
    denial::Denial,
    deny_list::LogoutMark,
};
use crate::{
    clock::Timestamp,
    secret::SecretString,
    token::{TokenSet, TokenTarget},
};

impl Session {
    /// The session after a refresh for `target`. Tokens in the response replace the previous ones.
    #[must_use]
    pub fn renewed(&self, target: TokenTarget, tokens: TokenSet, now: Timestamp) -> Self {
        let mut session = self.next_version();
        session.denied = None;
        // The other tokens may have permissions that the user no longer has. As a clear, so that a
        // refresh in flight in another process does not restore one of them.
        if let (Some(report), Some(_)) = (session.outdated_by, &tokens.id_token) {
            session.clears += 1;
            session.access_tokens.clear();
            session.refreshed_after = report;
            session.outdated_by = None;
        }
        let cached = CachedToken {
            token: tokens.access_token,
            used: now,
        };
        session.access_tokens.insert(target, cached);
        session.access_tokens.retain(|_, cached| cached.token.expires > now);
        session.acting_as = session.acting_as.filter(|acting| acting.until > now);
        if let Some(refresh_token) = tokens.refresh_token {
            session.refresh_token = Some(refresh_token);
        }
        if let Some(id_token) = tokens.id_token {
            session.authentication = self.authentication_beside(id_token.claims());
            session.id_token = id_token;
        }
        session
    }

    /// The session after a refresh whose answer was rejected, except for its refresh token.
    pub(super) fn with_refresh_token(&self, refresh_token: SecretString) -> Self {
        let mut session = self.next_version();
        session.refresh_token = Some(refresh_token);
        session
    }

    /// The session without its refresh token, so that it ends with its ID token.
    #[must_use]
    pub fn without_refresh_token(&self) -> Self {
        let mut session = self.next_version();
        session.refresh_token = None;
        session
    }

    /// The session after its grant has ended. It still names the user, but can renew nothing.
    pub(super) fn with_grant_ended(&self) -> Self {
        let mut session = self.next_version();
        session.grant_ended = true;
        session.refresh_token = None;
        session.access_tokens.clear();
        session.acting_as = None;
        session
    }

    /// The session after the provider denied access. It keeps the refresh token, which works again
    /// once access is restored, drops all access tokens, and ends acting as another user.
    pub(super) fn with_access_denied(&self, now: Timestamp) -> Self {
        let mut session = self.next_version();
        session.denied = Some(Denial::at(now, self.denied));
        session.access_tokens.clear();
        session.acting_as = None;
        session
    }

    /// The session without the access token for `target`, or without any for `None`.
    ///
    /// Clears are counted, so that a refresh in flight in another process does not restore the
    /// token.
    pub(super) fn with_tokens_cleared(&self, target: Option<&TokenTarget>) -> Self {
        let mut session = self.next_version();
        session.clears += 1;
        match target {
            Some(target) => drop(session.access_tokens.remove(target)),
            None => session.access_tokens.clear(),
        }
        session
    }

    /// The session after the provider has reported that the user's memberships have changed.
    pub(super) fn with_outdated_claims(&self, report: LogoutMark) -> Self {
        Self {
            outdated_by: Some(report),
            ..self.clone()
        }
    }

    /// The last report of outdated claims that is known, whether a refresh has followed it or not.
    pub(super) fn last_report(&self) -> LogoutMark {
        self.outdated_by.unwrap_or_default().max(self.refreshed_after)
    }

    /// This session, without its access tokens if `other` has seen more clears, and with outdated
    /// claims if `other` knows a later report. `other` has a lower version, but may come from
    /// another process that has cleared the tokens, or was loaded later.
    pub(super) fn with_reports_of(self: &Arc<Self>, other: &Self) -> Arc<Self> {
        let is_outdated = other.last_report() > self.last_report();
        if self.clears >= other.clears && !is_outdated {
            return Arc::clone(self);
        }
        let mut session = Self::clone(self);
        if self.clears < other.clears {
            session.clears = other.clears;
            session.access_tokens.clear();
        }
        if is_outdated {
            session.outdated_by = Some(other.last_report());
        }
        Arc::new(session)
    }

    /// Records a visit, unless the last recorded one is less than `interval` seconds old.
    pub(super) fn visited_after(&self, interval: u64, now: Timestamp) -> Option<Self> {
        (now.seconds_since(self.seen) >= interval).then(|| Self {
            seen: now,
            ..self.clone()
        })
    }

    /// The session with this use of a token recorded. `None` while the recorded use is less than
    /// ten minutes old.
    pub(super) fn with_use(&self, target: &TokenTarget, now: Timestamp) -> Option<Self> {
        let used = self.access_tokens.get(target)?.used;
        if now.seconds_since(used) < RECORD_INTERVAL {
            return None;
        }
        let mut session = self.clone();
        session.access_tokens.get_mut(target)?.used = now;
        Some(session)
    }

    /// The session with the next version number and no other change.
    pub(super) fn next_version(&self) -> Self {
        Self {
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// The session without its least recently used access token, which can be fetched again. `None`
    /// if it has no access token.
    pub(super) fn without_oldest_token(&self) -> Option<Self> {
        let tokens = self.access_tokens.iter();
        let (oldest, _) = tokens.min_by_key(|(_, cached)| (cached.used, cached.token.expires))?;
        let mut session = self.clone();
        session.access_tokens.remove(oldest);
        Some(session)
    }

    /// The session with the ID token of `earlier`, for a new ID token that is too large to be
    /// stored. `None` unless `earlier` is an earlier version of this session.
    pub(super) fn with_earlier_id_token(&self, earlier: &Self) -> Option<Self> {
        let is_earlier = earlier.id == self.id && earlier.version < self.version;
        is_earlier.then(|| Self {
            id_token: earlier.id_token.clone(),
            refreshed_after: earlier.refreshed_after,
            outdated_by: earlier.outdated_by,
            authentication: earlier.authentication.clone(),
            ..self.clone()
        })
    }
}
