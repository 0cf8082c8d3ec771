//! State that requests change.

use super::{
    grants::Grants,
    sessions::{BrowserSession, PendingLogout},
    visits::Visits,
};
use crate::{config::User, requests::AuthorizationRequest};

#[derive(Default)]
pub(crate) struct ProviderState {
    pub(crate) users: Vec<User>,
    /// The session of the only browser, if the provider shows no pages.
    pub(crate) browser: Option<BrowserSession>,
    pub(crate) grants: Grants,
    pub(crate) last_authorization: Option<AuthorizationRequest>,
    /// A sign-out whose form the browser has not submitted.
    pub(crate) logout: Option<PendingLogout>,
    /// The browsers that see pages.
    pub(crate) visits: Visits,
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
