//! Sessions have ended, and the reason.

use std::{fmt, sync::Arc};

use logto::{
    LogoutTarget,
    session::{Session, SessionId},
};

/// The reason why sessions have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionEndReason {
    /// The user signed out of this app.
    SignOut,
    /// Another sign-in in the same browser replaced the session.
    Replaced,
    /// The provider reported a logout (OIDC Back-Channel Logout).
    BackChannelLogout,
    /// A refresh has shown that the grant has ended at the provider: it expired, it was revoked, or
    /// the user was suspended. The user has to sign in again.
    Revoked,
    /// A webhook of Logto reported that the user was deleted or suspended, or has left an
    /// organization, see [`WebhookConfig`](crate::WebhookConfig).
    Webhook,
    /// The app ended the sessions, with [`Logto::end_sessions_of`](crate::Logto::end_sessions_of),
    /// [`Logto::end_sessions_of_provider_session`](crate::Logto::end_sessions_of_provider_session)
    /// or [`Logto::end_session`](crate::Logto::end_session).
    EndedByApp,
}

/// Sessions that have ended: one session, or all sessions of a user or of a browser at the
/// provider. Each of the names is known for some reasons only. The `Debug` output has no tokens and
/// no claims.
#[derive(Clone)]
pub struct SessionEndEvent {
    reason: SessionEndReason,
    user_id: Option<String>,
    provider_session_id: Option<String>,
    session_id: Option<SessionId>,
    session: Option<Arc<Session>>,
}

impl SessionEndEvent {
    pub(crate) fn of_session(reason: SessionEndReason, session: Arc<Session>) -> Self {
        let claims = session.id_token().claims();
        Self {
            reason,
            user_id: Some(claims.sub.clone()),
            provider_session_id: claims.sid.clone(),
            session_id: Some(session.id()),
            session: Some(session),
        }
    }

    pub(crate) fn of_id(reason: SessionEndReason, id: SessionId) -> Self {
        Self {
            reason,
            user_id: None,
            provider_session_id: None,
            session_id: Some(id),
            session: None,
        }
    }

    pub(crate) fn of_target(reason: SessionEndReason, target: &LogoutTarget) -> Self {
        let (user_id, provider_session_id) = match target {
            LogoutTarget::Session { sid, sub } => (sub.clone(), Some(sid.clone())),
            LogoutTarget::User(sub) => (Some(sub.clone()), None),
        };
        Self {
            reason,
            user_id,
            provider_session_id,
            session_id: None,
            session: None,
        }
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> SessionEndReason {
        self.reason
    }

    /// Returns the id of the user, if it is known. Without a
    /// [`provider_session_id`](Self::provider_session_id) and a [`session_id`](Self::session_id),
    /// all sessions of the user have ended.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// Returns the id of the session at the provider (`sid`), if it is known.
    #[must_use]
    pub fn provider_session_id(&self) -> Option<&str> {
        self.provider_session_id.as_deref()
    }

    /// Returns the id of the session, if a single one has ended and it is known.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        self.session_id
    }

    /// Returns the session with its claims and its app data, if it is at hand.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_deref()
    }
}

impl fmt::Debug for SessionEndEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEndEvent")
            .field("reason", &self.reason)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}
