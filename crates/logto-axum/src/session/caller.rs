//! The page that asks for a sign-in: the user comes back to it unless the options say otherwise.

use http::{HeaderMap, HeaderValue, Method, Uri, header, uri::PathAndQuery};
use url::{Position, Url};

use crate::{address::Address, config::paths::Paths, return_to::ReturnTo};

/// Source of the default return path: the requested page, or the page that sent the request.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// The request opens the page itself.
    Itself(Option<PathAndQuery>),
    /// The page has sent a form or called a function, by GET perhaps: its `Referer` (RFC 9110
    /// §10.1.3).
    Sender(Option<HeaderValue>),
}

impl Caller {
    pub(crate) fn of(method: &Method, uri: &Uri, headers: &HeaderMap, calls_function: bool) -> Self {
        if method.is_safe() && !calls_function {
            Self::Itself(uri.path_and_query().cloned())
        } else {
            Self::Sender(headers.get(header::REFERER).cloned())
        }
    }

    /// The page, if it is one of this app. The routes of the protocol are none: to come back to
    /// them would end or repeat a sign-in. A query with a one-time token is left out.
    pub(crate) fn page(&self, address: &Address, paths: &Paths) -> Option<ReturnTo> {
        let page = match self {
            Self::Itself(path) => ReturnTo::parse(path.as_ref()?.as_str())?,
            Self::Sender(referer) => page_of(referer.as_ref()?, address)?,
        };
        let path = page.as_str().split(['?', '#']).next().unwrap_or_default();
        let routes = [
            &paths.sign_in,
            &paths.callback,
            &paths.sign_out,
            &paths.backchannel_logout,
        ];
        let mut not_pages = routes.into_iter().chain(&paths.error);
        (!not_pages.any(|route| route == address.within(path))).then(|| page.without_one_time_token())
    }
}

/// The path and query of a `Referer` of this app. Browsers leave out the fragment; the layer's
/// `Referrer-Policy` keeps the path.
fn page_of(referer: &HeaderValue, address: &Address) -> Option<ReturnTo> {
    let url = Url::parse(referer.to_str().ok()?).ok()?;
    let is_ours = url.origin().ascii_serialization() == address.origin && address.contains(url.path());
    ReturnTo::parse(&url[Position::BeforePath..Position::AfterQuery]).filter(|_| is_ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(base_url: &str, referer: &str) -> Option<String> {
        let address = Address::new(&Url::parse(base_url).unwrap(), true);
        let caller = Caller::Sender(Some(referer.parse().unwrap()));
        let paths = Paths::default().with_error("/failed");
        caller.page(&address, &paths).map(|page| page.to_string())
    }

    #[test]
    fn the_page_that_sent_the_request_is_known_by_its_referer() {
        let page = |referer| page("https://app.example", referer);
        assert_eq!(page("https://app.example/a?b=c"), Some("/a?b=c".into()));
        assert_eq!(page("https://app.example"), Some("/".into()));
        for elsewhere in [
            "https://evil.example/a",
            "http://app.example/a",
            "https://app.example:8443/a",
            "https://app.example//evil.example",
            "about:blank",
            "/a",
        ] {
            assert_eq!(page(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_page_of_another_app_on_the_same_host_is_none_of_this_app() {
        let page = |referer| page("https://host.example/app", referer);
        assert_eq!(page("https://host.example/app/a"), Some("/app/a".into()));
        assert_eq!(page("https://host.example/other"), None);
        assert_eq!(page("https://host.example/apple"), None);
    }

    #[test]
    fn nobody_comes_back_to_a_route_of_the_protocol() {
        for route in [
            "/sign-in?one_time_token=x",
            "/callback?code=x",
            "/sign-out",
            "/failed?code=x",
        ] {
            for base_url in ["https://app.example", "https://app.example/app"] {
                assert_eq!(page(base_url, &format!("{base_url}{route}")), None, "{base_url}{route}");
            }
        }
    }
}
