//! The addresses of the app, and the proxies in front of it.

use crate::config::WebConfig;

impl WebConfig {
    /// Sets the base URL, see [`WebConfig::new`].
    #[must_use]
    pub fn with_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Adds another address of the app, of the same form as the base URL.
    ///
    /// The `Host` of a request selects its base URL; the one given to [`WebConfig::new`] is the
    /// default. Each address has its own redirect URI to register, and its own sessions.
    ///
    /// The first label of a host may be `*`, which stands for any one label:
    /// `https://*.preview.example.com`. Each host then has its own sessions, and the redirect URI
    /// is registered at Logto (1.36 or newer) with the same `*`. An address without `*` takes
    /// precedence.
    #[must_use]
    pub fn with_further_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.further_base_urls.push(base_url.into());
        self
    }

    /// Sets whether base URLs beyond this machine may be http. Off by default.
    ///
    /// Over http, sessions cross the network unencrypted and cookies are not `Secure`. This is
    /// meant for trying an app from another device in a trusted network; every start logs a
    /// warning.
    #[must_use]
    pub fn with_allow_http(mut self, allow_http: bool) -> Self {
        self.allow_http = allow_http;
        self
    }

    /// Adds a proxy in front of this server, as an IP address or a network (`10.0.0.0/8`).
    ///
    /// `X-Forwarded-Host`, `X-Forwarded-Proto` and `Forwarded` (RFC 7239) replace `Host` in
    /// requests from these peers, and are ignored in all others. The last value of each header
    /// counts; headers that contradict each other are ignored.
    ///
    /// The server has to know the peer's address: serve with
    /// `into_make_service_with_connect_info::<SocketAddr>()`. Without it the first request logs the
    /// error `peer_unknown`.
    ///
    /// Useful only with [`WebConfig::with_further_base_url`]: the forwarded host selects one of the
    /// base URLs, and is not copied into any address.
    #[must_use]
    pub fn with_trusted_proxy(mut self, proxy: impl Into<String>) -> Self {
        self.trusted_proxies.push(proxy.into());
        self
    }

    /// The further base URLs.
    #[must_use]
    pub fn further_base_urls(&self) -> &[String] {
        &self.further_base_urls
    }

    /// The trusted proxies.
    #[must_use]
    pub fn trusted_proxies(&self) -> &[String] {
        &self.trusted_proxies
    }
}
