//! What the provider's handle and its routes share.

use std::sync::{Mutex, MutexGuard};

use crate::{
    browser::AuthorizationRequest, clock::TestClock, config::Config, faults::FaultBoard, gate::Gates, grants::Grants,
    keys::KeyRing, log::RequestLog, user::User,
};

pub(crate) struct Shared {
    pub(crate) config: Config,
    /// Scheme, host and port.
    pub(crate) endpoint: String,
    pub(crate) clock: TestClock,
    pub(crate) keys: KeyRing,
    pub(crate) faults: FaultBoard,
    pub(crate) log: RequestLog,
    pub(crate) gates: Gates,
    state: Mutex<State>,
}

/// What changes while it runs.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) users: Vec<User>,
    /// There is one browser, and this is its session.
    pub(crate) browser: Option<BrowserSession>,
    pub(crate) grants: Grants,
    pub(crate) last_authorization: Option<AuthorizationRequest>,
    /// The sign-out that waits for its form, if one does.
    pub(crate) logout: Option<PendingLogout>,
}

#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    pub(crate) sid: String,
    pub(crate) user_id: String,
    pub(crate) authenticated_at: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct PendingLogout {
    pub(crate) xsrf: String,
    /// With `state`, when one came.
    pub(crate) return_to: Option<String>,
}

impl Shared {
    pub(crate) fn new(config: Config, endpoint: String, users: Vec<User>, clock: TestClock) -> Self {
        Self {
            keys: KeyRing::new(config.algorithm),
            config,
            endpoint,
            clock,
            faults: FaultBoard::default(),
            log: RequestLog::default(),
            gates: Gates::default(),
            state: Mutex::new(State {
                users,
                ..State::default()
            }),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}/oidc", self.public_endpoint())
    }

    /// The address that users see.
    pub(crate) fn public_endpoint(&self) -> &str {
        self.config.public_endpoint.as_ref().unwrap_or(&self.endpoint)
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }
}

impl State {
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A user who may get tokens.
    pub(crate) fn active_user(&self, id: &str) -> Option<&User> {
        self.user(id).filter(|user| !user.suspended)
    }

    /// By username or id, for the test's own calls.
    pub(crate) fn named(&mut self, name: &str) -> &mut User {
        let found = self
            .users
            .iter_mut()
            .find(|user| user.username == name || user.id == name);
        found.unwrap_or_else(|| panic!("the provider has no user {name}"))
    }
}
