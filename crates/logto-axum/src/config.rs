//! What the web side needs to know, checked once at start.

use std::{sync::Arc, time::Duration};

use ipnet::IpNet;
use logto::{
    ConfigError, ConfigProblem, ExposeSecret as _, SecretString, is_loopback, is_reserved_parameter,
    session::{Lifetimes, SessionStore},
};
use url::Url;

use crate::{
    address::Address, base_url::BaseUrls, budget, csp::ContentSecurityPolicy, sites::parse_proxy, wildcard::Wildcard,
};

/// The one in the examples of this documentation.
const SAMPLE_SECRET: &str = "a secret of thirty-two bytes or more";

/// How the app is reached and keeps its sessions.
///
/// ```
/// use logto_axum::WebConfig;
///
/// let config = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()]);
/// assert_eq!(config.paths.callback, "/callback");
/// ```
#[doc(alias = "LogtoNextConfig")]
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// The address users type: scheme, host, port and, below a path, that path. Never taken from a
    /// request. Below a path the app is nested there (`Router::nest`), or a proxy takes the path
    /// off; cookies are set for that path alone.
    #[doc(alias = "baseUrl")]
    pub base_url: String,
    /// Further addresses that users may type, of the same form: other domains of the app. A request
    /// is for the one that its `Host` names, and for `base_url` if that is none of them. Each has
    /// its own redirect URI to register, and sessions of its own.
    ///
    /// The first label of a host may be `*`, which stands for any one label:
    /// `https://*.preview.example.com`. Each host then has sessions of its own, and the redirect
    /// URI is registered at Logto (1.36 or newer) with the same `*`. An address without `*` comes
    /// first.
    pub further_base_urls: Vec<String>,
    /// Whether `base_url` and `further_base_urls` may be http beyond this machine. Off by default:
    /// sessions would cross the network unencrypted, and cookies are not `Secure`. Meant for trying
    /// an app from another device of a network you trust; every start logs a warning.
    pub allow_http: bool,
    /// Proxies before this server, as IP addresses or networks (`10.0.0.0/8`). From them, and from
    /// nobody else, `X-Forwarded-Host`, `X-Forwarded-Proto` and `Forwarded` (RFC 7239) are believed
    /// instead of `Host`: of several values the last, and none if they contradict each other. The
    /// peer's address has to be known, by `into_make_service_with_connect_info::<SocketAddr>()`;
    /// without it the first request logs the error `peer_unknown`. Of use with `further_base_urls`
    /// only: the name a proxy tells is looked up among them and gets into no address by itself.
    pub trusted_proxies: Vec<String>,
    /// Secrets the cookies are sealed with, 32 bytes or more each: the first seals, all open.
    ///
    /// Rotate in two phases, so that no process meets a cookie that it cannot open: add the new
    /// secret at the end of the list on every process, then move it to the front. Remove the old
    /// one once [`Lifetimes::absolute`] has passed.
    #[doc(alias = "cookieSecret")]
    pub cookie_secrets: Vec<SecretString>,
    /// Whether cookies are `Secure`. By default they are if `base_url` is https. `false` with https
    /// is for nobody but a developer behind a proxy that ends TLS on the same machine.
    #[doc(alias = "cookieSecure")]
    pub cookie_secure: Option<bool>,
    /// How long a session lives without a visit, and from sign-in to sign-in.
    pub lifetimes: Lifetimes,
    /// Where sessions are kept. `None`: in the browser's cookies, sealed.
    #[doc(alias = "sessionWrapper")]
    pub store: Option<Arc<dyn SessionStore>>,
    /// Where it is kept which sessions in cookies have ended, by sign-out or at the provider, and
    /// which sign-ins were finished. `None`: in the memory of this process, which is enough for
    /// one. Several need a store that all of them reach; it is then asked once for each request
    /// that needs the session. Of no use with `store`, which keeps that too.
    pub deny_list: Option<Arc<dyn SessionStore>>,
    /// How often what has ended is removed from `store`, or from `deny_list`, in batches, while the
    /// layer serves. Ten minutes by default; zero switches it off, for an app that calls
    /// [`store::sweep`](logto::session::store::sweep) itself. Redis needs none.
    pub sweep_every: Duration,
    /// Size limit of a session's `Set-Cookie` headers without a store, in **bytes**, names and
    /// attributes included. 2,750 by default, which keeps the response head within nginx's default
    /// `proxy_buffer_size` of 4 kB. Above the limit, the least recently used access tokens are
    /// dropped, and fetched again when needed. A session that exceeds it even without access tokens
    /// may take up to 4,600 bytes: set `proxy_buffer_size 8k` in nginx, and raise this limit to
    /// 4,600 so that its access tokens are kept.
    pub cookie_budget: usize,
    /// How long before its end a token is renewed when a page is opened, in **seconds**, so that
    /// rendering seldom has to. 30 by default; 0 switches it off.
    pub refresh_before: u64,
    /// What pages may load, run and send, see [`ContentSecurityPolicy`]. Where sign-in and sign-out
    /// lead is added: the origin of Logto's `endpoint`. If users go on to other origins from there
    /// in one go, add those to [`CspDirective::FormAction`](crate::CspDirective::FormAction). A
    /// page that sends a policy itself keeps that; `None` sends none. This crate's own pages have a
    /// stricter one, whose forms lead where those of this one do.
    pub content_security_policy: Option<ContentSecurityPolicy>,
    /// How long browsers insist on https after a visit, in **seconds**
    /// (`Strict-Transport-Security`, RFC 6797 §6.1.1). A year by default, for this host alone; 0
    /// takes it back, `None` does not send it. It is not sent if a base URL is http or on this
    /// machine.
    pub hsts_max_age: Option<u64>,
    /// The `cookieSecret` of a Next.js app that was here before: its session cookies are read, and
    /// written anew in this crate's form.
    pub next_js_cookie_secret: Option<SecretString>,
    /// Paths that other sites may send forms and calls to, each with everything below it: an API
    /// whose callers bring a bearer token. Such a request is answered as if it carried no session.
    /// None by default.
    pub open_paths: Vec<String>,
    /// Parameters of the authorization request, beyond those of
    /// [`SignInOptions`](crate::SignInOptions), that a sign-in form or a link may set. None by
    /// default, so that no request adds parameters of its own. In Rust `SignInOptions::extra` sets
    /// any.
    pub extra_parameters: Vec<String>,
    /// Where the routes are.
    pub paths: Paths,
}

