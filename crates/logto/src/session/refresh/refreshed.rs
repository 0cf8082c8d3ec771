//! The answer of a refresher.

use std::sync::Arc;

use crate::{error::TokenError, session::Session, token::AccessToken};

/// A token, and the session after it was requested.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a session that is newer than the cookie has to be saved"]
pub struct Refreshed {
    /// The current session: the caller's, or a newer one that has to be saved. `None` if the
    /// session was signed out.
    pub session: Option<Arc<Session>>,
    /// The token.
    pub token: Result<AccessToken, TokenError>,
    /// Whether the token comes from a refresh rather than from the caller's session.
    pub refreshed: bool,
}

impl Refreshed {
    /// No refresh: the session did not change.
    pub(super) fn unchanged(session: Arc<Session>, token: Result<AccessToken, TokenError>) -> Self {
        Self {
            session: Some(session),
            token,
            refreshed: false,
        }
    }

    /// The session was signed out.
    pub(super) fn signed_out() -> Self {
        Self {
            session: None,
            token: Err(TokenError::NoRefreshToken),
            refreshed: false,
        }
    }
}
