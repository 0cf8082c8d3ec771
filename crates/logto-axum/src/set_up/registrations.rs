//! The addresses that have to be registered at the provider.

use futures_util::future::{self, Either};
use logto::Registration;

use super::{
    answers::AddressPurpose,
    check::{MAX_WAIT, with_a_host},
};
use crate::logto::Logto;

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

impl Logto {
    /// Returns the addresses to register in the Logto console, and whether the provider knows them,
    /// for a page that shows this to the developer.
    ///
    /// It starts a check of the set-up at most once in five seconds, and waits at most two seconds
    /// for the check in flight, which then continues for the next call. Other calls return the last
    /// answers. An address without an answer is [`Undecided`](Registration::Undecided);
    /// [`Logto::set_up_findings`] contains the reason only if the provider's metadata could not be
    /// fetched.
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
        let (clock, answers) = (self.client().clock(), &self.shared.answers);
        if let Some(check) = self.join_check_or(|| answers.may_ask(clock.since_epoch()))
            && let Either::Right(_) = future::select(check, clock.sleep(MAX_WAIT)).await
        {
            answers.forget_unanswered();
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
                let registration = answers.get(purpose, &with_a_host(&address));
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
