//! Reading the session, which is loaded at most once per request, and replacing it.

use std::sync::Arc;

use logto::{
    VerifiedIdToken,
    session::{Session, SessionState, store::StoreError},
};

use crate::{
    error::SessionError,
    session::{
        AuthSession,
        inner::{CookieState, Loaded, Usage},
    },
};

impl AuthSession {
    /// Returns the state of the session at this moment.
    ///
    /// # Errors
    ///
    /// [`SessionError::Store`] if the session store is unavailable.
    pub async fn state(&self) -> Result<SessionState, SessionError> {
        self.with(|loaded| self.state_of(loaded.session.as_deref())).await
    }

    pub(crate) async fn state_and_session(&self) -> Result<(SessionState, Option<Arc<Session>>), SessionError> {
        let session = self.session().await?;
        Ok((self.state_of(session.as_deref()), session))
    }

    /// Reads the clock after the session was loaded, because loading may take a while.
    fn state_of(&self, session: Option<&Session>) -> SessionState {
        let now = self.logto().client().now();
        session.map_or(SessionState::Anonymous, |session| session.state(now))
    }

    /// Returns the current session, including refreshes by this and other requests.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::state`].
    pub async fn session(&self) -> Result<Option<Arc<Session>>, SessionError> {
        self.with(|loaded| loaded.session.clone()).await
    }

    /// Returns the verified ID token of a signed-in user. An expired one is refreshed first; while
    /// the provider is unavailable, the old one is returned.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::state`].
    pub async fn id_token(&self) -> Result<Option<VerifiedIdToken>, SessionError> {
        self.renew_stale().await;
        let (state, session) = self.state_and_session().await?;
        let signed_in = session.filter(|_| state.is_authenticated());
        Ok(signed_in.map(|session| session.id_token().clone()))
    }

    /// Replaces the session, or removes it.
    pub(crate) fn replace(&self, session: Option<Session>) {
        let cookie = match session {
            Some(_) => CookieState::Outdated,
            None => CookieState::Unwanted,
        };
        let mut inner = self.lock();
        inner.store_failed = false;
        inner.usage = Usage::Used;
        inner.loaded = Some(Loaded {
            session: session.map(Arc::new),
            cookie,
        });
    }

    /// Fails if the head of the response was sent.
    pub(crate) fn check_head(&self) -> Result<(), SessionError> {
        if self.lock().head_sent {
            return Err(SessionError::ResponseStarted);
        }
        Ok(())
    }

    /// Loads the session if no caller has done so, and calls `act` with it.
    pub(crate) async fn with<T>(&self, act: impl FnOnce(&mut Loaded) -> T) -> Result<T, SessionError> {
        let is_loaded = {
            let mut inner = self.lock();
            if inner.usage == Usage::Forbidden {
                return Err(SessionError::ResponsePublic);
            }
            inner.usage = Usage::Used;
            inner.loaded.is_some()
        };
        if !is_loaded {
            let _loading = self.request.loading.lock().await;
            if self.lock().loaded.is_none() {
                self.load().await?;
            }
        }
        let mut inner = self.lock();
        let loaded = inner.loaded.get_or_insert_with(|| Loaded {
            session: None,
            cookie: CookieState::Current,
        });
        Ok(act(loaded))
    }

    async fn load(&self) -> Result<(), StoreError> {
        let found = self.loader().load().await;
        let mut inner = self.lock();
        let is_sealed_elsewhere = matches!(found, Err(StoreError::UnknownKey));
        let found = if is_sealed_elsewhere { Ok(None) } else { found };
        inner.store_failed = found.is_err();
        let found = found?;
        let cookie = match &found {
            Some(found) if found.cookie_is_outdated => CookieState::Outdated,
            None if self.has_cookie() && !is_sealed_elsewhere => CookieState::Unwanted,
            _ => CookieState::Current,
        };
        inner.loaded = Some(Loaded {
            session: found.map(|found| found.session),
            cookie,
        });
        Ok(())
    }
}
