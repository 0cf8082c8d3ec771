//! Sessions, unfinished sign-ins and unfinished sign-outs of the browsers that see pages.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::sessions::{BrowserSession, PendingLogout};
use crate::{random, requests::Params};

/// Seconds in which a sign-in has to be finished, as at a Logto server.
const INTERACTION_LIFETIME: u64 = 3600;
/// Seconds from the last authentication to the end of a browser's session: 14 days, as at a Logto
/// server.
pub(crate) const SESSION_LIFETIME: u64 = 14 * 86_400;

/// The browsers that see pages.
#[derive(Debug, Default)]
pub(crate) struct Visits {
    /// By the value of the session cookie.
    sessions: HashMap<String, Visit>,
    /// By the id in the address of the pages.
    interactions: HashMap<String, Interaction>,
    /// By the CSRF token of the form, each with the browser that was shown the form.
    logouts: HashMap<String, (String, PendingLogout)>,
}

/// A browser's session.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Visit {
    pub(crate) session: BrowserSession,
    /// Whether the user has consented in this session.
    pub(crate) consented: bool,
}

/// An authorization request whose user has to answer a page.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) params: Params,
    /// The value of the browser's cookie: another browser cannot continue.
    pub(crate) browser: String,
    /// The value of the session cookie after the user signed in for this request.
    pub(crate) signed_in: Option<String>,
    /// The username of a signed-in user who has to authenticate again.
    pub(crate) pinned: Option<String>,
    /// Why the magic link of this request cannot be used, for the sign-in page.
    pub(crate) problem: Option<String>,
    /// Whether the user stays signed in, although the magic link is for another user.
    pub(crate) stays: bool,
    /// Whether the user consented to this request.
    pub(crate) consented: bool,
    pub(crate) started_at: u64,
}

impl Visits {
    /// Sessions that have not expired, for a file.
    pub(crate) fn sessions(&self, now: u64) -> HashMap<String, Visit> {
        let live = self.sessions.iter().filter(|(_, visit)| visit.is_live(now));
        live.map(|(cookie, visit)| (cookie.clone(), visit.clone())).collect()
    }

    /// Adds sessions from a file.
    pub(crate) fn restore(&mut self, sessions: HashMap<String, Visit>) {
        self.sessions.extend(sessions);
    }

    pub(crate) fn session(&mut self, cookie: &str, now: u64) -> Option<&mut Visit> {
        self.sessions.get_mut(cookie).filter(|visit| visit.is_live(now))
    }

    /// Starts a session and returns the value of its cookie.
    pub(crate) fn start_session(&mut self, visit: Visit, now: u64) -> String {
        self.sessions.retain(|_, visit| visit.is_live(now));
        let cookie = random::opaque();
        self.sessions.insert(cookie.clone(), visit);
        cookie
    }

    /// The sessions that have not expired.
    pub(crate) fn live(&self, now: u64) -> impl Iterator<Item = &BrowserSession> {
        let live = self.sessions.values().filter(move |visit| visit.is_live(now));
        live.map(|visit| &visit.session)
    }

    pub(crate) fn end_sessions_with(&mut self, sid: &str) {
        self.sessions.retain(|_, visit| visit.session.sid != sid);
    }

    pub(crate) fn end_sessions_of(&mut self, user_id: &str) {
        self.sessions.retain(|_, visit| visit.session.user_id != user_id);
    }

    pub(crate) fn end_session(&mut self, cookie: &str) -> Option<Visit> {
        self.sessions.remove(cookie)
    }

    /// Keeps a request until the user has answered, and returns its id.
    pub(crate) fn ask(&mut self, interaction: Interaction) -> String {
        let now = interaction.started_at;
        self.interactions.retain(|_, interaction| interaction.is_live(now));
        let id = random::opaque();
        self.interactions.insert(id.clone(), interaction);
        id
    }

    /// The request with this id, if `browser` started it.
    pub(crate) fn interaction(&self, id: &str, browser: Option<&str>, now: u64) -> Option<&Interaction> {
        let is_own = |interaction: &&Interaction| Some(interaction.browser.as_str()) == browser;
        let interaction = self.interactions.get(id).filter(is_own);
        interaction.filter(|interaction| interaction.is_live(now))
    }

    pub(crate) fn take_interaction(&mut self, id: &str, browser: Option<&str>, now: u64) -> Option<Interaction> {
        self.interaction(id, browser, now)?;
        self.interactions.remove(id)
    }

    /// Keeps a sign-out until the form is submitted.
    pub(crate) fn ask_to_sign_out(&mut self, browser: &str, logout: PendingLogout) {
        self.logouts.retain(|_, (other, _)| other != browser);
        self.logouts.insert(logout.xsrf.clone(), (browser.to_owned(), logout));
    }

    pub(crate) fn take_logout(&mut self, xsrf: &str, browser: Option<&str>) -> Option<PendingLogout> {
        let is_own = self
            .logouts
            .get(xsrf)
            .is_some_and(|(owner, _)| Some(owner.as_str()) == browser);
        if is_own {
            self.logouts.remove(xsrf).map(|(_, logout)| logout)
        } else {
            None
        }
    }
}

impl Visit {
    fn is_live(&self, now: u64) -> bool {
        self.session.authenticated_at + SESSION_LIFETIME > now
    }
}

impl Interaction {
    fn is_live(&self, now: u64) -> bool {
        self.started_at + INTERACTION_LIFETIME > now
    }
}
