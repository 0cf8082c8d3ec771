//! What a refresh makes of a session, and how that gets into a store where others write too.

use std::sync::Arc;

use super::{
    Session, StoredSessions,
    store::{Saved, StoreError},
};
use crate::{
    clock::Timestamp,
    secret::{ExposeSecret as _, SecretString},
    token::{TokenSet, TokenTarget},
};

/// The outcome of a refresh, as far as the session is concerned.
pub(super) enum Change {
    Renewed(Box<Renewal>),
    /// The answer was refused but for its refresh token.
    RefreshToken(SecretString),
    GrantEnded,
    /// The provider has denied access at this time.
    AccessDenied(Timestamp),
    /// The access token for this target was dropped, or all of them.
    Cleared(Option<TokenTarget>),
}

/// A refresh that went well.
pub(super) struct Renewal {
    pub(super) target: TokenTarget,
    pub(super) tokens: TokenSet,
    pub(super) now: Timestamp,
}

impl Change {
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
        }
    }

    /// The same on a later value of a session that was read with so many clearings: a token from
    /// before the last one is not kept.
    fn apply_to_later(&self, session: &Session, clears: u64) -> Session {
        let mut changed = self.apply(session);
        if session.clears != clears
            && let Self::Renewed(renewal) = self
        {
            changed.access_tokens.remove(&renewal.target);
        }
        changed
    }

    /// Whether it can be made to `newer`, which took the place of `base`.
    fn fits(&self, newer: &Session, base: &Session) -> bool {
        matches!(self, Self::Cleared(_)) || has_same_refresh_token(newer, base)
    }
}

impl StoredSessions {
    /// Saves what a refresh with the token of `session` has brought, and returns the session as the
    /// store has it then; `None` if it has been deleted.
    ///
    /// When somebody else has changed the session meanwhile, but not its refresh token, such as to
    /// put a visit on record, what the refresh has brought is added to that: the token that
    /// `session` has may be spent. When somebody else has refreshed, his is as good as ours.
    pub(super) async fn save_change(
        &self,
        session: Arc<Session>,
        change: &Change,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        let clears = session.clears;
        let mut base = session;
        loop {
            let mut changed = Arc::new(change.apply_to_later(&base, clears));
            let saved = match self.save(&changed, Some(base.version())).await {
                // The new ID token is too large. The earlier one is not, and with it the refresh
                // token is kept: it may have rotated.
                Err(StoreError::SessionTooLarge) => {
                    let smaller = changed.with_earlier_id_token(&base);
                    changed = Arc::new(smaller.ok_or(StoreError::SessionTooLarge)?);
                    self.save(&changed, Some(base.version())).await?
                }
                saved => saved?,
            };
            if saved == Saved::Done {
                return Ok(Some(changed));
            }
            match self.load(&base.id()).await? {
                Some(newer) if newer.version() > base.version() && change.fits(&newer, &base) => {
                    base = newer;
                }
                found => return Ok(found),
            }
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
