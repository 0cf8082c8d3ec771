//! Checks of the base URLs.

use std::collections::BTreeSet;

use logto::ConfigProblem;
use url::Url;

use crate::address::{
    is_insecure,
    wildcard::{Wildcard, has_wildcard},
};

/// The valid base URLs of a configuration.
pub(crate) struct BaseUrls {
    pub(crate) default: Option<Url>,
    pub(crate) further: Vec<Url>,
    /// Further base URLs with a `*`.
    pub(crate) wildcards: Vec<Url>,
}

impl BaseUrls {
    pub(crate) fn check(
        base_url: &str,
        further: &[String],
        allow_http: bool,
        problems: &mut Vec<ConfigProblem>,
    ) -> Self {
        let default = check("base_url", base_url, allow_http, problems);
        if default.as_ref().is_some_and(has_wildcard) {
            let message = "`base_url` has a `*`, but it is the default address: use one host, and add the \
                address with the `*` as a further base URL";
            problems.push(ConfigProblem::new("base_url_wildcard", message));
        }
        let further = further.iter();
        let further = further.filter_map(|url| check("further_base_urls", url, allow_http, problems));
        let (wildcards, further): (Vec<_>, Vec<_>) = further.partition(has_wildcard);
        if wildcards.iter().any(|url| Wildcard::new(url.clone(), true).is_err()) {
            let message = "a `*` in `further_base_urls` has to be the first label of a host below a domain: \
                https://*.preview.example.com";
            problems.push(ConfigProblem::new("base_url_wildcard", message));
        }
        let urls = Self {
            default,
            further,
            wildcards,
        };
        let origins: BTreeSet<_> = urls.iter().map(|url| url.origin().ascii_serialization()).collect();
        if origins.len() < urls.iter().count() {
            let message = "two of `base_url` and `further_base_urls` have the same scheme, host and port, so \
                requests cannot be assigned to one of them";
            problems.push(ConfigProblem::new("base_url_twice", message));
        }
        urls
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Url> {
        self.default.iter().chain(&self.further).chain(&self.wildcards)
    }
}

fn check(name: &str, base_url: &str, allow_http: bool, problems: &mut Vec<ConfigProblem>) -> Option<Url> {
    let usable = Url::parse(base_url).ok().filter(|url| {
        let plain =
            url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        // The path becomes the `Path` of cookies, where a semicolon would begin another attribute
        // (RFC 6265 §4.1.1).
        plain && url.has_host() && matches!(url.scheme(), "http" | "https") && !url.path().contains(';')
    });
    let Some(url) = usable else {
        let message = format!(
            "`{name}` is not an absolute http(s) URL without query or semicolon; it looks like https://app.example.com"
        );
        problems.push(ConfigProblem::new("base_url_invalid", message));
        return None;
    };
    if is_insecure(&url) && !allow_http {
        let message = format!(
            "`{name}` is http beyond this machine: sessions would cross the network unencrypted; use https, or \
             set `allow_http` (LOGTO_ALLOW_HTTP=true in the environment) for a trial in a network you trust"
        );
        problems.push(ConfigProblem::new("base_url_insecure", message));
        return None;
    }
    Some(url)
}
