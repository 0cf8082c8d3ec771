//! The addresses that have to be registered at the provider, and its answers about them.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future;
use logto::Registration;

use super::check::{MAX_WAIT, with_a_host};
use crate::logto::Logto;

/// Pause between two checks that pages cause.
const PAUSE: Duration = Duration::from_secs(5);

/// An address of the app to register in the Logto console, and whether the provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressToRegister {
    purpose: AddressPurpose,
    address: String,
    registration: Registration,
}

impl AddressToRegister {
    /// Returns the field of the Logto console that the address belongs to.
    #[must_use]
    pub const fn purpose(&self) -> AddressPurpose {
        self.purpose
    }

    /// Returns the address, exactly as it has to be registered.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns whether the provider knows the address, according to its last answer.
    ///
    /// `Undecided` until the provider has answered, while it is unavailable, and for a back-channel
    /// logout URI, because no request can find that out.
    #[must_use]
    pub const fn registration(&self) -> Registration {
        self.registration
    }
}

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

    fn get(&self, purpose: AddressPurpose, address: &str) -> Registration {
        let known = self.lock();
        let answer = known.answers.get(&(purpose, address.to_owned()));
        answer.copied().unwrap_or(Registration::Undecided)
    }

    /// Whether a page may ask now. The next one may after a pause.
    fn may_ask(&self, now: Duration) -> bool {
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

impl Logto {
    /// Returns the addresses to register in the Logto console, and whether the provider knows them,
    /// for a page that shows this to the developer.
    ///
    /// It checks the set-up at most once in five seconds, and waits at most two seconds for the
    /// provider. Other calls return its last answers. If the provider is unavailable,
    /// [`Logto::set_up_findings`] contains the reason afterwards.
    ///
    /// ```no_run
    /// # async fn example(logto: logto_axum::Logto) {
    /// use logto_axum::Registration;
    ///
    /// for address in logto.addresses_to_register().await {
    ///     let is_registered = address.registration() == Registration::Registered;
    ///     println!("{} is registered: {is_registered}", address.address());
    /// }
    /// # }
    /// ```
    pub async fn addresses_to_register(&self) -> Vec<AddressToRegister> {
        let clock = self.client().clock();
        if self.shared.answers.may_ask(clock.since_epoch()) {
            let check = pin!(self.check());
            future::select(check, clock.sleep(MAX_WAIT)).await;
        }
        let paths = self.shared.web.paths();
        let paths = [
            (AddressPurpose::SignIn, &paths.callback),
            (AddressPurpose::SignOut, &paths.after_sign_out),
            (AddressPurpose::BackchannelLogout, &paths.backchannel_logout),
        ];
        let addresses = self.shared.sites.addresses().flat_map(|site| {
            paths.map(|(purpose, path)| {
                let address = site.absolute(path);
                let registration = self.shared.answers.get(purpose, &with_a_host(&address));
                AddressToRegister {
                    purpose,
                    address,
                    registration,
                }
            })
        });
        addresses.collect()
    }
}
