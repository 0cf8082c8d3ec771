//! The session itself.

use std::collections::BTreeMap;

use super::{
    SessionId, SessionState,
    denial::Denial,
    notes::{LogoutMark, NoteIds},
};
use crate::{
    callback::SignedIn,
    clock::{NoRandomness, Random, Timestamp},
    id_token::VerifiedIdToken,
    secret::SecretString,
    token::{AccessToken, TokenSet, TokenTarget},
};

/// How long before its end a token is no longer handed out, in seconds: it has to live through the
/// request it is used for.
const EXPIRY_MARGIN: u64 = 10;

/// How much older than now the last visit or use on record may be, in seconds. Finer would write
/// the session with every request.
pub(super) const COARSENESS: u64 = 600;

/// An access token that is kept for the next time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CachedToken {
    /// The token.
    pub token: AccessToken,
    /// When it was last used, to within ten minutes; the one used longest ago is the first to leave
    /// when space is short.
    pub used: Timestamp,
}

/// A signed-in user: made from a [`VerifiedIdToken`], never from decoded JSON. A session does not
/// change; a renewed one is another value with a higher version.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) id: SessionId,
    pub(super) version: u64,
    pub(super) started: Timestamp,
    pub(super) seen: Timestamp,
    pub(super) id_token: VerifiedIdToken,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) access_tokens: BTreeMap<TokenTarget, CachedToken>,
    pub(super) grant_ended: bool,
    /// The logouts from before the session began, which do not end it.
    pub(super) logouts: LogoutMark,
    pub(super) denied: Option<Denial>,
    /// How often access tokens were cleared.
    pub(super) clears: u64,
    pub(super) notes: NoteIds,
}

impl Session {
    /// The session of a user who has just signed in.
    ///
    /// # Errors
    ///
    /// When there is no randomness for its id.
    pub fn begin(signed_in: SignedIn, now: Timestamp, random: &dyn Random) -> Result<Self, NoRandomness> {
        let user_info = CachedToken {
            token: signed_in.access_token,
            used: now,
        };
        Ok(Self {
            id: SessionId::random(random)?,
            version: 1,
            started: now,
            seen: now,
            id_token: signed_in.id_token,
            refresh_token: signed_in.refresh_token,
            access_tokens: BTreeMap::from([(TokenTarget::USER_INFO, user_info)]),
            grant_ended: false,
            logouts: LogoutMark::default(),
            denied: None,
            clears: 0,
            notes: NoteIds::default(),
        })
    }

    /// The session with the logouts that were on record before its sign-in was finished, see
    /// [`DenyList::mark`](super::DenyList::mark): they do not end it. Without, a logout of its user
    /// ends it if that came later, or earlier by no more than the clock tolerance.
    #[must_use]
    pub fn begun_after(self, logouts: LogoutMark) -> Self {
        Self { logouts, ..self }
    }

    /// The session's id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Counts the changes since the sign-in; of two values of one session the one with the higher
    /// version is the later.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// When the user signed in.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// When the user was last here, to within ten minutes.
    #[must_use]
    pub fn seen(&self) -> Timestamp {
        self.seen
    }

    /// Who the user is.
    #[must_use]
    pub fn id_token(&self) -> &VerifiedIdToken {
        &self.id_token
    }

    /// What renews the tokens.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// The access tokens kept, by what they are for.
    pub fn access_tokens(&self) -> impl Iterator<Item = (&TokenTarget, &CachedToken)> {
        self.access_tokens.iter()
    }

    /// A kept access token that is good for a while yet.
    #[must_use]
    pub fn valid_token(&self, target: &TokenTarget, now: Timestamp) -> Option<&AccessToken> {
        let token = &self.access_tokens.get(target)?.token;
        (token.expires > now.plus(EXPIRY_MARGIN)).then_some(token)
    }

