//! The base URLs of a configuration, checked.

use std::collections::BTreeSet;

use logto::{ConfigProblem, is_loopback};
use url::Url;

use crate::address::wildcard::{Wildcard, has_wildcard};

/// The base URLs of a [`WebConfig`], as far as each is valid.
pub(crate) struct BaseUrls {
    pub(crate) default: Option<Url>,
    pub(crate) further: Vec<Url>,
    /// Those with a `*`.
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
            let message = "`base_url` has a `*`: it is the address of requests that name no other, so write one host, and put the \
                 address with the `*` into `further_base_urls`";
            problems.push(ConfigProblem::new("base_url_wildcard", message));
        }
        let further = further.iter();
        let further = further.filter_map(|url| check("further_base_urls", url, allow_http, problems));
        let (wildcards, further): (Vec<_>, Vec<_>) = further.partition(has_wildcard);
        if wildcards.iter().any(|url| Wildcard::new(url.clone(), true).is_err()) {
            let message = "a `*` in `further_base_urls` stands for the first label of the host alone, below a domain: \
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
            let message = "two of `base_url` and `further_base_urls` have the same scheme, host and port: a request does not tell which one \
                 it is for";
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
        // The path becomes the `Path` of cookies, where a semicolon begins the next attribute (RFC
        // 6265 §4.1.1).
        plain && url.has_host() && matches!(url.scheme(), "http" | "https") && !url.path().contains(';')
    });
    let Some(url) = usable else {
        let message = format!(
            "`{name}` is no absolute http(s) address without query or semicolon; it looks like https://app.example.com"
        );
        problems.push(ConfigProblem::new("base_url_invalid", message));
        return None;
    };
    if is_insecure(&url) && !allow_http {
        let message = format!(
            "`{name}` is http beyond this machine: sessions would cross the network unencrypted; use https, or set `allow_http` \
             (LOGTO_ALLOW_HTTP=true in the quick start) for a trial in a network you trust"
        );
        problems.push(ConfigProblem::new("base_url_insecure", message));
        return None;
    }
    Some(url)
}

/// Whether sessions cross a network unencrypted.
pub(crate) fn is_insecure(base_url: &Url) -> bool {
    base_url.scheme() == "http" && !is_loopback(base_url)
}
