//! Selects the address of a request, by its host or by a trusted proxy.

use std::{
    borrow::Cow,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::extract::ConnectInfo;
use http::{HeaderMap, Request, header};
use ipnet::IpNet;

use crate::{address::Address, address::wildcard::Wildcard, cookie::CookieJar};

/// An address of the app, and its cookies.
pub(crate) struct Site {
    pub(crate) address: Address,
    /// Shared by all hosts of a wildcard, because names and attributes of host-only cookies do not
    /// depend on the host.
    pub(crate) cookies: Arc<CookieJar>,
}

/// The checked addresses of the app, and the proxies whose forwarded hosts are used.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) default: Address,
    pub(crate) further: Vec<Address>,
    pub(crate) wildcards: Vec<Wildcard>,
    pub(crate) trusted_proxies: Vec<IpNet>,
}

/// A wildcard, and the cookies that all its hosts share.
pub(crate) struct WildcardSites {
    pub(crate) wildcard: Wildcard,
    cookies: Arc<CookieJar>,
}

impl WildcardSites {
    fn site(&self, address: Address) -> Arc<Site> {
        let cookies = Arc::clone(&self.cookies);
        Arc::new(Site { address, cookies })
    }
}

/// All sites of the app.
pub(crate) struct Sites {
    default: Arc<Site>,
    further: Vec<Arc<Site>>,
    wildcards: Vec<WildcardSites>,
    trusted_proxies: Vec<IpNet>,
    /// Whether a request came without its peer's address, so that no proxy is trusted.
    has_unknown_peer: AtomicBool,
}

/// The error if requests come without their peer's address.
pub(crate) const PEER_UNKNOWN: &str = "trusted proxies are configured, but a request came without the address \
    of its peer, so no proxy is trusted and all forwarded hosts are ignored; serve with \
    `router.into_make_service_with_connect_info::<std::net::SocketAddr>()`";

impl Sites {
    pub(crate) fn new(addresses: Addresses, jar: impl Fn(&Address) -> CookieJar) -> Self {
        let open = |address: Address| {
            let cookies = Arc::new(jar(&address));
            Arc::new(Site { address, cookies })
        };
        let open_wildcard = |wildcard: Wildcard| WildcardSites {
            cookies: Arc::new(jar(&wildcard.registered())),
            wildcard,
        };
        Self {
            default: open(addresses.default),
            further: addresses.further.into_iter().map(open).collect(),
            wildcards: addresses.wildcards.into_iter().map(open_wildcard).collect(),
            trusted_proxies: addresses.trusted_proxies,
            has_unknown_peer: AtomicBool::new(false),
        }
    }

    pub(crate) fn first(&self) -> &Site {
        &self.default
    }

    /// The sites without a wildcard, the default first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Site>> {
        std::iter::once(&self.default).chain(&self.further)
    }

    pub(crate) fn wildcards(&self) -> impl Iterator<Item = &Wildcard> {
        self.wildcards.iter().map(|sites| &sites.wildcard)
    }

    /// All addresses, including those with a wildcard.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = Cow<'_, Address>> {
        let plain = self.iter().map(|site| Cow::Borrowed(&site.address));
        plain.chain(self.wildcards().map(|wildcard| Cow::Owned(wildcard.registered())))
    }

    /// Returns the site of a request: the one that its host names, or the default. No text of the
    /// request becomes part of an address, except the label of a wildcard.
    pub(crate) fn of<B>(&self, request: &Request<B>) -> Arc<Site> {
        let several = !self.further.is_empty() || !self.wildcards.is_empty();
        let named = several.then(|| self.named(request)).flatten();
        named.unwrap_or_else(|| Arc::clone(&self.default))
    }

    /// Returns the site that the host of a request names.
    pub(crate) fn named<B>(&self, request: &Request<B>) -> Option<Arc<Site>> {
        let headers = request.headers();
        let by_proxy = self.is_from_trusted_proxy(request).then(|| Forwarded::read(headers));
        let Forwarded { host, scheme } = match by_proxy {
            Some(Ok(forwarded)) => forwarded,
            Some(Err(Contradiction)) => return None,
            None => Forwarded::default(),
        };
        // Over HTTP/2 the host is in the URI.
        let own = || {
            let authority = request.uri().authority().map(http::uri::Authority::as_str);
            authority.or_else(|| single(headers, header::HOST.as_str()))
        };
        let host = host.or_else(own)?;
        let plain = self.iter().find(|site| site.address.matches(host, scheme));
        plain.map(Arc::clone).or_else(|| {
            let mut wildcards = self.wildcards.iter();
            wildcards.find_map(|sites| Some(sites.site(sites.wildcard.address_of(host, scheme)?)))
        })
    }

    fn is_from_trusted_proxy<B>(&self, request: &Request<B>) -> bool {
        if self.trusted_proxies.is_empty() {
            return false;
        }
        let Some(ConnectInfo(address)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else {
            if !self.has_unknown_peer.swap(true, Ordering::Relaxed) {
                tracing::error!(code = "peer_unknown", "{PEER_UNKNOWN}");
            }
            return false;
        };
        // A dual-stack socket reports IPv4 peers as IPv6 addresses.
        let peer = address.ip().to_canonical();
        self.trusted_proxies.iter().any(|net| net.contains(&peer))
    }

    /// Whether a request came without its peer's address although proxies are trusted.
    pub(crate) fn has_unknown_peer(&self) -> bool {
        self.has_unknown_peer.load(Ordering::Relaxed)
    }
}

