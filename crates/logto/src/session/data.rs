//! The session value.

use std::collections::BTreeMap;

use super::{
    ActingAs, AppData, SessionId, SessionState,
    authentication::Authentication,
    denial::Denial,
    deny_list::entry::{ENTRIES, EntryIds, LogoutMark},
};
use crate::{
    callback::SignedIn,
    clock::{NoRandomness, Random, Timestamp},
    id_token::VerifiedIdToken,
    secret::SecretString,
    token::{AccessToken, TokenTarget},
};

/// Minimum remaining lifetime of a token that is handed out, in seconds: the token has to outlive
/// the request that uses it.
const EXPIRY_MARGIN: u64 = 10;

/// Minimum time between two recorded visits, or two recorded uses of a token, in seconds. Without
/// it, every request would write the session.
pub(super) const RECORD_INTERVAL: u64 = 600;

/// A cached access token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CachedToken {
    /// The token.
    pub token: AccessToken,
    /// When the token was last used, to within ten minutes. The least recently used token is
    /// evicted first when space is short.
    pub used: Timestamp,
}

/// The session of a signed-in user, immutable: every change makes a new value with a higher
/// version.
///
/// A session is made from a [`VerifiedIdToken`], never from decoded JSON.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) id: SessionId,
    pub(super) version: u64,
    pub(super) started: Timestamp,
    pub(super) seen: Timestamp,
    pub(super) id_token: VerifiedIdToken,
    /// The authentication at the sign-in, unless the ID token says the same.
    pub(super) authentication: Option<Authentication>,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) access_tokens: BTreeMap<TokenTarget, CachedToken>,
    pub(super) grant_ended: bool,
    /// The number of the last logout before the sign-in. Logouts up to this one do not end the
    /// session.
    pub(super) logouts: LogoutMark,
    /// The last report of outdated claims that a refresh has followed.
    pub(super) refreshed_after: LogoutMark,
    /// A report of outdated claims that no refresh has followed so far. Not serialized, because the
    /// deny list has it.
    pub(super) outdated_by: Option<LogoutMark>,
    pub(super) denied: Option<Denial>,
    /// The number of times that access tokens were cleared.
    pub(super) clears: u64,
    pub(super) app_data: Option<AppData>,
    /// The id of an organization, of which the user was a member when it was set.
    pub(super) active_organization: Option<String>,
    /// Names of organizations by id, as userinfo had them.
    pub(super) organization_names: BTreeMap<String, String>,
    /// The other user as whom the user acts. Expired if `until` has passed.
    pub(super) acting_as: Option<ActingAs>,
    pub(super) entry_ids: EntryIds,
}

impl Session {
    /// Creates the session of a user who has just signed in.
    ///
    /// # Errors
    ///
    /// If the random source fails.
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
            authentication: None,
            refresh_token: signed_in.refresh_token,
            access_tokens: BTreeMap::from([(TokenTarget::USER_INFO, user_info)]),
            grant_ended: false,
            logouts: LogoutMark::default(),
            refreshed_after: LogoutMark::default(),
            outdated_by: None,
            denied: None,
            clears: 0,
            app_data: None,
            active_organization: None,
            organization_names: BTreeMap::new(),
            acting_as: None,
            entry_ids: EntryIds::default(),
        })
    }

    /// Sets the logouts that were recorded before the sign-in finished, see
    /// [`DenyList::mark`](super::DenyList::mark). They do not end the session.
    ///
    /// Without a mark, the clocks decide: a logout of the user ends the session if it came after
    /// the sign-in, or before it by no more than the clock tolerance.
    #[must_use]
    pub fn begun_after(self, logouts: LogoutMark) -> Self {
        Self { logouts, ..self }
    }

    /// The session's id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// The number of changes since the sign-in. A higher version of the same session is newer.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// When the user signed in.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// When the user last visited, to within ten minutes.
    #[must_use]
    pub fn seen(&self) -> Timestamp {
        self.seen
    }

    /// The verified ID token, which identifies the user.
    #[must_use]
    pub fn id_token(&self) -> &VerifiedIdToken {
        &self.id_token
    }

    /// The refresh token.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// The cached access tokens, by target.
    pub fn access_tokens(&self) -> impl Iterator<Item = (&TokenTarget, &CachedToken)> {
        self.access_tokens.iter()
    }

    /// The cached access token for `target`, if it is valid for at least ten more seconds. `None`
    /// too if the user's permissions may have changed since, see [`Session::has_current_claims`].
    #[must_use]
    pub fn valid_token(&self, target: &TokenTarget, now: Timestamp) -> Option<&AccessToken> {
        if self.outdated_by.is_some() {
            return None;
        }
        let token = &self.access_tokens.get(target)?.token;
        (token.expires > now.plus(EXPIRY_MARGIN)).then_some(token)
    }

    /// The state of the session at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SessionState {
        if self.grant_ended {
            SessionState::SignInNeeded
        } else if self.denied.is_some() {
            SessionState::AccessDenied
        } else if self.has_current_claims(now) {
            SessionState::Active
        } else if self.refresh_token.is_some() {
            SessionState::Stale
        } else {
            SessionState::Expired
        }
    }

    /// Whether the ID token is still valid, and no report of the provider has made its claims
    /// outdated, see [`DenyList::outdate_claims`](super::DenyList::outdate_claims).
    #[must_use]
    pub fn has_current_claims(&self, now: Timestamp) -> bool {
        self.outdated_by.is_none() && self.id_token.claims().exp > now
    }

    /// Whether the provider has denied access and must not be asked again before the back-off
    /// expires.
    pub(super) fn is_denied_for_now(&self, now: Timestamp) -> bool {
        self.denied.is_some_and(|denial| now < denial.backs_off_until())
    }

    /// The targets whose tokens expire within `seconds` and were used recently, so that they can be
    /// renewed before a request waits for them. The ID token is renewed with the token for
    /// userinfo.
    #[must_use]
    pub fn expiring(&self, now: Timestamp, seconds: u64) -> Vec<TokenTarget> {
        let soon = now.plus(seconds);
        let expires_soon = |cached: &CachedToken| cached.token.expires <= soon;
        let is_in_use = |cached: &CachedToken| now.seconds_since(cached.used) < 2 * RECORD_INTERVAL;
        let tokens = self.access_tokens.iter();
        let mut targets: Vec<_> = tokens
            .filter(|(_, cached)| expires_soon(cached) && is_in_use(cached))
            .map(|(target, _)| target.clone())
            .collect();
        if !self.has_current_claims(soon) && !targets.contains(&TokenTarget::USER_INFO) {
            targets.insert(0, TokenTarget::USER_INFO);
        }
        targets
    }

    /// The ids of the deny-list entries that concern this session: for the session itself, for its
    /// session at the provider, for its user, and for the claims of its user.
    pub(super) fn entry_ids(&self) -> &[SessionId; ENTRIES] {
        self.entry_ids.get_or_compute(self.id, self.id_token.claims())
    }

    /// The other user that the user acts as at `now`, or `None` if acting has ended.
    #[must_use]
    pub fn acting_as(&self, now: Timestamp) -> Option<&ActingAs> {
        self.acting_as.as_ref().filter(|acting| acting.until > now)
    }
}
