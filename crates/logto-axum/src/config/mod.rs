//! Configuration of the web side: [`WebConfig`] and its builder methods.

pub(crate) mod check;
mod from_env;
pub(crate) mod paths;

use std::{sync::Arc, time::Duration};

use logto::{
    ExposeSecret as _, SecretString,
    session::{Lifetimes, store::SessionStore},
};

use crate::{config::paths::Paths, cookie::budget, headers::csp::ContentSecurityPolicy};

/// The cookie secret in the examples of this documentation.
pub(crate) const SAMPLE_SECRET: &str = "a secret of thirty-two bytes or more";

/// The settings of the web side: addresses, cookies, routes and the session store.
///
/// [`Logto::new`](crate::Logto::new) checks the configuration and reports all problems at once.
///
/// ```
/// use logto_axum::{Paths, WebConfig};
///
/// let web = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()])
///     .with_further_base_url("https://app.example.org")
///     .with_paths(Paths::default().with_error("/auth-error"));
/// ```
#[doc(alias = "LogtoNextConfig")]
#[derive(Clone, Debug)]
pub struct WebConfig {
    pub(crate) base_url: String,
    pub(crate) further_base_urls: Vec<String>,
    pub(crate) allow_http: bool,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) cookie_secrets: Vec<SecretString>,
    /// `None`: `Secure` if the base URL is https.
    pub(crate) cookie_secure: Option<bool>,
    pub(crate) lifetimes: Lifetimes,
    /// `None`: sessions are in cookies.
    pub(crate) store: Option<Arc<dyn SessionStore>>,
    /// `None`: the deny list is in `store`, or else in the memory of this process.
    pub(crate) deny_list: Option<Arc<dyn SessionStore>>,
    pub(crate) sweep_interval: Duration,
    pub(crate) cookie_budget: usize,
    pub(crate) refresh_before: u64,
    pub(crate) content_security_policy: Option<ContentSecurityPolicy>,
    pub(crate) hsts_max_age: Option<u64>,
    pub(crate) next_js_cookie_secret: Option<SecretString>,
    pub(crate) open_paths: Vec<String>,
    pub(crate) extra_parameters: Vec<String>,
    pub(crate) paths: Paths,
}

impl WebConfig {
    /// Creates a configuration with the defaults.
    ///
    /// `base_url` is the address that users type: scheme, host, port and, for an app below a path,
    /// the path. Requests do not change it. Nest an app below a path there (`Router::nest`), or let
    /// a proxy strip the path; cookies are set for the path only.
    ///
    /// `cookie_secrets` seal the cookies, see [`WebConfig::with_cookie_secrets`].
    #[doc(alias = "baseUrl")]
    #[must_use]
    pub fn new(base_url: impl Into<String>, cookie_secrets: impl IntoIterator<Item = SecretString>) -> Self {
        Self {
            base_url: base_url.into(),
            further_base_urls: Vec::new(),
            allow_http: false,
            trusted_proxies: Vec::new(),
            cookie_secrets: cookie_secrets.into_iter().collect(),
            cookie_secure: None,
            lifetimes: Lifetimes::default(),
            store: None,
            deny_list: None,
            sweep_interval: Duration::from_secs(600),
            cookie_budget: budget::SESSION,
            refresh_before: 30,
            content_security_policy: Some(ContentSecurityPolicy::default()),
            hsts_max_age: Some(365 * 24 * 60 * 60),
            next_js_cookie_secret: None,
            open_paths: Vec::new(),
            extra_parameters: Vec::new(),
            paths: Paths::default(),
        }
    }

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

    /// Sets the secrets that seal the cookies, at least 32 bytes each: the first seals, all open.
    ///
    /// Rotate in two phases, so that every process can open every cookie: add the new secret at the
    /// end of the list on every process, then move it to the front. Remove the old one once
    /// [`Lifetimes::absolute`] has passed.
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

    /// Like [`WebConfig::with_store`], for a store that is shared or was made by
    /// [`store::open`](logto::session::store::open).
    #[must_use]
    pub fn with_shared_store(mut self, store: Arc<dyn SessionStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Sets the store that keeps the deny list: which sessions in cookies have ended, by sign-out
    /// or at the provider, and which sign-ins were finished.
    ///
    /// By default it is in the memory of this process. Apps with several processes need a shared
    /// store; each request that uses the session then reads the list once. Has no effect with
    /// [`WebConfig::with_store`], because that store also keeps the deny list.
    #[must_use]
    pub fn with_deny_list(self, store: impl SessionStore) -> Self {
        self.with_shared_deny_list(Arc::new(store))
    }

    /// Like [`WebConfig::with_deny_list`], for a store that is shared or was made by
    /// [`store::open`](logto::session::store::open).
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

    /// Sets how long before its expiry a token is refreshed when a page is opened, in **seconds**.
    /// 30 by default; 0 switches it off.
    ///
    /// Rendering a page then seldom has to wait for a refresh.
    #[must_use]
    pub fn with_refresh_before(mut self, seconds: u64) -> Self {
        self.refresh_before = seconds;
        self
    }

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

    /// Sets the `cookieSecret` of a Next.js app that this app replaces: session cookies of its SDK
    /// are read, and rewritten in this crate's format.
    #[must_use]
    pub fn with_next_js_cookie_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.next_js_cookie_secret = Some(secret.into());
        self
    }

    /// Adds a path, with everything below it, that other sites may send forms and calls to: an API
    /// whose callers present a bearer token. None by default.
    ///
    /// A cross-site request to such a path is handled as if it carried no session.
    #[must_use]
    pub fn with_open_path(mut self, path: impl Into<String>) -> Self {
        self.open_paths.push(path.into());
        self
    }

    /// Adds a parameter of the authorization request that sign-in forms and links may set, beyond
    /// those of [`SignInOptions`](crate::SignInOptions). None by default.
    ///
    /// Rust code can set any parameter in its `SignInOptions`.
    #[must_use]
    pub fn with_extra_parameter(mut self, name: impl Into<String>) -> Self {
        self.extra_parameters.push(name.into());
        self
    }

    /// Sets the paths of the routes.
    #[must_use]
    pub fn with_paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// Sets the page of the app for failed sign-ins, see [`Paths::with_error`].
    #[must_use]
    pub fn with_error_path(mut self, path: impl Into<String>) -> Self {
        self.paths = self.paths.with_error(path);
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

    /// The secrets that seal the cookies, the sealing one first.
    #[must_use]
    pub fn cookie_secrets(&self) -> &[SecretString] {
        &self.cookie_secrets
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

    /// The `cookieSecret` of the Next.js app that this app replaces, if one was set.
    #[must_use]
    pub fn next_js_cookie_secret(&self) -> Option<&SecretString> {
        self.next_js_cookie_secret.as_ref()
    }

    /// Whether a cookie secret is copied from the documentation, which is public.
    pub(crate) fn has_sample_secret(&self) -> bool {
        let secrets = &mut self.cookie_secrets.iter();
        secrets.any(|secret| secret.expose_secret() == SAMPLE_SECRET)
    }
}
