//! Checks of a [`WebConfig`], once at start.

use std::collections::BTreeMap;

use logto::{ConfigError, ConfigProblem, ExposeSecret as _, WebhookVerifier, is_loopback, is_reserved_parameter};
use url::Url;

use crate::{
    address::{
        Address,
        base_url::BaseUrls,
        sites::{Addresses, parse_proxy},
        wildcard::Wildcard,
    },
    config::{WebConfig, paths::Paths},
    headers::csp::ContentSecurityPolicy,
    webhook::config::WebhookConfig,
};

/// The cookie secret in the examples of this documentation.
const SAMPLE_SECRET: &str = "a secret of thirty-two bytes or more";

/// A checked [`WebConfig`].
#[derive(Debug)]
pub(crate) struct CheckedWebConfig {
    pub(crate) config: WebConfig,
    /// `None` if the app receives no webhooks.
    pub(crate) webhooks: Option<WebhookVerifier>,
}

impl CheckedWebConfig {
    pub(crate) fn paths(&self) -> &Paths {
        &self.config.paths
    }

    /// Whether other sites may send requests to this path.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        let below = |open: &str| {
            path.strip_prefix(open.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.config.open_paths.iter().any(|open| below(open))
    }
}

impl WebConfig {
    pub(crate) fn check(mut self) -> Result<(CheckedWebConfig, Addresses), ConfigError> {
        let mut problems = Vec::new();
        self.paths.webhook = self.webhooks.as_ref().map(|webhooks| webhooks.path.clone());
        let verifier = self.webhooks.as_ref().map(WebhookConfig::verifier).transpose();
        let webhooks = verifier.unwrap_or_else(|error| {
            problems.extend(error.problems);
            None
        });
        let base_urls = BaseUrls::check(&self.base_url, &self.further_base_urls, self.allow_http, &mut problems);
        let proxies: Option<Vec<_>> = self.trusted_proxies.iter().map(|text| parse_proxy(text)).collect();
        if proxies.is_none() {
            let message = "a trusted proxy is neither an IP address nor a network, such as 10.0.0.0/8";
            problems.push(ConfigProblem::new("trusted_proxy_invalid", message));
        }
        let paths = &self.paths;
        let named = [
            ("sign_in", Some(&paths.sign_in)),
            ("callback", Some(&paths.callback)),
            ("sign_out", Some(&paths.sign_out)),
            ("after_sign_out", Some(&paths.after_sign_out)),
            ("organization", Some(&paths.organization)),
            ("backchannel_logout", Some(&paths.backchannel_logout)),
            ("session_script", Some(&paths.session_script)),
            ("error", paths.error.as_ref()),
            ("sso_entry", paths.sso_entry.as_ref()),
            ("webhook", paths.webhook.as_ref()),
        ];
        let open = self.open_paths.iter().map(|path| ("open_paths", Some(path)));
        for (name, path) in named.iter().copied().chain(open) {
            if path.is_some_and(|path| !is_plain_path(path)) {
                let message = format!(
                    "the path `{name}` does not begin with a single `/`, or has characters other than letters, \
                     digits and -_./"
                );
                problems.push(ConfigProblem::new("path_invalid", message));
            }
        }
        // `after_sign_out` and `error` are pages of the app, which may be the same.
        let is_route = |(name, _): &(&str, Option<&String>)| !["after_sign_out", "error"].contains(name);
        let mut taken = BTreeMap::new();
        for (name, path) in named.into_iter().filter(is_route) {
            if let Some(path) = path
                && let Some(other) = taken.insert(path, name)
            {
                let message = format!("the path `{name}` is also that of `{other}`; choose another one");
                problems.push(ConfigProblem::new("path_taken", message));
            }
        }
        for name in &self.extra_parameters {
            if name.is_empty() || is_reserved_parameter(name) {
                let message = format!(
                    "the extra parameter `{name}` is reserved for the protocol, or has its own option in \
                     `SignInOptions`"
                );
                problems.push(ConfigProblem::new("extra_parameter_reserved", message));
            }
        }
        if self.has_sample_secret() && base_urls.iter().any(|url| !is_loopback(url)) {
            let message = "a cookie secret is copied from the documentation, which is public; create one with \
                `openssl rand -base64 32`";
            problems.push(ConfigProblem::new("cookie_secret_sample", message));
        }
        if self.lifetimes.idle() == 0 || self.lifetimes.absolute() == 0 {
            let message = "a session lifetime is 0 seconds, so no session would last; the idle and the absolute \
                lifetime are in seconds";
            problems.push(ConfigProblem::new("lifetime_invalid", message));
        }
        let is_https = |url: &Url| url.scheme() == "https";
        if self.cookie_secure == Some(true) && base_urls.iter().any(|url| !is_https(url)) {
            let message = "cookies are set to `Secure`, but a base URL is http, so browsers would drop them; \
                serve the app over https";
            problems.push(ConfigProblem::new("cookie_secure_without_https", message));
        }
        let texts = self.texts.problems().iter();
        problems.extend(texts.map(|problem| ConfigProblem::new("texts_invalid", problem)));
        problems.extend(
            self.security_headers
                .iter()
                .filter_map(|headers| headers.content_security_policy.as_ref())
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
                Ok((CheckedWebConfig { config: self, webhooks }, addresses))
            }
            _ => Err(ConfigError::new(problems)),
        }
    }

    /// Whether a cookie secret is copied from the documentation, which is public.
    pub(crate) fn has_sample_secret(&self) -> bool {
        let secrets = &mut self.cookie_secrets.iter();
        secrets.any(|secret| secret.expose_secret() == SAMPLE_SECRET)
    }
}

/// Whether a path can be configured.
pub(crate) fn is_plain_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

