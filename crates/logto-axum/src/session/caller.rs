//! The page that a request comes from: by default the user returns to it after a sign-in.

use http::{HeaderMap, HeaderValue, Method, Uri, header, uri::PathAndQuery};
use url::{Position, Url};

use crate::{address::Address, config::paths::Paths, return_to::ReturnTo};

/// The source of the default return path.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// The request opens this page.
    Page(Option<PathAndQuery>),
    /// A page sent a form or called a server function: its `Referer` (RFC 9110 §10.1.3).
    Referer(Option<HeaderValue>),
}

impl Caller {
    pub(crate) fn of(method: &Method, uri: &Uri, headers: &HeaderMap, calls_function: bool) -> Self {
        if method.is_safe() && !calls_function {
            Self::Page(uri.path_and_query().cloned())
        } else {
            Self::Referer(headers.get(header::REFERER).cloned())
        }
    }

    /// Returns the page if it belongs to this app and is not a protocol route: returning to one
    /// would end or repeat a sign-in. A query with a one-time token and the error of a form are left
    /// out.
    pub(crate) fn page(&self, address: &Address, paths: &Paths) -> Option<ReturnTo> {
        let page = match self {
            Self::Page(path) => ReturnTo::parse(path.as_ref()?.as_str())?,
            Self::Referer(referer) => page_of(referer.as_ref()?, address)?,
        };
        let path = page.as_str().split(['?', '#']).next().unwrap_or_default();
        let routes = [
            &paths.sign_in,
            &paths.callback,
            &paths.sign_out,
            &paths.backchannel_logout,
        ];
        let mut not_pages = routes.into_iter().chain(&paths.error).chain(&paths.sso_entry);
        (!not_pages.any(|route| route == address.within(path))).then(|| page.without_one_time_parts())
    }
}

/// The path and query of a `Referer` of this app. Browsers omit the fragment.
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
        let caller = Caller::Referer(Some(referer.parse().unwrap()));
        let paths = Paths::default().with_error("/failed");
        caller.page(&address, &paths).map(|page| page.to_string())
    }

    #[test]
    fn the_referer_names_the_page_that_sent_the_request() {
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
    fn a_page_of_another_app_on_the_same_host_is_rejected() {
        let page = |referer| page("https://host.example/app", referer);
        assert_eq!(page("https://host.example/app/a"), Some("/app/a".into()));
        assert_eq!(page("https://host.example/other"), None);
        assert_eq!(page("https://host.example/apple"), None);
    }

    #[test]
    fn the_user_never_returns_to_a_protocol_route() {
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
