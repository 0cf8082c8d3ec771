//! State that requests change.

use std::collections::HashMap;

use super::{
    account_data::AccountData,
    delegation::Delegation,
    grants::Grants,
    one_time_tokens::OneTimeTokens,
    organizations::Organizations,
    sessions::{BrowserSession, PendingLogout},
    verifications::Verifications,
    visits::Visits,
};
use crate::{
    config::{AccountCenter, User},
    requests::AuthorizationRequest,
};

#[derive(Default)]
pub(crate) struct ProviderState {
    pub(crate) users: Vec<User>,
    /// The session of the only browser, if the provider shows no pages.
    pub(crate) browser: Option<BrowserSession>,
    pub(crate) grants: Grants,
    pub(crate) delegation: Delegation,
    pub(crate) organizations: Organizations,
    pub(crate) one_time_tokens: OneTimeTokens,
    /// Whether the user of the only browser switches accounts for the magic link of another user.
    pub(crate) switches_account: bool,
    pub(crate) last_authorization: Option<AuthorizationRequest>,
    /// A sign-out whose form the browser has not submitted.
    pub(crate) logout: Option<PendingLogout>,
    /// The browsers that see pages.
    pub(crate) visits: Visits,
    pub(crate) account_center: AccountCenter,
    /// The proofs for the Account API.
    pub(crate) verifications: Verifications,
    /// By the id of the user.
    pub(super) account_data: HashMap<String, AccountData>,
}

impl ProviderState {
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The sessions of a user in all browsers, the latest first.
    pub(crate) fn sessions_of(&self, user_id: &str, now: u64) -> impl Iterator<Item = &BrowserSession> {
        let all = self.browser.iter().chain(self.visits.live(now));
        let mut own: Vec<_> = all.filter(|session| session.user_id == user_id).collect();
        own.sort_by(|a, b| (b.authenticated_at, &b.uid).cmp(&(a.authenticated_at, &a.uid)));
        own.into_iter()
    }

    /// The session with this id in the list of sessions, of any user.
    pub(crate) fn session(&self, uid: &str, now: u64) -> Option<&BrowserSession> {
        let mut all = self.browser.iter().chain(self.visits.live(now));
        all.find(|session| session.uid == uid)
    }

    /// The data that a user has added with the Account API.
    pub(crate) fn account_data(&mut self, user_id: &str) -> &mut AccountData {
        self.account_data.entry(user_id.to_owned()).or_default()
    }

    /// Ends the session with this `sid`. Its grants stay.
    pub(crate) fn end_session(&mut self, sid: &str) {
        self.browser.take_if(|session| session.sid == sid);
        self.visits.end_sessions_with(sid);
    }

    /// Ends all sessions and grants of a user.
    pub(crate) fn sign_out(&mut self, user_id: &str) {
        self.browser.take_if(|session| session.user_id == user_id);
        self.visits.end_sessions_of(user_id);
        self.grants.revoke_where(|grant| grant.user_id == user_id);
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
