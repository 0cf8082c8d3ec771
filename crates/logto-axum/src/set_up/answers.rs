//! The provider's last answers about the addresses of the app.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use logto::Registration;

/// Pause between two checks that pages cause.
const PAUSE: Duration = Duration::from_secs(5);

/// The purpose of an address that has to be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AddressPurpose {
    /// Users return to it after they have signed in: the redirect URI.
    SignIn,
    /// Users return to it after they have signed out: the post sign-out redirect URI.
    SignOut,
    /// Logto reports logouts to it: the back-channel logout URI.
    BackchannelLogout,
}

/// The provider's last answers.
#[derive(Default)]
pub(crate) struct Answers(Mutex<Known>);

#[derive(Default)]
struct Known {
    answers: BTreeMap<(AddressPurpose, String), Registration>,
    /// Time of the last check that a page caused, since the Unix epoch.
    asked: Option<Duration>,
}

impl Answers {
    pub(super) fn set(&self, purpose: AddressPurpose, address: &str, registration: Registration) {
        self.lock().answers.insert((purpose, address.to_owned()), registration);
    }

    /// Forgets the answers of a provider that is unavailable.
    pub(super) fn clear(&self) {
        self.lock().answers.clear();
    }

    pub(super) fn get(&self, purpose: AddressPurpose, address: &str) -> Registration {
        let known = self.lock();
        let answer = known.answers.get(&(purpose, address.to_owned()));
        answer.copied().unwrap_or(Registration::Undecided)
    }

    /// Whether a page may ask now. The next one may after a pause.
    pub(super) fn may_ask(&self, now: Duration) -> bool {
        let mut known = self.lock();
        let may_ask = known.asked.is_none_or(|asked| now.abs_diff(asked) >= PAUSE);
        if may_ask {
            known.asked = Some(now);
        }
        may_ask
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