    /// How the session stands at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SessionState {
        if self.grant_ended {
            SessionState::SignInNeeded
        } else if self.denied.is_some() {
            SessionState::AccessDenied
        } else if self.id_token.claims().exp > now {
            SessionState::Active
        } else if self.refresh_token.is_some() {
            SessionState::Stale
        } else {
            SessionState::Expired
        }
    }

    /// The session after a refresh for `target`: whatever came back takes the place of what was
    /// there.
    #[must_use]
    pub fn renewed(&self, target: TokenTarget, tokens: TokenSet, now: Timestamp) -> Self {
        let mut session = self.clone();
        session.version += 1;
        session.denied = None;
        session.access_tokens.insert(
            target,
            CachedToken {
                token: tokens.access_token,
                used: now,
            },
        );
        session.access_tokens.retain(|_, cached| cached.token.expires > now);
        if let Some(refresh_token) = tokens.refresh_token {
            session.refresh_token = Some(refresh_token);
        }
        if let Some(id_token) = tokens.id_token {
            session.id_token = id_token;
        }
        session
    }

    /// The session after a refresh whose answer was refused but for its refresh token.
    pub(super) fn with_refresh_token(&self, refresh_token: SecretString) -> Self {
        let mut session = self.next_version();
        session.refresh_token = Some(refresh_token);
        session
    }

    /// The session after the provider said that its grant has ended: it still tells who the user
    /// was, and renews nothing.
    pub(super) fn with_grant_ended(&self) -> Self {
        let mut session = self.clone();
        session.version += 1;
        session.grant_ended = true;
        session.refresh_token = None;
        session.access_tokens.clear();
        session
    }

    pub(super) fn visited_after(&self, seconds: u64, now: Timestamp) -> Option<Self> {
        (now.seconds_since(self.seen) >= seconds).then(|| Self {
            seen: now,
            ..self.clone()
        })
    }

    /// The session with this use of a token on record; `None` when the one on record is recent
    /// enough.
    #[must_use]
    pub fn with_use(&self, target: &TokenTarget, now: Timestamp) -> Option<Self> {
        let used = self.access_tokens.get(target)?.used;
        if now.seconds_since(used) < COARSENESS {
            return None;
        }
        let mut session = self.clone();
        session.access_tokens.get_mut(target)?.used = now;
        Some(session)
    }

    /// The same as a later value, for a store that counts changes.
    #[must_use]
    pub fn next_version(&self) -> Self {
        Self {
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// What ends within `seconds` and was used lately: tokens to renew before somebody waits for
    /// them. The ID token comes with the one for userinfo.
    #[must_use]
    pub fn expiring(&self, now: Timestamp, seconds: u64) -> Vec<TokenTarget> {
        let soon = now.plus(seconds);
        let mut targets: Vec<_> = self
            .access_tokens
            .iter()
            .filter(|(_, cached)| cached.token.expires <= soon && now.seconds_since(cached.used) < 2 * COARSENESS)
            .map(|(target, _)| target.clone())
            .collect();
        if self.id_token.claims().exp <= soon && !targets.contains(&TokenTarget::USER_INFO) {
            targets.insert(0, TokenTarget::USER_INFO);
        }
        targets
    }

    /// The same session without the access token used longest ago; `None` when there is none left
    /// to give up. It can be had again with the refresh token.
    #[must_use]
    pub fn without_oldest_token(&self) -> Option<Self> {
        let oldest = self
            .access_tokens
            .iter()
            .min_by_key(|(_, cached)| (cached.used, cached.token.expires))?
            .0
            .clone();
        let mut session = self.clone();
        session.access_tokens.remove(&oldest);
        Some(session)
    }

    /// The session with the ID token of `earlier`, for a new ID token that is too large to be
    /// stored. `None` unless `earlier` is an earlier version of this session.
    #[must_use]
    pub fn with_earlier_id_token(&self, earlier: &Self) -> Option<Self> {
        let is_earlier = earlier.id == self.id && earlier.version < self.version;
        is_earlier.then(|| Self {
            id_token: earlier.id_token.clone(),
            ..self.clone()
        })
    }
}
