//! Ending sessions from code of the app, and deleting them from the store.

use logto::{
    Diagnose as _, LogoutTarget,
    session::{SessionId, store::StoreError},
    telemetry::count_session,
};

use crate::{
    error::SessionError,
    hooks::session_end::{SessionEndEvent, SessionEndReason},
    logto::Logto,
};

/// The reason why a logout is lost while the deny list is unavailable.
const DENY_LIST_FULL: &str = "too many logouts wait for the deny list";

impl Logto {
    /// Ends all sessions of a user in this app, in a store or in cookies: after a change of their
    /// permissions, for example. Later sign-ins are not affected.
    ///
    /// The session at the provider continues, so the next sign-in may ask for no password. Suspend
    /// the user in Logto to prevent it.
    ///
    /// Sessions in cookies end through the deny list, which several processes have to share
    /// ([`WebConfig::with_deny_list`](crate::WebConfig::with_deny_list)).
    ///
    /// # Errors
    ///
    /// [`SessionError::Store`] if the store, or the deny list, is unavailable. This process then
    /// treats them as ended at once; the others follow when the store is available again.
    pub async fn end_sessions_of(&self, user_id: &str) -> Result<(), SessionError> {
        let target = LogoutTarget::User(user_id.to_owned());
        self.end_target(&target, SessionEndReason::EndedByApp).await
    }

    /// Ends the sessions of this app that began with a session at the provider, as a back-channel
    /// logout does, when the app learns in another way that the provider's session is over. `sid` is
    /// the claim of the ID token.
    ///
    /// Sessions that begin later with the same `sid` end too. So do not call it while the provider's
    /// session continues: the user could not sign in to this app until it ends. To end one session
    /// of this app, use [`Logto::end_session`].
    ///
    /// # Errors
    ///
    /// The same as [`Logto::end_sessions_of`].
    pub async fn end_sessions_of_provider_session(&self, sid: &str) -> Result<(), SessionError> {
        let sid = sid.to_owned();
        let target = LogoutTarget::Session { sid, sub: None };
        self.end_target(&target, SessionEndReason::EndedByApp).await
    }

    /// Ends all sessions of these users. After the first failure of the store, the other users are
    /// left to a later attempt too.
    pub(crate) async fn end_sessions_of_all(
        &self,
        user_ids: &[String],
        reason: SessionEndReason,
    ) -> Result<(), SessionError> {
        let mut users = user_ids.iter().map(|id| LogoutTarget::User(id.clone()));
        for user in users.by_ref() {
            if let Err(error) = self.end_target(&user, reason).await {
                for user in users.filter(|user| self.deny_later(user)) {
                    self.session_ended(|| SessionEndEvent::of_target(reason, &user));
                }
                return Err(error);
            }
        }
        Ok(())
    }

    async fn end_target(&self, target: &LogoutTarget, reason: SessionEndReason) -> Result<(), SessionError> {
        let denied = self.shared.deny_list.deny(target).await;
        if denied.is_ok() || self.deny_later(target) {
            self.delete_stored(target).await;
            self.session_ended(|| SessionEndEvent::of_target(reason, target));
        }
        Ok(denied?)
    }

    /// Ends sessions in this process at once, and in others when the store is available again.
    fn deny_later(&self, target: &LogoutTarget) -> bool {
        let is_kept = self.shared.deny_list.deny_later(target);
        if !is_kept {
            tracing::error!("a user's sessions were not ended: {DENY_LIST_FULL}");
        }
        is_kept
    }

    /// Treats the claims and the cached tokens of these users as outdated, so that their next
    /// request fetches new ones.
    pub(crate) async fn outdate_claims(&self, user_ids: &[String]) -> Result<(), SessionError> {
        let deny_list = &self.shared.deny_list;
        let outdated = deny_list.outdate_claims(user_ids).await;
        if outdated.is_err() && !deny_list.outdate_claims_later(user_ids) {
            tracing::error!("a user's claims were not marked as outdated: {DENY_LIST_FULL}");
        }
        Ok(outdated?)
    }

    /// Ends one session of this app, in a store or in a cookie. The app knows its id from
    /// [`SignInEvent::session_id`](crate::SignInEvent::session_id), or from
    /// [`AuthSession::session`](crate::AuthSession::session).
    ///
    /// This is not the `sid` of the provider's session, which lasts longer and may begin the next
    /// session of this app.
    ///
    /// # Errors
    ///
    /// The same as [`Logto::end_sessions_of`].
    pub async fn end_session(&self, id: SessionId) -> Result<(), SessionError> {
        let deny_list = &self.shared.deny_list;
        let denied = deny_list.deny_session(id).await;
        if denied.is_ok() || deny_list.deny_session_later(id) {
            if let Some(stored) = &self.shared.stored
                && let Err(error) = stored.store().delete(&id).await
            {
                warn_of_remains(&error);
            }
            self.shared.refresher.end(id);
            self.session_ended(|| SessionEndEvent::of_id(SessionEndReason::EndedByApp, id));
        } else {
            tracing::error!("a session goes on: {DENY_LIST_FULL}");
        }
        Ok(denied?)
    }

    /// Ends a session: copies of its cookie stop working, and no response in flight, here or in
    /// another process, can resurrect it.
    pub(crate) async fn forget(&self, id: SessionId) -> Result<(), StoreError> {
        let shared = &self.shared;
        // Even with a store, because a session in a cookie from before there was a store could be
        // migrated again. The deny list comes first, because a concurrent migration checks it after
        // saving.
        let noted = shared.deny_list.deny_session(id).await;
        match &shared.stored {
            Some(stored) => stored.store().delete(&id).await?,
            None if noted.is_err() && !shared.deny_list.deny_session_later(id) => {
                tracing::error!("a session was signed out, but copies of its cookie still work: {DENY_LIST_FULL}");
            }
            None => {}
        }
        shared.refresher.end(id);
        noted
    }

    /// Deletes sessions from the store. The deny list ends those that remain, and those in cookies.
    pub(crate) async fn delete_stored(&self, target: &LogoutTarget) {
        let Some(stored) = &self.shared.stored else { return };
        let store = stored.store();
        let deleted = async {
            match target {
                LogoutTarget::Session { sid, sub } => {
                    store.delete_by_sid(sid).await?;
                    if let Some(sub) = sub {
                        store.delete_by_sub_without_sid(sub).await?;
                    }
                }
                LogoutTarget::User(sub) => {
                    store.delete_by_sub(sub).await?;
                }
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = deleted.await {
            warn_of_remains(&error);
        }
    }

    /// Tells the app that sessions have ended.
    pub(crate) fn session_ended(&self, event: impl FnOnce() -> SessionEndEvent) {
        let event = event();
        count_session(self.shared.store_kind, event.reason().into());
        self.shared.web.config.hooks.session_ended(self.client(), || event);
    }
}

fn warn_of_remains(error: &StoreError) {
    tracing::warn!(
        code = error.code(),
        "sessions that have ended could not be deleted from the store; the deny list has ended them"
    );
}
