//! Loading the session of a request: from cookies, a store, or a cookie of the Next.js SDK.

use std::sync::Arc;

use logto::{
    Diagnose as _,
    session::{
        Session, SessionId, StoredSessions,
        store::{Saved, StoreError},
    },
};

use crate::{
    cookie::{CookieJar, header::SentCookies},
    logto::Logto,
};

pub(crate) struct SessionLoader<'a> {
    pub(crate) logto: &'a Logto,
    pub(crate) jar: &'a CookieJar,
    pub(crate) sent: &'a SentCookies,
}

pub(crate) struct LoadedSession {
    pub(crate) session: Arc<Session>,
    /// Whether the cookie has to be rewritten.
    pub(crate) cookie_is_outdated: bool,
}

impl SessionLoader<'_> {
    /// Loads the session, if there is one that has not ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownKey`] if another process may be able to open the cookie; any other
    /// error if the store is unavailable.
    pub(crate) async fn load(&self) -> Result<Option<LoadedSession>, StoreError> {
        match &self.logto.shared.stored {
            Some(stored) => self.load_stored(stored).await,
            None => self.load_from_cookies().await,
        }
    }

    async fn load_from_cookies(&self) -> Result<Option<LoadedSession>, StoreError> {
        let opened = self.jar.open_sessions(self.sent);
        for session in &opened.newest_first {
            if let Some(found) = self.unless_ended(Arc::clone(session), false).await? {
                return Ok(Some(found));
            }
        }
        if opened.newest_first.is_empty() && !opened.has_unknown_key {
            for session in self.import().await? {
                if let Some(found) = self.unless_ended(session, true).await? {
                    return Ok(Some(found));
                }
            }
        }
        opened.none()
    }

    /// Checks that a session from a cookie has not ended, and records the visit.
    async fn unless_ended(
        &self,
        session: Arc<Session>,
        is_imported: bool,
    ) -> Result<Option<LoadedSession>, StoreError> {
        let shared = &self.logto.shared;
        let version = session.version();
        let Some(session) = shared.refresher.latest(session) else {
            return Ok(None);
        };
        let id = session.id();
        let Some(session) = shared.deny_list.check(session).await? else {
            // Otherwise a refresh or a response in flight could resurrect the session.
            shared.refresher.end(id);
            return Ok(None);
        };
        let is_newer = is_imported || session.version() > version;
        Ok(Some(match self.jar.lifetimes.visited(&session, shared.client.now()) {
            Some(visited) => LoadedSession {
                session: Arc::new(visited),
                cookie_is_outdated: true,
            },
            None => LoadedSession {
                session,
                cookie_is_outdated: is_newer,
            },
        }))
    }

    /// Reads sessions of the Next.js SDK.
    async fn import(&self) -> Result<Vec<Arc<Session>>, StoreError> {
        // Boxed, because it is rare and would make the future of every request larger.
        let imported = Box::pin(self.jar.read_next_js(self.sent)).await;
        let imported = imported.map_err(|error| {
            tracing::warn!(
                code = error.code(),
                "a session of the Next.js SDK cannot be verified at the moment"
            );
            StoreError::Unverifiable
        })?;
        Ok(imported.into_iter().map(Arc::new).collect())
    }

    /// All sessions in the cookies themselves, ended or not, newest first.
    pub(crate) async fn sessions_in_cookies(&self) -> Vec<Arc<Session>> {
        let mut sessions = self.jar.open_sessions(self.sent).newest_first;
        sessions.extend(self.import().await.unwrap_or_default());
        sessions
    }

    /// The ids of all sessions in the cookies, ended or not: stored ones, and ones from before
    /// there was a store.
    pub(crate) async fn ids(&self) -> Vec<SessionId> {
        let stored = self.logto.shared.stored.as_ref().map(|_| self.jar.open_ids(self.sent));
        let stored = stored.into_iter().flat_map(|opened| opened.newest_first);
        let in_cookies = self.sessions_in_cookies().await;
        stored
            .map(|(_, id)| id)
            .chain(in_cookies.iter().map(|session| session.id()))
            .collect()
    }

    async fn load_stored(&self, stored: &StoredSessions) -> Result<Option<LoadedSession>, StoreError> {
        let opened = self.jar.open_ids(self.sent);
        if opened.newest_first.is_empty() {
            return self.migrate(stored).await;
        }
        for (_, id) in &opened.newest_first {
            if let Some(found) = self.load_by_id(stored, id).await? {
                return Ok(Some(found));
            }
        }
        opened.none()
    }

    async fn load_by_id(&self, stored: &StoredSessions, id: &SessionId) -> Result<Option<LoadedSession>, StoreError> {
        let shared = &self.logto.shared;
        let Some(session) = stored.load(id).await? else {
            return Ok(None);
        };
        let version = session.version();
        let Some(session) = shared.refresher.latest(session) else {
            return Ok(None);
        };
        if session.version() > version {
            // The session was refreshed while the store was down.
            let _ = stored.save(&session, Some(version)).await?;
        }
        let visited = stored.save_visit(&session).await?;
        Ok(Some(LoadedSession {
            cookie_is_outdated: visited.is_some(),
            session: visited.map_or(session, Arc::new),
        }))
    }

    /// Moves a session from before there was a store into the store.
    async fn migrate(&self, stored: &StoredSessions) -> Result<Option<LoadedSession>, StoreError> {
        let Some(LoadedSession { session, .. }) = self.load_from_cookies().await? else {
            return Ok(None);
        };
        let migrated = match stored.save(&session, None).await? {
            Saved::Done => Some(session),
            // A concurrent request of the same browser has migrated it.
            Saved::Conflict => stored.load(&session.id()).await?,
        };
        let Some(session) = migrated else { return Ok(None) };
        // A logout in the meantime is on the deny list, but did not find the session in the store.
        if self.logto.shared.deny_list.denies(&session).await? {
            stored.store().delete(&session.id()).await?;
            return Ok(None);
        }
        Ok(Some(LoadedSession {
            session,
            cookie_is_outdated: true,
        }))
    }
}
