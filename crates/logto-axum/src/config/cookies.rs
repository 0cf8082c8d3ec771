//! The cookies: secrets, attributes and size.

use logto::SecretString;

use crate::config::WebConfig;

impl WebConfig {
    /// Sets the secrets that seal the cookies, at least 32 bytes each: the first seals, all open.
    ///
    /// Rotate in two phases, so that every process can open every cookie: add the new secret at the
    /// end of the list on every process, then move it to the front. Remove the old one once
    /// [`Lifetimes::absolute`](crate::Lifetimes::absolute) has passed.
    #[doc(alias = "cookieSecret")]
    #[must_use]
    pub fn with_cookie_secrets(mut self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        self.cookie_secrets = secrets.into_iter().collect();
        self
    }

    /// Sets whether cookies are `Secure`. By default they are if the base URL is https.
    ///
    /// Set to `false` only for local development behind a TLS proxy.
    #[doc(alias = "cookieSecure")]
    #[must_use]
    pub fn with_cookie_secure(mut self, secure: bool) -> Self {
        self.cookie_secure = Some(secure);
        self
    }

    /// Sets the size limit of a session's `Set-Cookie` headers, in **bytes**, names and attributes
    /// included. 2,750 by default. No effect with a store.
    ///
    /// The default keeps the response head within nginx's default `proxy_buffer_size` of 4 kB.
    /// Above the limit, the least recently used access tokens are dropped, and fetched again when
    /// needed. A session that exceeds the limit even without access tokens may take up to 4,600
    /// bytes: set `proxy_buffer_size 8k` in nginx, and raise this limit to 4,600 so that its access
    /// tokens are kept.
    #[must_use]
    pub fn with_cookie_budget(mut self, bytes: usize) -> Self {
        self.cookie_budget = bytes;
        self
    }

    /// Sets the `cookieSecret` of a Next.js app that this app replaces: session cookies of its SDK
    /// are read, and rewritten in this crate's format.
    #[must_use]
    pub fn with_next_js_cookie_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.next_js_cookie_secret = Some(secret.into());
        self
    }

    /// The secrets that seal the cookies, the sealing one first.
    #[must_use]
    pub fn cookie_secrets(&self) -> &[SecretString] {
        &self.cookie_secrets
    }

    /// The `cookieSecret` of the Next.js app that this app replaces, if one was set.
    #[must_use]
    pub fn next_js_cookie_secret(&self) -> Option<&SecretString> {
        self.next_js_cookie_secret.as_ref()
    }
}