/// The host and scheme of the request that a proxy received.
#[derive(Debug, Default, PartialEq, Eq)]
struct Forwarded<'a> {
    host: Option<&'a str>,
    scheme: Option<&'a str>,
}

/// The two kinds of headers contradict each other, so one of them is from the client.
#[derive(Debug, PartialEq, Eq)]
struct Contradiction;

impl<'a> Forwarded<'a> {
    /// Reads `X-Forwarded-Host`, `X-Forwarded-Proto` and `Forwarded` (RFC 7239). Only the last
    /// value was written by the proxy next to this server; a client may have sent the others.
    fn read(headers: &'a HeaderMap) -> Result<Self, Contradiction> {
        let element = last(headers, "forwarded");
        let standard = |name: &str| {
            let mut pairs = element?.split(';').filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
            Some(value.trim().trim_matches('"'))
        };
        Ok(Self {
            host: agreed(last(headers, "x-forwarded-host"), standard("host"))?,
            scheme: agreed(last(headers, "x-forwarded-proto"), standard("proto"))?.map(|scheme| match scheme {
                // Some proxies send these for WebSockets.
                "wss" => "https",
                "ws" => "http",
                other => other,
            }),
        })
    }
}

fn agreed<'a>(one: Option<&'a str>, other: Option<&'a str>) -> Result<Option<&'a str>, Contradiction> {
    match (one, other) {
        (Some(one), Some(other)) if !one.eq_ignore_ascii_case(other) => Err(Contradiction),
        _ => Ok(one.or(other)),
    }
}

/// The last element of a list, in one header or several.
fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim)
}

/// The value of a header that occurs once.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Parses the IP address of a proxy, or a network in CIDR notation.
pub(crate) fn parse_proxy(text: &str) -> Option<IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> Result<(Option<String>, Option<String>), Contradiction> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let Forwarded { host, scheme } = Forwarded::read(&map)?;
        Ok((host.map(str::to_owned), scheme.map(str::to_owned)))
    }

    #[test]
    fn the_last_value_counts_because_the_trusted_proxy_wrote_it() {
        let read = |headers: &[(&'static str, &'static str)]| read(headers).unwrap();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read(&[]), (None, None));
        assert_eq!(
            read(&[
                ("x-forwarded-host", "evil.example, a.example"),
                ("x-forwarded-proto", "http,https")
            ]),
            (some("a.example"), some("https"))
        );
        assert_eq!(read(&[("x-forwarded-proto", "wss")]), (None, some("https")));
        assert_eq!(
            read(&[("x-forwarded-host", "evil.example"), ("x-forwarded-host", "a.example")]),
            (some("a.example"), None)
        );
        assert_eq!(
            read(&[(
                "forwarded",
                "host=evil.example, for=192.0.2.1;Host=\"a.example:8443\"; proto=https"
            )]),
            (some("a.example:8443"), some("https"))
        );
    }

    #[test]
    fn headers_that_contradict_each_other_are_rejected() {
        let forged = ("x-forwarded-host", "b.example");
        assert_eq!(read(&[("forwarded", "host=a.example"), forged]), Err(Contradiction));
        assert!(read(&[("forwarded", "host=B.example"), forged]).is_ok());
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for good in ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"] {
            assert!(parse_proxy(good).is_some(), "{good}");
        }
        for bad in ["", "10.0.0.0/33", "proxy.example", "10.0.0"] {
            assert!(parse_proxy(bad).is_none(), "{bad}");
        }
    }
}
