//! A stored cookie, RFC 6265 §5.3.

use std::fmt;

use cookie::{Cookie, Expiration, SameSite};
use url::{Host, Url};

/// Browsers silently drop a cookie whose name and value together are longer, in bytes (RFC 6265bis
/// §5.7).
const MAX_LENGTH: usize = 4096;

/// A cookie in the jar of a [`Browser`](crate::Browser). `Debug` does not show its value.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserCookie {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) domain: String,
    /// Whether only `domain` itself receives the cookie, not the hosts below it.
    pub(super) host_only: bool,
    pub(super) path: String,
    /// Seconds since the Unix epoch. `None`: until the browser closes.
    pub(super) expires: Option<u64>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
}

impl fmt::Debug for BrowserCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserCookie")
            .field("name", &self.name)
            .field("domain", &self.domain)
            .field("path", &self.path)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// The conditions of a request that decide about `SameSite`.
#[derive(Clone, Copy, Debug)]
pub(super) struct SiteContext {
    /// Whether a page of the same site, or no page, caused the request.
    pub(super) is_same_site: bool,
    /// Whether the request opens a page with a safe method.
    pub(super) is_safe_navigation: bool,
}

impl BrowserCookie {
    /// The name, with its prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value, as the app has set it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The host that set the cookie, or its attribute `Domain`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The attribute `Path`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// When the cookie expires, in seconds since the Unix epoch. `None` if it lives until the
    /// browser closes.
    pub fn expires(&self) -> Option<u64> {
        self.expires
    }

    /// Whether the cookie has the attribute `Secure`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether the cookie has the attribute `HttpOnly`.
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// Reads a `Set-Cookie` header of a response from `url`. `None` if a browser rejects it.
    pub(super) fn read(header: &str, url: &Url, now: u64) -> Option<Self> {
        let parsed = Cookie::parse(header).ok()?;
        let host = url.host_str()?;
        let domain = parsed
            .domain()
            .map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
        let path = parsed.path().filter(|path| path.starts_with('/'));
        let cookie = Self {
            name: parsed.name().to_owned(),
            value: parsed.value().to_owned(),
            host_only: domain.is_none(),
            path: path.map_or_else(|| default_path(url.path()), str::to_owned),
            expires: expiry(&parsed, now),
            secure: parsed.secure().unwrap_or_default(),
            http_only: parsed.http_only().unwrap_or_default(),
            same_site: parsed.same_site().unwrap_or(SameSite::Lax),
            domain: domain.unwrap_or_else(|| host.to_owned()),
        };
        cookie.is_accepted_from(url).then_some(cookie)
    }

    fn is_accepted_from(&self, url: &Url) -> bool {
        let fits = self.name.len() + self.value.len() <= MAX_LENGTH;
        let is_own_domain = self.host_only || is_below(url, &self.domain);
        let may_be_secure = !self.secure || is_trustworthy(url);
        let keeps_prefix = if self.name.starts_with("__Host-") {
            self.secure && self.host_only && self.path == "/"
        } else {
            self.secure || !self.name.starts_with("__Secure-")
        };
        let keeps_same_site = self.secure || self.same_site != SameSite::None;
        fits && is_own_domain && may_be_secure && keeps_prefix && keeps_same_site
    }

    /// Whether the cookie belongs to a request for `url`.
    pub(super) fn belongs_to(&self, url: &Url, context: SiteContext) -> bool {
        let is_host = if self.host_only {
            url.host_str() == Some(&self.domain)
        } else {
            is_below(url, &self.domain)
        };
        let may_be_sent = !self.secure || is_trustworthy(url);
        let crosses_sites = match self.same_site {
            SameSite::None => true,
            SameSite::Lax => context.is_safe_navigation,
            SameSite::Strict => false,
        };
        is_host && may_be_sent && path_matches(url.path(), &self.path) && (context.is_same_site || crosses_sites)
    }

    pub(super) fn has_expired(&self, now: u64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether a browser replaces this cookie by `other`.
    pub(super) fn is_replaced_by(&self, other: &Self) -> bool {
        self.name == other.name && self.domain == other.domain && self.path == other.path
    }
}

/// `Max-Age` takes precedence over `Expires`, RFC 6265 §5.3.
fn expiry(cookie: &Cookie<'_>, now: u64) -> Option<u64> {
    if let Some(max_age) = cookie.max_age() {
        let seconds = u64::try_from(max_age.whole_seconds()).unwrap_or_default();
        return Some(now.saturating_add(seconds));
    }
    match cookie.expires()? {
        Expiration::DateTime(time) => Some(u64::try_from(time.unix_timestamp()).unwrap_or_default()),
        Expiration::Session => None,
    }
}

/// The path of a cookie without `Path`, RFC 6265 §5.1.4.
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
    }
}

/// RFC 6265 §5.1.4.
fn path_matches(path: &str, cookie_path: &str) -> bool {
    let rest = path.strip_prefix(cookie_path);
    rest.is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

/// Whether the host of `url` is `domain` or below it, RFC 6265 §5.1.3.
fn is_below(url: &Url, domain: &str) -> bool {
    match url.host() {
        Some(Host::Domain(host)) => {
            let prefix = host.strip_suffix(domain);
            prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
        }
        Some(address) => address.to_string() == domain,
        None => false,
    }
}

/// Whether browsers treat `url` as secure: https, or this machine.
fn is_trustworthy(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || is_loopback
}
