//! A user has signed out.

use std::{fmt, sync::Arc};

use logto::{IdTokenClaims, session::Session};

/// A user who has signed out. The `Debug` output has no tokens and no claims.
#[derive(Clone)]
pub struct SignOutEvent {
    session: Arc<Session>,
}

impl SignOutEvent {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }

    /// Returns the id of the user: the claim `sub`.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.claims().sub
    }

    /// Returns the claims of the last ID token.
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        self.session.id_token().claims()
    }

    /// Returns the session that has ended, with its app data and its tokens. The refresh token has
    /// been revoked, unless the provider is unavailable.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }
}

impl fmt::Debug for SignOutEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignOutEvent")
            .field("user_id", &self.user_id())
            .finish_non_exhaustive()
    }
}
