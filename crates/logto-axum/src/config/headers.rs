//! The opt-in to security headers.

use crate::config::{WebConfig, security_headers::SecurityHeaders};

impl WebConfig {
    /// Sets the security headers that can break an app. By default there are none, and a debug
    /// build logs a recommendation; [`SecurityHeaders::none`] declines it.
    ///
    /// `X-Content-Type-Options: nosniff`, `Referrer-Policy`, caching rules and the policy of this
    /// crate's own pages do not depend on this setting.
    #[must_use]
    pub fn with_security_headers(mut self, headers: SecurityHeaders) -> Self {
        self.security_headers = Some(headers);
        self
    }

    /// Logs the recommendation of strict headers in a debug build, unless the app has decided.
    pub(crate) fn recommend_security_headers(&self) {
        if cfg!(debug_assertions) && self.security_headers.is_none() {
            tracing::info!(
                code = "security_headers_recommended",
                "pages are sent without a content security policy and HSTS: try `.with_security_headers(\
                 SecurityHeaders::strict())` on the `WebConfig`, and allow what the pages load from elsewhere; \
                 `SecurityHeaders::none()` declines this advice"
            );
        }
    }
}
