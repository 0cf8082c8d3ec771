//! The addresses of the app: URLs, cookie paths, and which address a request came to.

pub(crate) mod base_url;
pub(crate) mod sites;
pub(crate) mod wildcard;

use logto::is_loopback;
use url::Url;

use crate::return_to::ReturnTo;

/// One address of the app, made from a base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The base URL without a trailing slash.
    base: String,
    /// Scheme, host and port, as browsers send them in `Origin`.
    pub(crate) origin: String,
    scheme: String,
    /// The path of the base URL without a trailing slash. Usually empty.
    path: String,
    /// Whether its cookies are `Secure`.
    pub(crate) secure: bool,
}

impl Address {
    pub(crate) fn new(base_url: &Url, secure: bool) -> Self {
        Self {
            base: base_url.as_str().trim_end_matches('/').to_owned(),
            origin: base_url.origin().ascii_serialization(),
            scheme: base_url.scheme().to_owned(),
            path: base_url.path().trim_end_matches('/').to_owned(),
            secure,
        }
    }

    /// Logs a warning if sessions cross a network unencrypted.
    pub(crate) fn warn_if_insecure(&self) {
        if Url::parse(&self.origin).is_ok_and(|origin| is_insecure(&origin)) {
            tracing::warn!(
                code = "base_url_insecure",
                base_url = self.base,
                "http beyond this machine is allowed and this address uses it: sessions cross the network \
                 unencrypted; use https before others use this app"
            );
        }
    }

    /// Returns the URL of a path of the app.
    pub(crate) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns a path of the app as browsers see it: with the path of the base URL.
    pub(crate) fn public_path(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }

    /// Returns the URL of a return path. The path may begin with the path of the base URL, as
    /// browsers show it, or not.
    pub(crate) fn return_address(&self, to: &ReturnTo) -> String {
        match to.as_str().strip_prefix(self.path.as_str()) {
            Some(rest) if rest.is_empty() || rest.starts_with(['/', '?', '#']) => self.absolute(rest),
            _ => self.absolute(to.as_str()),
        }
    }

    /// The `Path` of cookies. Other apps of the same host, below other paths, do not receive them.
    pub(crate) fn cookie_path(&self) -> &str {
        if self.path.is_empty() { "/" } else { &self.path }
    }

    /// Strips the path of the base URL, if it is there.
    pub(crate) fn within<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_prefix(self.path.as_str()) {
            Some(rest) if rest.starts_with('/') => rest,
            Some("") => "/",
            _ => path,
        }
    }

    /// Whether a path, as browsers show it, is below the path of the base URL.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether requests with this `Host`, and this scheme if it is known, belong to this address.
    pub(crate) fn matches(&self, host: &str, scheme: Option<&str>) -> bool {
        let address = requested(&self.scheme, host, scheme);
        address.is_some_and(|address| address.origin().ascii_serialization() == self.origin)
    }
}

/// The origin that a request for this host came to; `None` if its scheme differs from `ours`. The
/// host is parsed, because its case does not matter and the default port may be omitted.
pub(crate) fn requested(ours: &str, host: &str, scheme: Option<&str>) -> Option<Url> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if !host.bytes().all(plain) || scheme.is_some_and(|scheme| !scheme.eq_ignore_ascii_case(ours)) {
        return None;
    }
    Url::parse(&format!("{ours}://{host}")).ok()
}

/// Whether sessions would cross a network unencrypted.
pub(crate) fn is_insecure(base_url: &Url) -> bool {
    base_url.scheme() == "http" && !is_loopback(base_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(base_url: &str) -> Address {
        Address::new(&Url::parse(base_url).unwrap(), true)
    }

    #[test]
    fn a_url_has_one_slash_between_base_and_path() {
        let absolute = |base_url| address(base_url).absolute("/callback");
        assert_eq!(absolute("http://localhost:3000/"), "http://localhost:3000/callback");
        assert_eq!(absolute("https://a.example/app"), "https://a.example/app/callback");
        assert_eq!(absolute("https://a.example/app/"), "https://a.example/app/callback");
    }

    #[test]
    fn a_return_path_is_below_the_base_path_with_and_without_it() {
        let below = |path| address("https://a.example/app").return_address(&ReturnTo::parse(path).unwrap());
        for (path, expected) in [
            ("/", "https://a.example/app/"),
            ("/app", "https://a.example/app"),
            ("/app/", "https://a.example/app/"),
            ("/profile?tab=1", "https://a.example/app/profile?tab=1"),
            ("/app/profile?tab=1", "https://a.example/app/profile?tab=1"),
            ("/app?tab=1", "https://a.example/app?tab=1"),
            ("/app#top", "https://a.example/app#top"),
            ("/app/../other", "https://a.example/app/other"),
            ("/apple", "https://a.example/app/apple"),
        ] {
            assert_eq!(below(path), expected, "{path}");
        }
    }

    #[test]
    fn cookies_stay_below_the_base_path() {
        assert_eq!(address("https://a.example").cookie_path(), "/");
        assert_eq!(address("https://a.example/app/").cookie_path(), "/app");
    }

    #[test]
    fn hosts_are_compared_without_case_and_default_port() {
        let ours = address("https://app.example");
        for host in ["app.example", "APP.example", "app.example:443"] {
            assert!(ours.matches(host, None), "{host}");
            assert!(ours.matches(host, Some("HTTPS")), "{host}");
        }
        assert!(!ours.matches("app.example", Some("http")));
        for host in [
            "",
            "app.example:8443",
            "app.example.evil.example",
            "evil.example",
            "evil@app.example",
            "app.example/evil",
            "app.example?evil",
            "app.example#evil",
            "app.example\\evil",
            "app.example evil",
        ] {
            assert!(!ours.matches(host, None), "{host}");
        }
    }
}
