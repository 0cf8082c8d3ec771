//! One-time tokens, for links with which the browser signs in.

use super::provider::TestProvider;
use crate::provider::{ONE_TIME_TOKEN_LIFETIME, TokenContext};

impl TestProvider {
    /// Creates a one-time token for an email address, as the Management API does. It expires after 10
    /// minutes.
    ///
    /// An authorization request with `one_time_token` and `login_hint` signs the user of the address
    /// in, or registers a new user, as at a Logto server. If another user is signed in, the request
    /// needs `prompt=login` or `prompt=consent`: otherwise the provider ignores the token. Problems of
    /// the token show at the provider and never reach the app.
    ///
    /// ```
    /// # use axum::Router;
    /// # use logto_testing::{Browser, TestProvider};
    /// # async fn in_a_test(app: Router, provider: TestProvider) {
    /// provider.sign_out_browser();
    /// let token = provider.one_time_token("ada@example.com");
    /// let browser = Browser::of(app).with_provider(&provider);
    /// let link = format!("/sign-in?one_time_token={token}&login_hint=ada@example.com");
    /// let question = browser.get(&link).await;
    /// browser.submit(&question.form("/sign-in")).await;
    /// assert_eq!(provider.browser_user().as_deref(), Some("ada"));
    /// # }
    /// ```
    pub fn one_time_token(&self, email: &str) -> String {
        let now = self.provider.now();
        let tokens = &mut self.provider.state().one_time_tokens;
        tokens
            .create(email, ONE_TIME_TOKEN_LIFETIME, TokenContext::default(), now)
            .value
    }

    /// Sets how the user of another session answers a magic link: by switching to the user of the
    /// link, or by staying signed in, as at the start. The token stays unused if the user stays.
    ///
    /// Without effect at an [interactive](crate::TestProviderBuilder::interactive) provider, which
    /// asks on a page.
    pub fn set_switches_account(&self, switches: bool) {
        self.provider.state().switches_account = switches;
    }
}
