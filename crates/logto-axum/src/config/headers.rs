//! The security headers.

use crate::{config::WebConfig, headers::csp::ContentSecurityPolicy};

impl WebConfig {
    /// Sets the content security policy that the layer sends with pages. By default
    /// [`ContentSecurityPolicy::default`].
    ///
    /// The layer adds the origin of Logto's `endpoint` to `form-action`. If a sign-in redirects on
    /// to other origins, add those to
    /// [`CspDirective::FormAction`](crate::CspDirective::FormAction). A page that sends a policy
    /// itself keeps it. The pages of this crate have a stricter policy, with the same
    /// `form-action`.
    #[must_use]
    pub fn with_content_security_policy(mut self, policy: ContentSecurityPolicy) -> Self {
        self.content_security_policy = Some(policy);
        self
    }

    /// Sends no content security policy, except with the pages of this crate.
    #[must_use]
    pub fn without_content_security_policy(mut self) -> Self {
        self.content_security_policy = None;
        self
    }

    /// Sets how long browsers insist on https after a visit, in **seconds**. A year by default, for
    /// this host only; 0 tells browsers to forget it.
    ///
    /// It is sent as `Strict-Transport-Security` (RFC 6797 §6.1.1), unless a base URL is http or on
    /// this machine.
    #[must_use]
    pub fn with_hsts_max_age(mut self, seconds: u64) -> Self {
        self.hsts_max_age = Some(seconds);
        self
    }

    /// Sends no `Strict-Transport-Security`.
    #[must_use]
    pub fn without_hsts(mut self) -> Self {
        self.hsts_max_age = None;
        self
    }
}
