//! State that requests change.

use serde::{Deserialize, Serialize};

use super::grants::Grants;
use crate::{config::User, interactive::Visits, requests::AuthorizationRequest};

#[derive(Default)]
pub(crate) struct ProviderState {
    pub(crate) users: Vec<User>,
    /// The session of the only browser, if the provider shows no pages.
    pub(crate) browser: Option<BrowserSession>,
    pub(crate) grants: Grants,
    pub(crate) last_authorization: Option<AuthorizationRequest>,
    /// A sign-out of that browser whose form is not submitted yet.
    pub(crate) logout: Option<PendingLogout>,
    /// The browsers that see pages.
    pub(crate) visits: Visits,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct BrowserSession {
    pub(crate) sid: String,
    pub(crate) user_id: String,
    pub(crate) authenticated_at: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct PendingLogout {
    pub(crate) xsrf: String,
    /// The client's URI, with the parameter `state` if the request had one.
    pub(crate) return_to: Option<String>,
}

impl ProviderState {
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A user who is not suspended.
    pub(crate) fn active_user(&self, id: &str) -> Option<&User> {
        self.user(id).filter(|user| !user.suspended)
    }

    /// The user with this username or id. Panics if there is none: the test named a wrong one.
    pub(crate) fn named(&mut self, name: &str) -> &mut User {
        let found = self
            .users
            .iter_mut()
            .find(|user| user.username == name || user.id == name);
        found.unwrap_or_else(|| panic!("the provider has no user {name}"))
    }
}
