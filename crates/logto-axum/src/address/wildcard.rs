//! Base URLs with a wildcard: `https://*.preview.example.com`.

use url::{Host, Url};

use crate::address::{Address, requested};

/// Length limit of a label of a host name (RFC 1035 §2.3.4).
const MAX_LABEL_LEN: usize = 63;

/// A base URL whose first label is `*`. It matches any one label, as in a redirect URI that is
/// registered at Logto.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wildcard {
    base_url: Url,
    /// The rest of the host, with the dot.
    suffix: String,
    secure: bool,
}

/// The `*` is not the first label of the host, occurs twice, or is directly below a top-level
/// domain (`*.com`).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MisplacedWildcard;

pub(crate) fn has_wildcard(base_url: &Url) -> bool {
    base_url.host_str().is_some_and(|host| host.contains('*'))
}

impl Wildcard {
    /// Creates a wildcard. `secure` is whether its cookies are `Secure`.
    pub(crate) fn new(base_url: Url, secure: bool) -> Result<Self, MisplacedWildcard> {
        let Some(Host::Domain(name)) = base_url.host() else {
            return Err(MisplacedWildcard);
        };
        let rest = name
            .strip_prefix("*.")
            .filter(|rest| !rest.contains('*') && !rest.ends_with('.'));
        let rest = rest.ok_or(MisplacedWildcard)?;
        if !rest.contains('.') && rest != "localhost" {
            return Err(MisplacedWildcard);
        }
        let suffix = format!(".{rest}");
        Ok(Self {
            base_url,
            suffix,
            secure,
        })
    }

    /// The address with its `*`, to be registered in the Logto console.
    pub(crate) fn registered(&self) -> Address {
        Address::new(&self.base_url, self.secure)
    }

    /// Returns the address of a request for `host` and, if known, `scheme`, if the wildcard
    /// matches.
    pub(crate) fn address_of(&self, host: &str, scheme: Option<&str>) -> Option<Address> {
        let url = requested(self.base_url.scheme(), host, scheme)?;
        let Some(Host::Domain(name)) = url.host() else {
            return None;
        };
        let is_one = name.strip_suffix(&self.suffix).is_some_and(is_label);
        let same_port = url.port_or_known_default() == self.base_url.port_or_known_default();
        (is_one && same_port).then(|| self.at(name)).flatten()
    }

    fn at(&self, name: &str) -> Option<Address> {
        let mut base_url = self.base_url.clone();
        base_url.set_host(Some(name)).ok()?;
        Some(Address::new(&base_url, self.secure))
    }
}

/// Letters, digits and hyphens between them (RFC 1123 §2.1), in lower case as a parsed host is.
fn is_label(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=MAX_LABEL_LEN).contains(&text.len())
        && text.bytes().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wildcard(base_url: &str) -> Result<Wildcard, MisplacedWildcard> {
        Wildcard::new(Url::parse(base_url).unwrap(), true)
    }

    fn absolute(wildcard: &Wildcard, host: &str) -> Option<String> {
        wildcard
            .address_of(host, None)
            .map(|address| address.absolute("/callback"))
    }

    #[test]
    fn the_host_of_a_request_replaces_the_wildcard() {
        let previews = wildcard("https://*.preview.example.com/app").unwrap();
        for host in ["pr-7.preview.example.com", "PR-7.Preview.Example.com:443"] {
            let expected = "https://pr-7.preview.example.com/app/callback".to_owned();
            assert_eq!(absolute(&previews, host), Some(expected), "{host}");
        }
        assert!(previews.address_of("a.preview.example.com", Some("HTTPS")).is_some());
        assert!(previews.address_of("a.preview.example.com", Some("http")).is_none());
        let with_port = wildcard("https://*.preview.example.com:8443").unwrap();
        assert!(absolute(&with_port, "a.preview.example.com").is_none());
        assert!(absolute(&with_port, "a.preview.example.com:8443").is_some());
    }

    #[test]
    fn only_one_valid_label_matches() {
        let previews = wildcard("https://*.preview.example.com").unwrap();
        let long = format!("{}.preview.example.com", "a".repeat(64));
        for host in [
            "",
            "preview.example.com",
            ".preview.example.com",
            "*.preview.example.com",
            "a.b.preview.example.com",
            "a..preview.example.com",
            "a_b.preview.example.com",
            "-a.preview.example.com",
            "a-.preview.example.com",
            "a.preview.example.com.",
            "a.preview.example.com.evil.example",
            "evil.example",
            "evil.example/.preview.example.com",
            "evil.example?.preview.example.com",
            "evil.example#.preview.example.com",
            "evil.example\\.preview.example.com",
            "evil.example@a.preview.example.com",
            "evil@a.preview.example.com",
            "evil.example:80.preview.example.com",
            "evil%2eexample.preview.example.com",
            "a.preview.example.com:8443",
            "a.preview.example.com:443:443",
            "a.preview.example.com, evil.example",
            "ü.preview.example.com",
            "xpreview.example.com",
            "[::1].preview.example.com",
            long.as_str(),
        ] {
            assert_eq!(absolute(&previews, host), None, "{host}");
        }
    }

    #[test]
    fn the_wildcard_is_one_whole_label_below_a_domain() {
        for misplaced in [
            "https://*",
            "https://*.com",
            "https://a.*.example.com",
            "https://a*.example.com",
            "https://*a.example.com",
            "https://*.*.example.com",
            "https://*.example.com.",
            "https://*.com.",
            "https://example.*",
        ] {
            let url = Url::parse(misplaced).unwrap();
            assert!(has_wildcard(&url), "{misplaced}");
            assert_eq!(Wildcard::new(url, true), Err(MisplacedWildcard), "{misplaced}");
        }
        assert!(wildcard("http://*.localhost:3000").is_ok());
    }

    proptest! {
        #[test]
        fn whatever_the_host_is_an_address_made_from_it_is_below_the_domain(
            host in ".{0,40}(\\.preview\\.example\\.com)?(:[0-9]{0,4})?",
        ) {
            let previews = wildcard("https://*.preview.example.com").unwrap();
            if let Some(address) = previews.address_of(&host, None) {
                let url = Url::parse(&address.absolute("/callback")).unwrap();
                let label = url.host_str().unwrap().strip_suffix(".preview.example.com").unwrap();
                prop_assert!(is_label(label));
                prop_assert_eq!(url.port_or_known_default(), Some(443));
                prop_assert_eq!(url.path(), "/callback");
            }
        }
    }
}
