//! The cookie jar, RFC 6265 §5.3 and §5.4.

use url::Url;

use super::cookie::{BrowserCookie, SiteContext};

/// The cookies of a browser, in the order of their creation.
#[derive(Default)]
pub(super) struct CookieJar(Vec<BrowserCookie>);

impl CookieJar {
    /// Stores a cookie of a response from `url`, or removes one. A browser silently drops an
    /// invalid one.
    pub(super) fn store(&mut self, header: &str, url: &Url, now: u64) {
        if let Some(cookie) = BrowserCookie::read(header, url, now) {
            self.add(cookie);
            self.0.retain(|cookie| !cookie.has_expired(now));
        }
    }

    /// The value of the header `Cookie`. `None` without a cookie for this request.
    pub(super) fn header(&self, url: &Url, context: SiteContext, now: u64) -> Option<String> {
        let mut sent: Vec<_> = self
            .unexpired(now)
            .filter(|cookie| cookie.belongs_to(url, context))
            .collect();
        // Longer paths come first; the sort keeps the order of creation.
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path().len()));
        let pairs: Vec<_> = sent
            .iter()
            .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    pub(super) fn unexpired(&self, now: u64) -> impl Iterator<Item = &BrowserCookie> {
        self.0.iter().filter(move |cookie| !cookie.has_expired(now))
    }

    fn add(&mut self, cookie: BrowserCookie) {
        match self.0.iter_mut().find(|stored| stored.is_replaced_by(&cookie)) {
            Some(stored) => *stored = cookie,
            None => self.0.push(cookie),
        }
    }
}

impl Extend<BrowserCookie> for CookieJar {
    fn extend<I: IntoIterator<Item = BrowserCookie>>(&mut self, cookies: I) {
        for cookie in cookies {
            self.add(cookie);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000;

    const SAME_SITE: SiteContext = SiteContext {
        is_same_site: true,
        is_safe_navigation: true,
    };

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    /// The `Cookie` header of a request for `to`, after a response from `from`.
    fn sent(from: &str, headers: &[&str], to: &str, context: SiteContext, now: u64) -> Option<String> {
        let mut jar = CookieJar::default();
        for header in headers {
            jar.store(header, &url(from), NOW);
        }
        jar.header(&url(to), context, now)
    }

    fn is_sent(from: &str, header: &str, to: &str) -> bool {
        sent(from, &[header], to, SAME_SITE, NOW).is_some()
    }

    #[test]
    fn a_cookie_belongs_to_its_host_and_path() {
        let from = "https://app.example/a/b";
        assert!(is_sent(from, "n=v", "https://app.example/a/c"));
        assert!(is_sent(from, "n=v", "https://app.example:8443/a"));
        assert!(!is_sent(from, "n=v", "https://app.example/"));
        assert!(!is_sent(from, "n=v", "https://sub.app.example/a/b"));
        assert!(is_sent(from, "n=v; Path=/", "https://app.example/"));
        assert!(!is_sent(from, "n=v; Path=/a", "https://app.example/ab"));
        assert!(is_sent(
            from,
            "n=v; Path=/; Domain=app.example",
            "https://sub.app.example/"
        ));
        assert!(!is_sent(
            from,
            "n=v; Path=/; Domain=app.example",
            "https://myapp.example/"
        ));
        assert!(!is_sent(from, "n=v; Path=/; Domain=other.example", from));
    }

    #[test]
    fn a_secure_cookie_needs_https_or_this_machine() {
        for (from, accepted) in [
            ("https://app.example/", true),
            ("http://localhost:3000/", true),
            ("http://127.0.0.1/", true),
            ("http://app.example/", false),
        ] {
            assert_eq!(is_sent(from, "n=v; Secure", from), accepted, "{from}");
        }
        assert!(!is_sent("https://app.example/", "n=v; Secure", "http://app.example/"));
    }

    #[test]
    fn a_prefix_without_its_attributes_is_rejected() {
        let from = "https://app.example/";
        assert!(is_sent(from, "__Host-n=v; Secure; Path=/", from));
        assert!(is_sent(from, "__Secure-n=v; Secure", from));
        for rejected in [
            "__Host-n=v; Path=/",
            "__Host-n=v; Secure; Path=/; Domain=app.example",
            "__Host-n=v; Secure; Path=/a",
            "__Secure-n=v",
        ] {
            assert!(!is_sent(from, rejected, "https://app.example/a"), "{rejected}");
        }
    }

    #[test]
    fn a_cookie_above_the_size_limit_is_dropped() {
        let from = "https://app.example/";
        assert!(is_sent(from, &format!("n={}", "v".repeat(4095)), from));
        assert!(!is_sent(from, &format!("n={}", "v".repeat(4096)), from));
    }

    #[test]
    fn a_cookie_ends_with_its_lifetime() {
        let from = "https://app.example/";
        let sent_at = |header: &str, now| sent(from, &[header], from, SAME_SITE, now).is_some();
        assert!(sent_at("n=v; Max-Age=10", NOW + 9));
        assert!(!sent_at("n=v; Max-Age=10", NOW + 10));
        assert!(sent_at("n=v; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", NOW));
        assert!(!sent_at("n=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT", NOW));
        assert_eq!(sent(from, &["n=v", "n=; Max-Age=0"], from, SAME_SITE, NOW), None);
    }

    #[test]
    fn a_new_value_replaces_the_old_one_and_longer_paths_come_first() {
        let header = sent(
            "https://app.example/a/",
            &["n=old; Path=/", "n=new; Path=/", "m=v; Path=/a"],
            "https://app.example/a/b",
            SAME_SITE,
            NOW,
        );
        assert_eq!(header.unwrap(), "m=v; n=new");
    }

    #[test]
    fn same_site_decides_about_requests_of_other_sites() {
        let from = "https://app.example/";
        let sent_by_other = |header: &str, is_safe_navigation| {
            let context = SiteContext {
                is_same_site: false,
                is_safe_navigation,
            };
            sent(from, &[header], from, context, NOW).is_some()
        };
        for (header, by_link, by_form) in [
            ("n=v", true, false),
            ("n=v; SameSite=Lax", true, false),
            ("n=v; SameSite=Strict", false, false),
            ("n=v; SameSite=None; Secure", true, true),
            ("n=v; SameSite=None", false, false),
        ] {
            assert_eq!(sent_by_other(header, true), by_link, "{header}");
            assert_eq!(sent_by_other(header, false), by_form, "{header}");
        }
    }
}