/// Where the routes are, below the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `POST`: starts a sign-in.
    pub sign_in: String,
    /// `GET`: the redirect URI, registered in the Logto console.
    pub callback: String,
    /// `POST`: signs out.
    pub sign_out: String,
    /// `GET`, where the provider sends the user after sign-out; registered in the Logto console.
    pub after_sign_out: String,
    /// `POST`, by the provider: the back-channel logout URI, registered in the Logto console.
    pub backchannel_logout: String,
    /// `GET`: a script with which the other tabs notice a sign-out, for the component
    /// `SessionWatch`.
    pub session_script: String,
    /// A page of the app for failed sign-ins: it is opened with `?code=` and a stable code, see
    /// [`advice`](crate::advice), and with `retry_after` in seconds if the provider said so or the
    /// session store does not answer, see [`try_again_in`](crate::try_again_in). `None`: a plain
    /// page of this crate.
    pub error: Option<String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            sign_in: "/sign-in".into(),
            callback: "/callback".into(),
            sign_out: "/sign-out".into(),
            after_sign_out: "/".into(),
            backchannel_logout: "/backchannel-logout".into(),
            session_script: "/logto-session.js".into(),
            error: None,
        }
    }
}

impl WebConfig {
    /// A configuration with the defaults.
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
            sweep_every: Duration::from_secs(600),
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

