//! The Account API, and the sessions that users see there.

use super::provider::TestProvider;
use crate::{
    config::AccountField,
    provider::{BrowserSession, Proof, Visit},
};

impl TestProvider {
    /// Switches the Account API on or off. It is on at the start; at a new Logto tenant it is off,
    /// and every call answers `account_center.not_enabled`.
    pub fn set_account_center(&self, enabled: bool) {
        self.provider.state().account_center.enabled = enabled;
    }

    /// Sets what users may do with a field of their account: `name`, `avatar`, `profile`,
    /// `username`, `email`, `phone`, `password`, `social`, `customData`, `mfa` or `session`. At the
    /// start, all can be changed.
    pub fn set_account_field(&self, name: &str, field: AccountField) {
        self.provider.state().account_center.set_field(name, field);
    }

    /// Signs a user in at the provider with another browser, and returns the id of that session, as
    /// the list of the user's sessions shows it.
    pub fn sign_in_elsewhere(&self, name: &str) -> String {
        let now = self.provider.now();
        let mut state = self.provider.state();
        let user_id = state.named(name).id.clone();
        let session = BrowserSession::new(user_id, now, Some("Another browser".to_owned()));
        let uid = session.uid.clone();
        let visit = Visit {
            session,
            consented: true,
        };
        state.visits.start_session(visit, now);
        uid
    }

    /// Adds a verification record of a user that is `age` seconds old, and returns its id. Records
    /// are valid for 600 seconds.
    pub fn add_verification(&self, name: &str, age: u64) -> String {
        let now = self.provider.now();
        let mut state = self.provider.state();
        let user_id = state.named(name).id.clone();
        state.verifications.add(Some(user_id), Proof::Password, now, age)
    }

    /// The code that the Account API has sent to an email address or phone number, until it is used.
    /// No message is sent.
    ///
    /// ```
    /// # use logto_testing::TestProvider;
    /// # async fn in_a_test(provider: TestProvider) {
    /// // The app has called `send_code`, and its page asks for the code.
    /// let code = provider.verification_code("new@example.com").expect("a code was sent");
    /// # }
    /// ```
    pub fn verification_code(&self, identifier: &str) -> Option<String> {
        self.provider.verification_code(identifier)
    }

    /// Sets whether the tenant can send emails and text messages, as at the start. If not, a call that
    /// sends a code answers `connector.not_found`.
    pub fn set_message_connectors(&self, exist: bool) {
        self.provider.state().account_center.message_connectors = exist;
    }
}
