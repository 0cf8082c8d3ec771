//! Finding the session of a request: in cookies, in a store, or in a cookie of the Next.js SDK.

use std::sync::Arc;

use crate::{cookie::CookieJar, cookie::header::SentCookies, logto::Logto};
use logto::{
    Diagnose as _,
    session::{
        Session, SessionId, StoredSessions,
        store::{Saved, StoreError},
    },
};

/// Where to look.
pub(crate) struct Reading<'a> {
    pub(crate) logto: &'a Logto,
    pub(crate) jar: &'a CookieJar,
    pub(crate) sent: &'a SentCookies,
}

/// A session that was found.
pub(crate) struct Found {
    pub(crate) session: Arc<Session>,
    /// The cookie does not say it yet.
    pub(crate) is_new: bool,
}

impl Reading<'_> {
    /// The session, or none; an error if a store does not know, or ([`StoreError::UnknownKey`]) if
    /// another process may be able to open it.
    pub(crate) async fn read(&self) -> Result<Option<Found>, StoreError> {
        match &self.logto.shared.stored {
            Some(stored) => self.read_stored(stored).await,
            None => self.read_cookies().await,
        }
    }

    async fn read_cookies(&self) -> Result<Option<Found>, StoreError> {
        let carried = self.jar.open_sessions(self.sent);
        for session in &carried.newest_first {
            if let Some(found) = self.unless_ended(Arc::clone(session), false).await? {
                return Ok(Some(found));
            }
        }
        if carried.newest_first.is_empty() && !carried.is_for_others {
            for session in self.import().await? {
                if let Some(found) = self.unless_ended(session, true).await? {
                    return Ok(Some(found));
                }
            }
        }
        carried.none()
    }

    /// A session that came in a cookie; none if it has ended.
    async fn unless_ended(&self, session: Arc<Session>, is_imported: bool) -> Result<Option<Found>, StoreError> {
        let shared = &self.logto.shared;
        let version = session.version();
        let Some(session) = shared.refresher.latest(session) else {
            return Ok(None);
        };
        if shared.deny_list.denies(&session).await? {
            // Neither a refresh nor a response under way may bring it back.
            shared.refresher.end(session.id());
            return Ok(None);
        }
        let is_new = is_imported || session.version() > version;
        Ok(Some(match self.jar.lifetimes.visited(&session, shared.client.now()) {
            Some(visited) => Found {
                session: Arc::new(visited),
                is_new: true,
            },
            None => Found { session, is_new },
        }))
    }

    /// The sessions in cookies of the Next.js SDK.
    async fn import(&self) -> Result<Vec<Arc<Session>>, StoreError> {
        // Verifies ID tokens, and seldom happens: in a box it does not make every request's future
        // as large.
        let imported = Box::pin(self.jar.read_next_js(self.sent)).await;
        let imported = imported.map_err(|error| {
            tracing::warn!(
                code = error.code(),
                "a session of the Next.js SDK cannot be verified at the moment"
            );
            StoreError::Unproved
        })?;
        Ok(imported.into_iter().map(Arc::new).collect())
    }

    /// All sessions that are in the cookies themselves, ended or not. The newest comes first.
    pub(crate) async fn carried(&self) -> Vec<Arc<Session>> {
        let mut sessions = self.jar.open_sessions(self.sent).newest_first;
        sessions.extend(self.import().await.unwrap_or_default());
        sessions
    }

    /// The ids of all sessions in the cookies, ended or not, whether in a store or from before
    /// there was one.
    pub(crate) async fn ids(&self) -> Vec<SessionId> {
        let in_store = self.logto.shared.stored.as_ref().map(|_| self.jar.open_ids(self.sent));
        let in_store = in_store.into_iter().flat_map(|carried| carried.newest_first);
        let in_cookies = self.carried().await;
        in_store
            .map(|(_, id)| id)
            .chain(in_cookies.iter().map(|session| session.id()))
            .collect()
    }

    async fn read_stored(&self, stored: &StoredSessions) -> Result<Option<Found>, StoreError> {
        let carried = self.jar.open_ids(self.sent);
        if carried.newest_first.is_empty() {
            return self.move_in(stored).await;
        }
        for (_, id) in &carried.newest_first {
            if let Some(found) = self.load(stored, id).await? {
                return Ok(Some(found));
            }
        }
        carried.none()
    }

    async fn load(&self, stored: &StoredSessions, id: &SessionId) -> Result<Option<Found>, StoreError> {
        let shared = &self.logto.shared;
        let Some(session) = stored.load(id).await? else {
            return Ok(None);
        };
        let version = session.version();
        let Some(session) = shared.refresher.latest(session) else {
            return Ok(None);
        };
        if session.version() > version {
            // Renewed while the store was down; it is back.
            let _ = stored.save(&session, Some(version)).await?;
        }
        Ok(Some(self.note_visit(stored, session).await?))
    }

    /// Puts the visit on record. Of several at the same time one does, and the others need not.
    async fn note_visit(&self, stored: &StoredSessions, session: Arc<Session>) -> Result<Found, StoreError> {
        let shared = &self.logto.shared;
        let Some(visited) = self.jar.lifetimes.visited(&session, shared.client.now()) else {
            return Ok(Found { session, is_new: false });
        };
        let Some(_turn) = shared.visits.turn(session.id()) else {
            return Ok(Found { session, is_new: false });
        };
        let visited = visited.next_version();
        match stored.save(&visited, Some(session.version())).await {
            Ok(Saved::Done) => Ok(Found {
                session: Arc::new(visited),
                is_new: true,
            }),
            // It takes all the space there is, and the version has got a digit more.
            Ok(Saved::Conflict) | Err(StoreError::SessionTooLarge) => Ok(Found { session, is_new: false }),
            Err(error) => Err(error),
        }
    }

    /// A session from before there was a store moves into it.
    async fn move_in(&self, stored: &StoredSessions) -> Result<Option<Found>, StoreError> {
        let Some(Found { session, .. }) = self.read_cookies().await? else {
            return Ok(None);
        };
        let moved = match stored.save(&session, None).await? {
            Saved::Done => Some(session),
            // Another request of the same browser was faster.
            Saved::Conflict => stored.load(&session.id()).await?,
        };
        let Some(session) = moved else { return Ok(None) };
        // A sign-out or a logout in between has noted it, and did not find it in the store yet.
        if self.logto.shared.deny_list.denies(&session).await? {
            stored.store().delete(&session.id()).await?;
            return Ok(None);
        }
        Ok(Some(Found { session, is_new: true }))
    }
}