    /// The same with a page of the app for failed sign-ins.
    #[must_use]
    pub fn with_error_path(mut self, path: impl Into<String>) -> Self {
        self.paths.error = Some(path.into());
        self
    }

    /// The same with a path that other sites may send to, see [`WebConfig::open_paths`].
    #[must_use]
    pub fn with_open_path(mut self, path: impl Into<String>) -> Self {
        self.open_paths.push(path.into());
        self
    }

    /// Lets forms and links set this parameter of the authorization request, see
    /// [`WebConfig::extra_parameters`].
    #[must_use]
    pub fn with_extra_parameter(mut self, name: impl Into<String>) -> Self {
        self.extra_parameters.push(name.into());
        self
    }

    /// The same with sessions in a store.
    #[must_use]
    pub fn with_store(mut self, store: impl SessionStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// The same with a deny list in a store, for sessions in cookies of an app that runs in several
    /// processes.
    #[must_use]
    pub fn with_deny_list(mut self, store: impl SessionStore) -> Self {
        self.deny_list = Some(Arc::new(store));
        self
    }

    /// The same with a further address that the app is reached at, see
    /// [`WebConfig::further_base_urls`].
    #[must_use]
    pub fn with_further_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.further_base_urls.push(base_url.into());
        self
    }

    /// The same with a proxy, or a network of them, that is believed, see
    /// [`WebConfig::trusted_proxies`].
    #[must_use]
    pub fn with_trusted_proxy(mut self, proxy: impl Into<String>) -> Self {
        self.trusted_proxies.push(proxy.into());
        self
    }

    /// Whether a cookie secret is one that everybody can read up.
    pub(crate) fn has_sample_secret(&self) -> bool {
        let secrets = &mut self.cookie_secrets.iter();
        secrets.any(|secret| secret.expose_secret() == SAMPLE_SECRET)
    }

    pub(crate) fn check(self) -> Result<(CheckedWebConfig, Addresses), ConfigError> {
        let mut problems = Vec::new();
        let base_urls = BaseUrls::check(&self, &mut problems);
        let proxies: Option<Vec<_>> = self.trusted_proxies.iter().map(|text| parse_proxy(text)).collect();
        if proxies.is_none() {
            let message =
                "one of `trusted_proxies` is neither an IP address nor a network of them, which looks like 10.0.0.0/8";
            problems.push(ConfigProblem::new("trusted_proxy_invalid", message));
        }
        let paths = &self.paths;
        let named = [
            ("sign_in", Some(&paths.sign_in)),
            ("callback", Some(&paths.callback)),
            ("sign_out", Some(&paths.sign_out)),
            ("after_sign_out", Some(&paths.after_sign_out)),
            ("backchannel_logout", Some(&paths.backchannel_logout)),
            ("session_script", Some(&paths.session_script)),
            ("error", paths.error.as_ref()),
        ];
        let open = self.open_paths.iter().map(|path| ("open_paths", Some(path)));
        for (name, path) in named.into_iter().chain(open) {
            if path.is_some_and(|path| !is_plain_path(path)) {
                let message = format!(
                    "the path `{name}` does not begin with one `/`, or has characters beyond letters, digits and -_./"
                );
                problems.push(ConfigProblem::new("path_invalid", message));
            }
        }
        for name in &self.extra_parameters {
            if name.is_empty() || is_reserved_parameter(name) {
                let message = format!(
                    "`extra_parameters` names `{name}`, which is the protocol's or has an option of its own in `SignInOptions`"
                );
                problems.push(ConfigProblem::new("extra_parameter_reserved", message));
            }
        }
        if self.has_sample_secret() && base_urls.iter().any(|url| !is_loopback(url)) {
            let message = "a cookie secret is the one of the documentation, which everybody knows; make one with `openssl rand -base64 32`";
            problems.push(ConfigProblem::new("cookie_secret_sample", message));
        }
        if self.lifetimes.idle == 0 || self.lifetimes.absolute == 0 {
            let message = "a session lifetime is 0 seconds: nobody would stay signed in; \
                 `lifetimes.idle` and `lifetimes.absolute` are in seconds";
            problems.push(ConfigProblem::new("lifetime_invalid", message));
        }
        let is_https = |url: &Url| url.scheme() == "https";
        if self.cookie_secure == Some(true) && base_urls.iter().any(|url| !is_https(url)) {
            let message =
                "`cookie_secure` is on but `base_url` is http: browsers would drop the cookies; serve the app by https";
            problems.push(ConfigProblem::new("cookie_secure_without_https", message));
        }
        problems.extend(
            self.content_security_policy
                .iter()
                .flat_map(ContentSecurityPolicy::problems),
        );
        let secure = |url: &Url| self.cookie_secure.unwrap_or(is_https(url));
        let address = |url: Url| Address::new(&url, secure(&url));
        let wildcard = |url: Url| {
            let secure = secure(&url);
            Wildcard::new(url, secure).ok()
        };
        match (base_urls.default, proxies) {
            (Some(default), Some(trusted_proxies)) if problems.is_empty() => {
                let addresses = Addresses {
                    default: address(default),
                    further: base_urls.further.into_iter().map(address).collect(),
                    wildcards: base_urls.wildcards.into_iter().filter_map(wildcard).collect(),
                    trusted_proxies,
                };
                Ok((CheckedWebConfig { config: self }, addresses))
            }
            _ => Err(ConfigError::new(problems)),
        }
    }
}

