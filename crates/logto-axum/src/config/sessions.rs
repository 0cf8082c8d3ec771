//! Sessions: lifetimes, store and deny list.

use std::{sync::Arc, time::Duration};

use logto::session::{Lifetimes, store::SessionStore};

use crate::config::WebConfig;

impl WebConfig {
    /// Sets the idle and the absolute lifetime of sessions.
    #[must_use]
    pub fn with_lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.lifetimes = lifetimes;
        self
    }

    /// Sets the store that keeps the sessions. By default they are sealed in the browser's cookies.
    #[doc(alias = "sessionWrapper")]
    #[must_use]
    pub fn with_store(self, store: impl SessionStore) -> Self {
        self.with_shared_store(Arc::new(store))
    }

    /// Sets the store that keeps the sessions, as [`WebConfig::with_store`] does: one that is
    /// shared, or that [`store::open`](logto::session::store::open) has opened.
    #[must_use]
    pub fn with_shared_store(mut self, store: Arc<dyn SessionStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Sets the store that keeps the deny list: which sessions in cookies have ended, by sign-out
    /// or at the provider, and which sign-ins were finished.
    ///
    /// By default it is in the memory of this process. Apps with several processes need a shared
    /// store; each request that uses the session then reads the list once, and one process at a time
    /// refreshes a session. Has no effect with [`WebConfig::with_store`], because that store also
    /// keeps the deny list.
    #[must_use]
    pub fn with_deny_list(self, store: impl SessionStore) -> Self {
        self.with_shared_deny_list(Arc::new(store))
    }

    /// Sets the store that keeps the deny list, as [`WebConfig::with_deny_list`] does: one that is
    /// shared, or that [`store::open`](logto::session::store::open) has opened.
    #[must_use]
    pub fn with_shared_deny_list(mut self, store: Arc<dyn SessionStore>) -> Self {
        self.deny_list = Some(store);
        self
    }

    /// Sets how often expired sessions are removed from the store, or expired entries from the deny
    /// list. Ten minutes by default; the first request starts it.
    ///
    /// Zero switches it off, for an app that calls
    /// [`store::sweep`](logto::session::store::sweep) itself. Redis needs no sweeping.
    #[must_use]
    pub fn with_sweep_interval(mut self, interval: Duration) -> Self {
        self.sweep_interval = interval;
        self
    }

    /// Sets how long before its expiry a token is refreshed when a page is opened, in **seconds**.
    /// 30 by default; 0 switches it off.
    ///
    /// Rendering a page then seldom has to wait for a refresh. While the old token is valid, the
    /// page waits for the new one at most a second; a later response then saves it.
    #[must_use]
    pub fn with_refresh_before(mut self, seconds: u64) -> Self {
        self.refresh_before = seconds;
        self
    }

    /// Sets whether a token for an API resource is requested in the active organization, if there is
    /// one and the request names no organization. `false` by default.
    ///
    /// [`TokenTarget::without_active_organization`](crate::TokenTarget::without_active_organization)
    /// is the exception for one request. Requirements are not affected: [`scope`](crate::scope) is
    /// checked with a token that names no organization.
    ///
    /// It is opt-in, because the two tokens have the same audience, and users choose the active
    /// organization of their session: it may be one of their own. An API that checks scopes alone
    /// would accept a permission in that organization for the whole app. Switch it on if each API
    /// reads the organization from the token, with
    /// [`AccessTokenRules::resource_in_any_organization`](crate::AccessTokenRules::resource_in_any_organization),
    /// and keeps the data of organizations apart.
    ///
    /// ```
    /// # use logto_axum::WebConfig;
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_active_organization_by_default(true)
    /// # }
    /// ```
    #[must_use]
    pub fn with_active_organization_by_default(mut self, by_default: bool) -> Self {
        self.active_organization_by_default = by_default;
        self
    }

    /// Sets whether visitors who are signed in at the provider are signed in without a page of the
    /// provider (`prompt=none`). `false` by default.
    ///
    /// It happens once per browser session, when a visitor without a session opens a page: the
    /// browser goes to the provider and back to the page. Otherwise the visitor stays signed out,
    /// and sees no error: if they are not signed in there (`login_required`), or have not used this
    /// app before (`consent_required`). After a sign-out, or after the session has ended in another
    /// way, it does not happen until the browser is closed.
    ///
    /// Logto issues no refresh token to a silent sign-in, unless the application's settings say
    /// "always": the session then has only the tokens of the sign-in.
    ///
    /// If the provider's metadata is cached but the provider does not answer, the first page of a
    /// browser session ends at the browser's own error page. Programs, search engines and clients without cookies are not sent
    /// to the provider.
    ///
    /// ```
    /// # use logto_axum::WebConfig;
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_silent_sign_in(true)
    /// # }
    /// ```
    #[must_use]
    pub fn with_silent_sign_in(mut self, silent: bool) -> Self {
        self.silent_sign_in = silent;
        self
    }

    /// The lifetimes of sessions.
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        self.lifetimes
    }

    /// The store that keeps the sessions; `None` if they are in cookies.
    #[must_use]
    pub fn store(&self) -> Option<&Arc<dyn SessionStore>> {
        self.store.as_ref()
    }

    /// The store that keeps the deny list, if one was set.
    #[must_use]
    pub fn deny_list(&self) -> Option<&Arc<dyn SessionStore>> {
        self.deny_list.as_ref()
    }
}