#[cfg(test)]
mod tests {
    use logto::session::Lifetimes;

    use super::*;
    use crate::SecurityHeaders;

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
    fn cookies_are_secure_by_default_with_https() {
        assert!(config("https://app.example.com").check().unwrap().1.default.secure);
        assert!(!config("http://127.0.0.1:3000/").check().unwrap().1.default.secure);
    }

    #[test]
    fn http_beyond_this_machine_is_rejected() {
        assert_eq!(codes(config("http://app.example.com")), ["base_url_insecure"]);
        assert_eq!(codes(config("app.example.com")), ["base_url_invalid"]);
        assert_eq!(codes(config("https://user@app.example.com")), ["base_url_invalid"]);
        assert_eq!(
            codes(config("https://app.example.com/app;Domain=example.com")),
            ["base_url_invalid"]
        );
    }

    #[test]
    fn the_secret_of_the_documentation_is_rejected_beyond_this_machine() {
        let sample = |base_url: &str| WebConfig::new(base_url, [SAMPLE_SECRET.into()]);
        assert_eq!(codes(sample("https://app.example.com")), ["cookie_secret_sample"]);
        assert!(sample("http://localhost:3000").check().is_ok());
    }

    #[test]
    fn secure_cookies_are_rejected_with_http() {
        let config = config("http://localhost:3000").with_cookie_secure(true);
        assert_eq!(codes(config), ["cookie_secure_without_https"]);
    }

    #[test]
    fn a_lifetime_of_zero_is_rejected() {
        for (idle, absolute) in [(0, 60), (60, 0)] {
            let lifetimes = Lifetimes::default().with_idle(idle).with_absolute(absolute);
            let config = config("http://localhost:3000").with_lifetimes(lifetimes);
            assert_eq!(codes(config), ["lifetime_invalid"]);
        }
    }

    #[test]
    fn a_path_that_leaves_the_site_is_rejected() {
        for bad in ["callback", "//evil.example", "/a b", "/a?b", "/{id}"] {
            let config = config("http://localhost:3000").with_paths(Paths::default().with_callback(bad));
            assert_eq!(codes(config), ["path_invalid"], "{bad}");
        }
    }

    #[test]
    fn two_routes_cannot_have_one_path() {
        let clash = config("http://localhost:3000").with_sso_entry("/sign-in");
        assert_eq!(codes(clash), ["path_taken"]);
        let page = Paths::default().with_after_sign_out("/goodbye").with_error("/goodbye");
        assert!(config("http://localhost:3000").with_paths(page).check().is_ok());
    }

    #[test]
    fn a_webhook_without_a_signing_key_is_rejected() {
        let with = |keys: &[&str]| {
            let keys = keys.iter().map(|key| (*key).into());
            config("http://localhost:3000").with_webhooks(WebhookConfig::new(keys))
        };
        assert_eq!(codes(with(&[])), ["webhook_signing_key_missing"]);
        assert_eq!(codes(with(&[""])), ["webhook_signing_key_short"]);
        let long = "a key of sixteen bytes or more";
        assert_eq!(codes(with(&[long, "short"])), ["webhook_signing_key_short"]);
        assert!(with(&[long]).check().is_ok());
        let bad = WebhookConfig::new([long.into()]).with_path("webhook");
        let bad = config("http://localhost:3000").with_webhooks(bad);
        assert_eq!(codes(bad), ["path_invalid"]);
    }

    #[test]
    fn an_extra_parameter_cannot_be_one_of_the_protocol() {
        for name in ["redirect_uri", "Scope", "prompt", ""] {
            let config = config("http://localhost:3000").with_extra_parameter(name);
            assert_eq!(codes(config), ["extra_parameter_reserved"], "{name}");
        }
        let config = config("http://localhost:3000").with_extra_parameter("theme");
        assert!(config.check().is_ok());
    }

    #[test]
    fn an_invalid_source_of_the_policy_is_rejected() {
        let policy = ContentSecurityPolicy::default().allow(crate::CspDirective::ImgSrc, "x; script-src *");
        let config = config("http://localhost:3000")
            .with_security_headers(SecurityHeaders::none().with_content_security_policy(policy));
        assert_eq!(codes(config), ["csp_source_invalid"]);
    }

    #[test]
    fn every_base_url_is_checked_and_must_be_unique() {
        let with = |further: &str| config("https://a.example/app").with_further_base_url(further);
        assert_eq!(codes(with("http://b.example")), ["base_url_insecure"]);
        assert_eq!(codes(with("b.example")), ["base_url_invalid"]);
        assert_eq!(codes(with("https://A.example:443/other")), ["base_url_twice"]);
        assert_eq!(with("https://b.example").check().unwrap().1.further.len(), 1);
    }

    #[test]
    fn http_beyond_this_machine_has_to_be_allowed_and_makes_cookies_insecure() {
        let config = config("http://192.168.1.20:3000").with_further_base_url("http://*.lan.example");
        let error = config.clone().check().unwrap_err().to_string();
        assert!(
            error.contains("`allow_http`") && error.contains("LOGTO_ALLOW_HTTP"),
            "{error}"
        );
        let (_, addresses) = config.with_allow_http(true).check().unwrap();
        assert!(!addresses.default.secure && !addresses.wildcards[0].registered().secure);
    }

    #[test]
    fn a_wildcard_is_the_first_label_of_a_further_base_url() {
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
    fn a_trusted_proxy_is_an_address_or_a_network() {
        let with = |proxy: &str| config("https://a.example").with_trusted_proxy(proxy);
        assert_eq!(codes(with("proxy.example")), ["trusted_proxy_invalid"]);
        assert!(with("10.0.0.0/8").check().is_ok());
    }
}
