//! The session of a browser, and its end.

use serde::{Deserialize, Serialize};

use super::authentication::Authentication;
use crate::random;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct BrowserSession {
    /// The id in the list of the user's sessions.
    #[serde(default = "random::id")]
    pub(crate) uid: String,
    /// The id in tokens.
    pub(crate) sid: String,
    pub(crate) user_id: String,
    pub(crate) authenticated_at: u64,
    #[serde(default)]
    pub(crate) authentication: Authentication,
    #[serde(default)]
    pub(crate) user_agent: Option<String>,
}

impl BrowserSession {
    /// The session of a user who signs in now.
    pub(crate) fn new(user_id: String, now: u64, user_agent: Option<String>) -> Self {
        Self {
            uid: random::id(),
            sid: random::id(),
            user_id,
            authenticated_at: now,
            authentication: Authentication::default(),
            user_agent,
        }
    }

    #[must_use]
    pub(crate) fn with_authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Continues the browser's earlier session if that has the same user.
    #[must_use]
    pub(crate) fn after(mut self, earlier: Option<Self>) -> Self {
        if let Some(earlier) = earlier.filter(|earlier| earlier.user_id == self.user_id) {
            (self.uid, self.sid) = (earlier.uid, earlier.sid);
        }
        self
    }
}

#[derive(Clone, Debug)]
pub(crate) struct PendingLogout {
    pub(crate) xsrf: String,
    /// The client's URI, with the parameter `state` if the request had one.
    pub(crate) return_to: Option<String>,
}
