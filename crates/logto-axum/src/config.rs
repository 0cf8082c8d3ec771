//! What the web side needs to know, checked once at start.

use std::{sync::Arc, time::Duration};

use logto::{
    ConfigError, ConfigProblem, ExposeSecret as _, SecretString, is_loopback,
    session::{Lifetimes, SessionStore},
};
use url::Url;

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
    /// The address users type: scheme, host, port and, below a path, that path. Never taken from a request.
    #[doc(alias = "baseUrl")]
    pub base_url: String,
    /// Secrets the cookies are sealed with, 32 bytes or more each: the first seals, all open.
    #[doc(alias = "cookieSecret")]
    pub cookie_secrets: Vec<SecretString>,
    /// Whether cookies are `Secure`. By default they are if `base_url` is https. `false` with https is for nobody but a developer
    /// behind a proxy that ends TLS on the same machine.
    #[doc(alias = "cookieSecure")]
    pub cookie_secure: Option<bool>,
    /// How long a session lives without a visit, and from sign-in to sign-in.
    pub lifetimes: Lifetimes,
    /// Where sessions are kept. `None`: in the browser's cookies, sealed.
    #[doc(alias = "sessionWrapper")]
    pub store: Option<Arc<dyn SessionStore>>,
    /// Where it is kept which sessions in cookies have ended, by sign-out or at the provider. `None`: in the memory of this process, which
    /// is enough for one. Several need a store that all of them reach; it is then asked once for each request that needs the session.
    /// Of no use with `store`, which keeps that too.
    pub deny_list: Option<Arc<dyn SessionStore>>,
    /// How often what has ended is removed from `store`, or from `deny_list`, in batches, while the layer serves. Ten minutes by default;
    /// zero switches it off, for an app that calls [`store::sweep`](logto::session::store::sweep) itself. Redis needs none.
    pub sweep_every: Duration,
    /// Most bytes the cookies of a session take together when there is no store. 7,000 by default: servers and proxies refuse a request
    /// whose head is larger than 8 kB.
    pub cookie_budget: usize,
    /// How long before its end a token is renewed when a page is opened, in **seconds**, so that rendering seldom has to. 30 by
    /// default; 0 switches it off.
    pub refresh_before: u64,
    /// The `cookieSecret` of a Next.js app that was here before: its session cookies are read, and written anew in this crate's form.
    pub next_js_cookie_secret: Option<SecretString>,
    /// Paths that other sites may send forms and calls to, each with everything below it: an API whose callers bring a bearer token.
    /// Such a request is answered as if it carried no session. None by default.
    pub open_paths: Vec<String>,
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
    /// `GET`: a script with which the other tabs notice a sign-out, for the component `SessionWatch`.
    pub session_script: String,
    /// A page of the app for failed sign-ins: it is opened with `?code=` and a stable code, see [`advice`](crate::advice). `None`:
    /// a plain page of this crate's.
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
            cookie_secrets: cookie_secrets.into_iter().collect(),
            cookie_secure: None,
            lifetimes: Lifetimes::default(),
            store: None,
            deny_list: None,
            sweep_every: Duration::from_secs(600),
            cookie_budget: 7_000,
            refresh_before: 30,
            next_js_cookie_secret: None,
            open_paths: Vec::new(),
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

    /// The same with sessions in a store.
    #[must_use]
    pub fn with_store(mut self, store: impl SessionStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// The same with a deny list in a store, for sessions in cookies of an app that runs in several processes.
    #[must_use]
    pub fn with_deny_list(mut self, store: impl SessionStore) -> Self {
        self.deny_list = Some(Arc::new(store));
        self
    }

    /// Whether a cookie secret is one that everybody can read up.
    pub(crate) fn has_sample_secret(&self) -> bool {
        let secrets = &mut self.cookie_secrets.iter();
        secrets.any(|secret| secret.expose_secret() == SAMPLE_SECRET)
    }

    pub(crate) fn check(self) -> Result<CheckedWebConfig, ConfigError> {
        let mut problems = Vec::new();
        let base_url = check_base_url(&self.base_url, &mut problems);
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
        if self.has_sample_secret() && base_url.as_ref().is_some_and(|url| !is_loopback(url)) {
            let message = "a cookie secret is the one of the documentation, which everybody knows; make one with `openssl rand -base64 32`";
            problems.push(ConfigProblem::new("cookie_secret_sample", message));
        }
        let https = base_url.as_ref().is_some_and(|url| url.scheme() == "https");
        if self.cookie_secure == Some(true) && !https && base_url.is_some() {
            let message =
                "`cookie_secure` is on but `base_url` is http: browsers would drop the cookies; serve the app by https";
            problems.push(ConfigProblem::new("cookie_secure_without_https", message));
        }
        match base_url {
            Some(url) if problems.is_empty() => {
                let secure = self.cookie_secure.unwrap_or(https);
                let base = url.as_str().trim_end_matches('/').to_owned();
                Ok(CheckedWebConfig {
                    base,
                    origin: url.origin().ascii_serialization(),
                    secure,
                    config: self,
                })
            }
            _ => Err(ConfigError { problems }),
        }
    }
}

fn check_base_url(base_url: &str, problems: &mut Vec<ConfigProblem>) -> Option<Url> {
    let usable = Url::parse(base_url).ok().filter(|url| {
        let plain =
            url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        plain && url.has_host() && matches!(url.scheme(), "http" | "https")
    });
    match usable {
        None => {
            let message =
                "`base_url` is no absolute http(s) address without query; it looks like https://app.example.com";
            problems.push(ConfigProblem::new("base_url_invalid", message));
            None
        }
        Some(url) if url.scheme() == "http" && !is_loopback(&url) => {
            let message =
                "`base_url` is http beyond this machine: sessions would cross the network in the open; use https";
            problems.push(ConfigProblem::new("base_url_insecure", message));
            None
        }
        usable => usable,
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
    /// The base URL without a slash at the end.
    pub(crate) base: String,
    /// Scheme, host and port, as browsers send it in `Origin`.
    pub(crate) origin: String,
    pub(crate) secure: bool,
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

    /// The absolute address of a path.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base)
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
        assert!(config("https://app.example.com").check().unwrap().secure);
        assert!(!config("http://127.0.0.1:3000/").check().unwrap().secure);
    }

    #[test]
    fn http_beyond_this_machine_is_refused() {
        assert_eq!(codes(config("http://app.example.com")), ["base_url_insecure"]);
        assert_eq!(codes(config("app.example.com")), ["base_url_invalid"]);
        assert_eq!(codes(config("https://user@app.example.com")), ["base_url_invalid"]);
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
    fn a_path_that_leaves_the_site_is_refused() {
        for bad in ["callback", "//evil.example", "/a b", "/a?b", "/{id}"] {
            let mut config = config("http://localhost:3000");
            config.paths.callback = bad.into();
            assert_eq!(codes(config), ["path_invalid"], "{bad}");
        }
    }

    #[test]
    fn an_absolute_address_has_one_slash_between_base_and_path() {
        assert_eq!(
            config("http://localhost:3000/").check().unwrap().absolute("/callback"),
            "http://localhost:3000/callback"
        );
        assert_eq!(
            config("https://a.example/app").check().unwrap().absolute("/callback"),
            "https://a.example/app/callback"
        );
    }
}
