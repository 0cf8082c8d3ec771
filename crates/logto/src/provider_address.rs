//! The provider's public address, and its internal address for requests of this server.

use url::Url;

/// The issuer's public and internal address.
#[derive(Clone, Debug)]
pub(crate) struct ProviderAddress {
    public: Url,
    /// `None` if this server uses the public address.
    internal: Option<Url>,
}

impl ProviderAddress {
    /// Creates the addresses from the checked `endpoint` and `internal_endpoint`.
    pub(crate) fn new(endpoint: &Url, internal_endpoint: Option<&Url>) -> Self {
        Self {
            public: issuer_at(endpoint),
            internal: internal_endpoint.map(issuer_at),
        }
    }

    /// The URL of the discovery document for this server.
    pub(crate) fn discovery(&self) -> String {
        let issuer = self.internal.as_ref().unwrap_or(&self.public);
        format!("{issuer}/.well-known/openid-configuration")
    }

    /// The base URL of Logto's own APIs, for this server.
    pub(crate) fn api(&self) -> Url {
        beside(self.internal.as_ref().unwrap_or(&self.public), "api")
    }

    /// The base URL of Logto's account center, for browsers.
    pub(crate) fn account_center(&self) -> Url {
        beside(&self.public, "account")
    }

    /// Rewrites a URL of the provider to the public address. `None` if it is not the provider's.
    pub(crate) fn to_public(&self, url: &Url) -> Option<Url> {
        self.rewritten(url, &self.public)
    }

    /// Rewrites a URL of the provider to the internal address. `None` if it is not the provider's.
    pub(crate) fn to_internal(&self, url: &Url) -> Option<Url> {
        self.rewritten(url, self.internal.as_ref().unwrap_or(&self.public))
    }

    /// Logto derives the URLs in its document from the `Host` of the request, or the forwarded
    /// host, so they may have either address.
    fn rewritten(&self, url: &Url, to: &Url) -> Option<Url> {
        let plain = url.username().is_empty() && url.password().is_none();
        let mut ours = std::iter::once(&self.public).chain(&self.internal);
        let from = ours.find(|issuer| plain && issuer.origin() == url.origin())?;
        if from == to {
            return Some(url.clone());
        }
        let below = url.path().strip_prefix(from.path());
        let path = match below.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            Some(rest) => format!("{}{rest}", to.path()),
            None => url.path().to_owned(),
        };
        let mut rewritten = to.clone();
        rewritten.set_path(&path);
        rewritten.set_query(url.query());
        Some(rewritten)
    }
}

/// The sibling of the issuer with this name.
fn beside(issuer: &Url, name: &str) -> Url {
    let mut url = issuer.clone();
    let endpoint = issuer.path().strip_suffix("/oidc").unwrap_or_default();
    url.set_path(&format!("{endpoint}/{name}"));
    url
}

fn issuer_at(endpoint: &Url) -> Url {
    let mut issuer = endpoint.clone();
    issuer.set_path(&format!("{}/oidc", endpoint.path().trim_end_matches('/')));
    issuer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn both(address: &ProviderAddress, text: &str) -> Option<[String; 2]> {
        let url = url(text);
        Some([address.to_public(&url)?.into(), address.to_internal(&url)?.into()])
    }

    #[test]
    fn without_an_internal_address_urls_are_unchanged() {
        let address = ProviderAddress::new(&url("https://a.logto.app/"), None);
        assert_eq!(
            address.discovery(),
            "https://a.logto.app/oidc/.well-known/openid-configuration"
        );
        let token = "https://a.logto.app/elsewhere/token?x=1";
        assert_eq!(both(&address, token), Some([token.to_owned(), token.to_owned()]));
        assert_eq!(both(&address, "http://a.logto.app/oidc/token"), None);
    }

    #[test]
    fn a_url_with_either_address_is_rewritten_with_its_path() {
        let internal = url("http://logto:3001");
        let address = ProviderAddress::new(&url("https://example.com/id"), Some(&internal));
        assert_eq!(
            address.discovery(),
            "http://logto:3001/oidc/.well-known/openid-configuration"
        );
        let expected = Some([
            "https://example.com/id/oidc/auth?x=1".to_owned(),
            "http://logto:3001/oidc/auth?x=1".to_owned(),
        ]);
        assert_eq!(both(&address, "https://example.com/id/oidc/auth?x=1"), expected);
        assert_eq!(both(&address, "http://logto:3001/oidc/auth?x=1"), expected);
    }

    #[test]
    fn the_apis_have_the_internal_address_and_the_pages_the_public_one() {
        let internal = url("http://logto:3001");
        let address = ProviderAddress::new(&url("https://example.com/id"), Some(&internal));
        assert_eq!(address.api().as_str(), "http://logto:3001/api");
        assert_eq!(address.account_center().as_str(), "https://example.com/id/account");
        let address = ProviderAddress::new(&url("https://example.com/id/"), None);
        assert_eq!(address.api().as_str(), "https://example.com/id/api");
    }

    #[test]
    fn a_url_with_neither_address_is_rejected() {
        let internal = url("http://logto:3001");
        let address = ProviderAddress::new(&url("https://auth.example.com"), Some(&internal));
        for foreign in [
            "https://evil.example/oidc/auth",
            "https://logto:3001/oidc/auth",
            "http://logto:3002/oidc/auth",
            "http://user@logto:3001/oidc/auth",
            "http://:password@logto:3001/oidc/auth",
            "https://auth.example.com@evil.example/oidc/auth",
        ] {
            assert_eq!(both(&address, foreign), None, "{foreign}");
        }
    }
}
