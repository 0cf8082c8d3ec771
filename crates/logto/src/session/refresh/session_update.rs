//! Saving the result of a refresh to a store that other requests and processes write to as well.

use std::sync::Arc;

use crate::{
    clock::Timestamp,
    secret::{ExposeSecret as _, SecretString},
    session::{
        Session, SessionChange, StoredSessions,
        store::{Saved, StoreError},
    },
    token::{TokenSet, TokenTarget},
};

/// A change to a session.
pub(super) enum SessionUpdate {
    Renewed(Box<Renewal>),
    /// The answer was rejected, except for its refresh token.
    RefreshToken(SecretString),
    GrantEnded,
    /// The provider denied access at this time.
    AccessDenied(Timestamp),
    /// The access token for this target was cleared. `None`: all access tokens were.
    Cleared(Option<TokenTarget>),
    /// The app changed its part of the session.
    Changed(SessionChange),
}

/// A successful refresh.
pub(super) struct Renewal {
    pub(super) target: TokenTarget,
    pub(super) tokens: TokenSet,
    pub(super) now: Timestamp,
}

impl SessionUpdate {
    pub(super) fn apply(&self, session: &Session) -> Session {
        match self {
            Self::Renewed(renewal) => {
                let Renewal { target, tokens, now } = &**renewal;
                session.renewed(target.clone(), tokens.clone(), *now)
            }
            Self::RefreshToken(refresh_token) => session.with_refresh_token(refresh_token.clone()),
            Self::GrantEnded => session.with_grant_ended(),
            Self::AccessDenied(now) => session.with_access_denied(*now),
            Self::Cleared(target) => session.with_tokens_cleared(target.as_ref()),
            Self::Changed(change) => session.changed(change),
        }
    }

    /// Like [`SessionUpdate::apply`], but `session` may be newer than `refreshed`, the version that
    /// the request began with. If tokens were cleared later, the new token is dropped. If the claims
    /// were reported as outdated later, so is the new ID token.
    fn apply_to_newer(&self, session: &Session, refreshed: &Session) -> Session {
        let mut updated = self.apply(session);
        let Self::Renewed(renewal) = self else {
            return updated;
        };
        let is_outdated = session.last_report() > refreshed.last_report();
        if is_outdated {
            updated.id_token = session.id_token.clone();
            updated.authentication.clone_from(&session.authentication);
            updated.refreshed_after = session.refreshed_after;
            updated.outdated_by = session.outdated_by;
        }
        if is_outdated || session.clears != refreshed.clears {
            updated.access_tokens.remove(&renewal.target);
        }
        updated
    }

    /// Whether the update still applies to `newer`, which replaced `base`.
    fn applies_to(&self, newer: &Session, base: &Session) -> bool {
        matches!(self, Self::Cleared(_) | Self::Changed(_)) || has_same_refresh_token(newer, base)
    }
}

/// Saves an update of `session`, and returns the session as it is in the store then. `None` if it
/// was deleted.
///
/// After a conflict the session is read again. If the refresh token is still the same, such as
/// after a recorded visit, the update is applied to the newer version, because the refresh token of
/// `session` may have been used up. Otherwise another refresh has won, and its result is
/// equivalent.
pub(super) async fn save(
    stored: &StoredSessions,
    session: Arc<Session>,
    update: &SessionUpdate,
) -> Result<Option<Arc<Session>>, StoreError> {
    let mut base = Arc::clone(&session);
    loop {
        let mut updated = Arc::new(update.apply_to_newer(&base, &session));
        let saved = match stored.save(&updated, Some(base.version())).await {
            // The new ID token is too large. Keep the earlier one, so that at least the refresh
            // token, which may have rotated, is saved.
            Err(StoreError::SessionTooLarge) => {
                let smaller = updated.with_earlier_id_token(&base);
                updated = Arc::new(smaller.ok_or(StoreError::SessionTooLarge)?);
                stored.save(&updated, Some(base.version())).await?
            }
            saved => saved?,
        };
        if saved == Saved::Done {
            return Ok(Some(updated));
        }
        match stored.load(&base.id()).await? {
            Some(newer) if newer.version() > base.version() && update.applies_to(&newer, &base) => base = newer,
            found => return Ok(found),
        }
    }
}

fn has_same_refresh_token(one: &Session, other: &Session) -> bool {
    match (one.refresh_token(), other.refresh_token()) {
        (Some(one), Some(other)) => one.expose_secret() == other.expose_secret(),
        (None, None) => true,
        _ => false,
    }
}
