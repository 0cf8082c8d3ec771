//! The session's part of the response: its cookies and the content security policy.

use std::sync::Arc;

use http::HeaderValue;
use logto::session::Session;

use crate::{
    error::SessionError,
    headers::csp::ContentSecurityPolicy,
    session::{
        AuthSession,
        inner::{CookieState, Loaded, Usage},
    },
};

/// Whether a response depends on the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DependsOnSession {
    No,
    Yes,
    /// The store was unavailable.
    Unknown,
}

impl AuthSession {
    /// Sets the content security policy of this response, in place of the one that the layer sends;
    /// for a page with inline scripts that carry its nonce. It has no effect once the head was
    /// sent, or if the response sets the header itself.
    ///
    /// ```
    /// # use logto_axum::AuthSession;
    /// fn send_policy(session: &AuthSession, nonce: &str) {
    ///     if let Some(policy) = session.logto().content_security_policy() {
    ///         session.set_content_security_policy(policy, Some(nonce));
    ///     }
    /// }
    /// ```
    pub fn set_content_security_policy(&self, policy: &ContentSecurityPolicy, nonce: Option<&str>) {
        self.lock().policy = Some(policy.to_header(nonce));
    }

    /// Whether the response can still get a content security policy of its own, and has none; for
    /// crates that integrate this one into a framework.
    #[doc(hidden)]
    #[must_use]
    pub fn lacks_content_security_policy(&self) -> bool {
        let inner = self.lock();
        !inner.head_sent && inner.policy.is_none()
    }

    pub(crate) fn take_content_security_policy(&self) -> Option<HeaderValue> {
        self.lock().policy.take()
    }

    /// Refreshes tokens that expire soon, for the layer: this does not make the response depend on
    /// the session.
    pub(crate) async fn renew_before_page(&self) -> Result<(), SessionError> {
        let renewed = self.renew_expiring().await;
        self.lock().usage = Usage::Unused;
        renewed
    }

    /// Writes the session cookies if they have changed. After a `public` response that has not read
    /// the session, the body cannot read it either.
    pub(crate) fn write_back(&self, is_public: bool) -> DependsOnSession {
        let mut inner = self.lock();
        inner.head_sent = true;
        if is_public && inner.usage == Usage::Unused {
            inner.usage = Usage::Forbidden;
        }
        if inner.store_failed {
            return DependsOnSession::Unknown;
        }
        let depends = match inner.usage {
            Usage::Used => DependsOnSession::Yes,
            Usage::Unused | Usage::Forbidden => DependsOnSession::No,
        };
        let Some(loaded) = &inner.loaded else { return depends };
        let (jar, cookies, sent) = (self.jar(), self.cookies(), self.sent_cookies());
        match loaded.cookie {
            CookieState::Current => {}
            CookieState::Awaited => {
                if let Some(session) = self.newer(loaded) {
                    jar.write_session(cookies, &session, sent);
                }
            }
            CookieState::Unwanted => {
                jar.clear_session(cookies, sent);
                self.suppress_silent_sign_in();
            }
            CookieState::Outdated => match self.latest(loaded) {
                Some(session) if self.shared().stored.is_some() => jar.write_id(cookies, &session, sent),
                Some(session) => jar.write_session(cookies, &session, sent),
                // Another request has signed out, and its response has cleared the cookie or
                // written that of the next session.
                None => {}
            },
        }
        depends
    }

    /// The session with changes by other requests: an older version must not replace a newer one in
    /// the browser, and a sign-out must not be undone.
    fn latest(&self, loaded: &Loaded) -> Option<Arc<Session>> {
        self.shared().refresher.latest(Arc::clone(loaded.session.as_ref()?))
    }

    /// The session, if another request or a refresh has changed it.
    fn newer(&self, loaded: &Loaded) -> Option<Arc<Session>> {
        let known = loaded.session.as_ref()?.version();
        self.latest(loaded).filter(|session| session.version() > known)
    }
}