fn is_plain_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

/// A [`WebConfig`] that was checked.
#[derive(Debug)]
pub(crate) struct CheckedWebConfig {
    pub(crate) config: WebConfig,
}

/// Where the app is reached, and who is believed about which of it is meant.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) default: Address,
    pub(crate) further: Vec<Address>,
    pub(crate) wildcards: Vec<Wildcard>,
    pub(crate) trusted_proxies: Vec<IpNet>,
}

impl CheckedWebConfig {
    pub(crate) fn paths(&self) -> &Paths {
        &self.config.paths
    }

    /// Whether other sites may send to this path.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        let below = |open: &str| {
            path.strip_prefix(open.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.config.open_paths.iter().any(|open| below(open))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base_url: &str) -> WebConfig {
        WebConfig::new(base_url, ["0".repeat(32).into()])
    }

    fn codes(config: WebConfig) -> Vec<&'static str> {
        config
            .check()
            .unwrap_err()
            .problems
            .iter()
            .map(|problem| problem.code)
            .collect()
    }

    #[test]
    fn cookies_are_secure_with_https_and_need_no_setting() {
        assert!(config("https://app.example.com").check().unwrap().1.default.secure);
        assert!(!config("http://127.0.0.1:3000/").check().unwrap().1.default.secure);
    }

    #[test]
    fn http_beyond_this_machine_is_refused() {
        assert_eq!(codes(config("http://app.example.com")), ["base_url_insecure"]);
        assert_eq!(codes(config("app.example.com")), ["base_url_invalid"]);
        assert_eq!(codes(config("https://user@app.example.com")), ["base_url_invalid"]);
        assert_eq!(
            codes(config("https://app.example.com/app;Domain=example.com")),
            ["base_url_invalid"]
        );
    }

    #[test]
    fn the_secret_of_the_documentation_is_refused_beyond_this_machine() {
        let sample = |base_url: &str| WebConfig::new(base_url, [SAMPLE_SECRET.into()]);
        assert_eq!(codes(sample("https://app.example.com")), ["cookie_secret_sample"]);
        assert!(sample("http://localhost:3000").check().is_ok());
    }

    #[test]
    fn secure_cookies_on_http_are_refused_because_browsers_drop_them() {
        let mut config = config("http://localhost:3000");
        config.cookie_secure = Some(true);
        assert_eq!(codes(config), ["cookie_secure_without_https"]);
    }

    #[test]
    fn a_lifetime_of_no_time_at_all_is_refused() {
        for (idle, absolute) in [(0, 60), (60, 0)] {
            let mut config = config("http://localhost:3000");
            config.lifetimes = Lifetimes { idle, absolute };
            assert_eq!(codes(config), ["lifetime_invalid"]);
        }
    }

    #[test]
    fn a_path_that_leaves_the_site_is_refused() {
        for bad in ["callback", "//evil.example", "/a b", "/a?b", "/{id}"] {
            let mut config = config("http://localhost:3000");
            config.paths.callback = bad.into();
            assert_eq!(codes(config), ["path_invalid"], "{bad}");
        }
    }

    #[test]
    fn a_request_is_never_allowed_to_set_a_parameter_of_the_protocol() {
        for name in ["redirect_uri", "Scope", "prompt", ""] {
            let config = config("http://localhost:3000").with_extra_parameter(name);
            assert_eq!(codes(config), ["extra_parameter_reserved"], "{name}");
        }
        let config = config("http://localhost:3000").with_extra_parameter("theme");
        assert!(config.check().is_ok());
    }

    #[test]
    fn a_source_that_does_not_fit_into_the_policy_is_refused() {
        let mut config = config("http://localhost:3000");
        let policy = ContentSecurityPolicy::default().allow(crate::CspDirective::ImgSrc, "x; script-src *");
        config.content_security_policy = Some(policy);
        assert_eq!(codes(config), ["csp_source_invalid"]);
    }

    #[test]
    fn every_base_url_is_checked_and_none_stands_there_twice() {
        let with = |further: &str| config("https://a.example/app").with_further_base_url(further);
        assert_eq!(codes(with("http://b.example")), ["base_url_insecure"]);
        assert_eq!(codes(with("b.example")), ["base_url_invalid"]);
        assert_eq!(codes(with("https://A.example:443/other")), ["base_url_twice"]);
        assert_eq!(with("https://b.example").check().unwrap().1.further.len(), 1);
    }

    #[test]
    fn http_beyond_this_machine_needs_a_word_and_then_cookies_are_not_secure() {
        let mut config = config("http://192.168.1.20:3000").with_further_base_url("http://*.lan.example");
        let error = config.clone().check().unwrap_err().to_string();
        assert!(
            error.contains("`allow_http`") && error.contains("LOGTO_ALLOW_HTTP"),
            "{error}"
        );
        config.allow_http = true;
        let (_, addresses) = config.check().unwrap();
        assert!(!addresses.default.secure && !addresses.wildcards[0].registered().secure);
    }

    #[test]
    fn a_wildcard_is_one_label_of_a_further_base_url() {
        let with = |further: &str| config("https://a.example").with_further_base_url(further);
        let (_, addresses) = with("https://*.preview.example.com").check().unwrap();
        assert_eq!((addresses.wildcards.len(), addresses.further.len()), (1, 0));
        assert_eq!(codes(with("https://*.com")), ["base_url_wildcard"]);
        assert_eq!(codes(with("https://a.*.example.com")), ["base_url_wildcard"]);
        assert_eq!(codes(with("http://*.preview.example.com")), ["base_url_insecure"]);
        assert_eq!(codes(config("https://*.preview.example.com")), ["base_url_wildcard"]);
        let twice = with("https://*.preview.example.com").with_further_base_url("https://*.PREVIEW.example.com/app");
        assert_eq!(codes(twice), ["base_url_twice"]);
    }

    #[test]
    fn a_trusted_proxy_has_to_be_an_address_or_a_network() {
        let with = |proxy: &str| config("https://a.example").with_trusted_proxy(proxy);
        assert_eq!(codes(with("proxy.example")), ["trusted_proxy_invalid"]);
        assert!(with("10.0.0.0/8").check().is_ok());
    }
}
