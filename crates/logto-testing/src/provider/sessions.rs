//! The session of a browser, and its end.

use serde::{Deserialize, Serialize};

use super::authentication::Authentication;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct BrowserSession {
    pub(crate) sid: String,
    pub(crate) user_id: String,
    pub(crate) authenticated_at: u64,
    #[serde(default)]
    pub(crate) authentication: Authentication,
}

#[derive(Clone, Debug)]
pub(crate) struct PendingLogout {
    pub(crate) xsrf: String,
    /// The client's URI, with the parameter `state` if the request had one.
    pub(crate) return_to: Option<String>,
}
