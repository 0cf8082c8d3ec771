//! The headers with which a browser describes a request: `Sec-Fetch-*` (Fetch Metadata Request
//! Headers), `Origin`, `Referer` and `Accept`.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use url::Url;

use super::cause::{Initiator, Kind};

const PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// The headers of the last request of `chain`: the first URL and those it was redirected to.
pub(super) fn of(kind: Kind, method: &Method, chain: &[Url], initiator: Option<&Initiator>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        let value = HeaderValue::from_str(value).expect("a URL and the constants are valid headers");
        headers.insert(HeaderName::from_static(name), value);
    };
    let (mode, dest, accept) = match kind {
        Kind::Navigation | Kind::Prefetch => ("navigate", "document", PAGES),
        Kind::Fetch => ("cors", "empty", "*/*"),
    };
    set("accept", accept);
    set("sec-fetch-mode", mode);
    set("sec-fetch-dest", dest);
    match kind {
        Kind::Navigation => {
            set("sec-fetch-user", "?1");
            set("upgrade-insecure-requests", "1");
        }
        Kind::Prefetch => set("sec-purpose", "prefetch"),
        Kind::Fetch => {}
    }
    let Some(initiator) = initiator else {
        set("sec-fetch-site", "none");
        return headers;
    };
    let site = Relation::of(&initiator.site, chain);
    set("sec-fetch-site", site.name());
    let is_cross_origin_fetch = kind == Kind::Fetch && site != Relation::SameOrigin;
    if !method.is_safe() || is_cross_origin_fetch {
        set(header::ORIGIN.as_str(), &initiator.site.origin().ascii_serialization());
    }
    if let Some(referrer) = chain.last().and_then(|url| referrer(initiator.page.as_ref()?, url)) {
        set(header::REFERER.as_str(), &referrer);
    }
    headers
}

/// Whether a page at `page` and `url` belong to the same site. There is no public suffix list:
/// other hosts are other sites.
pub(super) fn is_same_site(page: &Url, url: &Url) -> bool {
    page.scheme() == url.scheme() && page.host() == url.host()
}

/// How the page that caused a request relates to the URLs of the request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    SameOrigin,
    SameSite,
    CrossSite,
}

impl Relation {
    /// A redirect through another site makes a request cross-site, even if it comes back.
    fn of(page: &Url, chain: &[Url]) -> Self {
        let relation = |url: &Url| match (page.origin() == url.origin(), is_same_site(page, url)) {
            (true, _) => Self::SameOrigin,
            (false, true) => Self::SameSite,
            (false, false) => Self::CrossSite,
        };
        chain.iter().map(relation).max().unwrap_or(Self::SameOrigin)
    }

    fn name(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::SameSite => "same-site",
            Self::CrossSite => "cross-site",
        }
    }
}

/// The header `Referer` by the default policy of browsers, `strict-origin-when-cross-origin`.
fn referrer(page: &Url, url: &Url) -> Option<String> {
    if page.scheme() == "https" && url.scheme() == "http" {
        return None;
    }
    if page.origin() != url.origin() {
        return Some(format!("{}/", page.origin().ascii_serialization()));
    }
    let mut page = page.clone();
    page.set_fragment(None);
    Some(page.into())
}
