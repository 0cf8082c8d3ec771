//! The provider's last answers about the addresses of the app.

use std::{
    collections::{BTreeMap, BTreeSet},
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

type Question = (AddressPurpose, String);

#[derive(Default)]
struct Known {
    answers: BTreeMap<Question, Registration>,
    /// The questions of the check in flight that the provider has not answered.
    open: BTreeSet<Question>,
    /// Time of the last check that a page caused, since the Unix epoch.
    asked: Option<Duration>,
}

impl Answers {
    /// Begins a check that asks these questions. The answers of the last check stay for now.
    pub(super) fn begin(&self, questions: impl Iterator<Item = Question>) {
        self.lock().open = questions.collect();
    }

    pub(super) fn set(&self, purpose: AddressPurpose, address: &str, registration: Registration) {
        let (mut known, question) = (self.lock(), (purpose, address.to_owned()));
        known.open.remove(&question);
        known.answers.insert(question, registration);
    }

    /// Forgets earlier answers to the questions that are still open, because they may be outdated.
    pub(super) fn forget_unanswered(&self) {
        let Known { answers, open, .. } = &mut *self.lock();
        answers.retain(|question, _| !open.contains(question));
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
