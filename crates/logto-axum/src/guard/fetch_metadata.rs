//! The fetch metadata of a request: where it comes from, and what caused it.
//!
//! `Sec-Fetch-*` and `Sec-Purpose` (Fetch Metadata Request Headers) cannot be set by pages.
//! `Origin` and `Accept` complete them, for old browsers and for service workers.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The source of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A page of this app; or no page, if the user typed the address or followed a bookmark.
    ThisSite,
    /// A page of this server that was opened by another name than the base URL (`localhost` for
    /// `127.0.0.1`, for example).
    OtherHost,
    /// Neither header is present: probably not a browser.
    Unknown,
    /// Any other page.
    CrossSite,
}

/// The origin of the page that sent a request.
pub(crate) fn origin_of(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(header::ORIGIN)
}

/// Judges by `Sec-Fetch-Site` or, without it, by `Origin`. `own` is the origin of this app.
pub(crate) fn source_of(headers: &HeaderMap, own: &str) -> Source {
    let origin = origin_of(headers).map(HeaderValue::as_bytes);
    let same = origin == Some(own.as_bytes());
    match headers.get(&SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
        // `none` means that no page caused the request. A page with the referrer policy
        // `no-referrer` sends the origin `null` (Fetch §3.2).
        Some(b"same-origin" | b"none") if same || matches!(origin, None | Some(b"null")) => Source::ThisSite,
        Some(b"same-origin") => Source::OtherHost,
        None if same => Source::ThisSite,
        None if origin.is_none() => Source::Unknown,
        _ => Source::CrossSite,
    }
}

/// Whether no page caused the request: the user typed the address, or followed a link in an email
/// or another program.
pub(crate) fn is_opened_without_page(headers: &HeaderMap) -> bool {
    headers.get(&SEC_FETCH_SITE).is_some_and(|site| site == "none")
}

/// The cause of a request. Only a navigation or a call can start a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initiator {
    /// The user opens a page or submits a form. Also the default without fetch metadata.
    Navigation,
    /// A script sends a request that is not a GET: a call of a server function, for example.
    Call,
    /// A script sends a GET, or a page embeds the response. Neither can show the provider's page.
    Fetch,
    /// The browser fetches a page that the user may never open.
    Prefetch,
}

/// Judges by `Sec-Purpose` and its predecessors, and by `Sec-Fetch-Mode` and `Sec-Fetch-Dest`.
///
/// A service worker that passes a navigation through `fetch` changes mode and destination (Fetch
/// §5.4), but not `Accept`. So a same-origin request that accepts HTML counts as a navigation too.
pub(crate) fn initiator_of(method: &Method, headers: &HeaderMap) -> Initiator {
    let (mut navigates, mut may_be_passed_on, mut is_own) = (true, true, false);
    // One pass over the headers costs less than looking up seven names, of which most are absent.
    for (name, value) in headers {
        match name.as_str() {
            "sec-purpose" | "x-sec-purpose" | "purpose" | "x-moz" if contains(value, "prefetch") => {
                return Initiator::Prefetch;
            }
            "sec-fetch-mode" => {
                navigates &= value == "navigate";
                may_be_passed_on &= value == "navigate" || value == "same-origin" || value == "cors";
            }
            "sec-fetch-dest" => {
                navigates &= value == "document";
                may_be_passed_on &= value == "document" || value == "empty";
            }
            "sec-fetch-site" => is_own = value == "same-origin" || value == "none",
            _ => {}
        }
    }
    let is_passed_on = || may_be_passed_on && is_own && accepts_html(headers);
    match (navigates || is_passed_on(), method.is_safe()) {
        (true, _) => Initiator::Navigation,
        (false, true) => Initiator::Fetch,
        (false, false) => Initiator::Call,
    }
}

/// Whether the response may be a page: the request is from a form or a page, not from the client of
/// server functions (`leptos_axum::redirect` judges the same way).
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT);
    accept.iter().any(|accept| contains(accept, "text/html"))
}

/// Whether the response is shown as a page. A service worker that passes a navigation through
/// `fetch` does not change its `Accept`.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    match headers.get(&SEC_FETCH_DEST).map(HeaderValue::as_bytes) {
        Some(b"document") => true,
        Some(b"empty") | None => accepts_html(headers),
        Some(_) => false,
    }
}

/// Whether a browser says that the response becomes the document of a tab. An old browser or a
/// program says nothing.
pub(crate) fn opens_document(headers: &HeaderMap) -> bool {
    headers
        .get(&SEC_FETCH_DEST)
        .is_some_and(|destination| destination == "document")
}

/// Whether the request opens a page, rather than a file, which needs no session.
pub(crate) fn is_document<B>(request: &Request<B>) -> bool {
    request.method() == Method::GET && wants_page(request.headers()) && !names_a_file(request.uri().path())
}

/// Whether the path ends in a file extension. A page with such a path refreshes its tokens while it
/// renders.
fn names_a_file(path: &str) -> bool {
    let bytes = path.as_bytes();
    let extension = bytes.iter().rev().position(|byte| !byte.is_ascii_alphanumeric());
    extension.is_some_and(|length| (1..=5).contains(&length) && bytes.iter().nth_back(length) == Some(&b'.'))
}

/// Whether a list contains this member, with parameters or without.
fn contains(list: &HeaderValue, member: &str) -> bool {
    let mut parts = list.as_bytes().split(|byte| matches!(byte, b',' | b';'));
    parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(member.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(site: Option<&'static str>, origin: Option<&'static str>) -> Source {
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        source_of(&headers, "https://app.example")
    }

    #[test]
    fn only_pages_of_this_app_are_same_site() {
        let own = Some("https://app.example");
        for (site, origin) in [
            (Some("same-origin"), own),
            (Some("same-origin"), None),
            (Some("same-origin"), Some("null")),
            (Some("none"), None),
            (None, own),
        ] {
            assert_eq!(source(site, origin), Source::ThisSite, "{site:?} {origin:?}");
        }
        for (site, origin) in [
            (Some("cross-site"), own),
            (Some("cross-site"), None),
            (Some("same-site"), own),
            (Some("none"), Some("https://evil.example")),
            (Some("nonsense"), own),
            (None, Some("https://evil.example")),
            (None, Some("https://app.example.evil.example")),
            (None, Some("http://app.example")),
            (None, Some("https://app.example:8443")),
            (None, Some("null")),
        ] {
            assert_eq!(source(site, origin), Source::CrossSite, "{site:?} {origin:?}");
        }
        assert_eq!(source(None, None), Source::Unknown);
    }

    #[test]
    fn a_page_opened_by_another_name_of_the_server_is_recognized() {
        assert_eq!(
            source(Some("same-origin"), Some("http://localhost:3000")),
            Source::OtherHost
        );
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        pairs.collect()
    }

    fn initiator(method: &Method, pairs: &[(&'static str, &'static str)]) -> Initiator {
        initiator_of(method, &headers(pairs))
    }

    #[test]
    fn only_a_request_without_a_page_is_opened_without_one() {
        assert!(is_opened_without_page(&headers(&[("sec-fetch-site", "none")])));
        assert!(!is_opened_without_page(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_opened_without_page(&headers(&[])));
    }

    #[test]
    fn a_prefetch_is_recognized_by_every_header_that_browsers_have_used() {
        for header in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "prefetch;anonymous-client-ip"),
            ("sec-purpose", "other, Prefetch"),
            ("x-sec-purpose", "prefetch"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
        ] {
            assert_eq!(
                initiator(&Method::GET, &[header, ("sec-fetch-mode", "navigate")]),
                Initiator::Prefetch,
                "{header:?}"
            );
        }
        for other in [("sec-purpose", "prefetched"), ("purpose", ""), ("x-moz", "other")] {
            assert_eq!(initiator(&Method::GET, &[other]), Initiator::Navigation, "{other:?}");
        }
    }

    #[test]
    fn html_is_accepted_if_the_header_lists_it() {
        let accepts = |values: &[&'static str]| {
            let headers = values.iter().map(|value| (header::ACCEPT, value.parse().unwrap()));
            accepts_html(&headers.collect())
        };
        assert!(accepts(&["text/html,application/xhtml+xml;q=0.9"]));
        assert!(accepts(&["application/json, Text/HTML;q=0.1"]));
        assert!(accepts(&["application/json", "text/html"]));
        assert!(!accepts(&["text/html-fragment"]) && !accepts(&["*/*"]) && !accepts(&[]));
    }

    #[test]
    fn a_script_is_distinguished_from_a_navigation() {
        let (navigate, cors) = (("sec-fetch-mode", "navigate"), ("sec-fetch-mode", "cors"));
        let (document, empty) = (("sec-fetch-dest", "document"), ("sec-fetch-dest", "empty"));
        assert_eq!(initiator(&Method::GET, &[navigate, document]), Initiator::Navigation);
        assert_eq!(initiator(&Method::POST, &[navigate, document]), Initiator::Navigation);
        assert_eq!(initiator(&Method::POST, &[]), Initiator::Navigation, "an old browser");
        assert_eq!(initiator(&Method::GET, &[cors, empty]), Initiator::Fetch);
        assert_eq!(initiator(&Method::GET, &[empty]), Initiator::Fetch);
        for embedded in ["iframe", "frame", "embed", "object"] {
            let embedded = ("sec-fetch-dest", embedded);
            assert_eq!(initiator(&Method::GET, &[navigate, embedded]), Initiator::Fetch);
        }
        assert_eq!(
            initiator(&Method::GET, &[("sec-fetch-mode", "no-cors")]),
            Initiator::Fetch
        );
        assert_eq!(initiator(&Method::POST, &[cors, empty]), Initiator::Call);
        let html = ("accept", "text/html,application/xhtml+xml;q=0.9");
        for (site, expected) in [
            ("same-origin", Initiator::Navigation),
            ("none", Initiator::Navigation),
            ("cross-site", Initiator::Fetch),
        ] {
            let passed_on = [cors, empty, html, ("sec-fetch-site", site)];
            assert_eq!(initiator(&Method::GET, &passed_on), expected, "{site}");
        }
        let own = ("sec-fetch-site", "same-origin");
        for (mode, expected) in [
            ("navigate", Initiator::Navigation),
            ("same-origin", Initiator::Navigation),
            ("no-cors", Initiator::Fetch),
            ("websocket", Initiator::Fetch),
        ] {
            let passed_on = [("sec-fetch-mode", mode), empty, html, own];
            assert_eq!(initiator(&Method::GET, &passed_on), expected, "{mode}");
        }
        let in_a_frame = [navigate, ("sec-fetch-dest", "iframe"), html, own];
        assert_eq!(initiator(&Method::GET, &in_a_frame), Initiator::Fetch);
        let any_type = [cors, empty, own, ("accept", "*/*")];
        assert_eq!(initiator(&Method::GET, &any_type), Initiator::Fetch);
        let contradictory = [navigate, document, cors];
        assert_eq!(initiator(&Method::GET, &contradictory), Initiator::Fetch);
    }

    #[test]
    fn a_page_is_wanted_for_a_tab_and_for_a_script_that_accepts_html() {
        let html = ("accept", "text/html");
        for (pairs, expected) in [
            (&[("sec-fetch-dest", "document")] as &[_], true),
            (&[("sec-fetch-dest", "empty"), html], true),
            (&[html], true),
            (&[("sec-fetch-dest", "empty")], false),
            (&[("sec-fetch-dest", "iframe"), html], false),
            (&[], false),
        ] {
            assert_eq!(wants_page(&headers(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_document_is_a_page_that_is_opened_by_get() {
        let request = |method, path, accept| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::ACCEPT, accept);
            is_document(&request.body(()).unwrap())
        };
        assert!(request(Method::GET, "/orders", "text/html"));
        assert!(!request(Method::POST, "/orders", "text/html"));
        assert!(!request(Method::GET, "/orders", "*/*"));
        assert!(!request(Method::GET, "/favicon.svg", "text/html"));
    }

    #[test]
    fn a_file_is_recognized_by_its_extension() {
        for file in ["/favicon.svg", "/pkg/app.min.js", "/.x", "/a/b.html5"] {
            assert!(names_a_file(file), "{file}");
        }
        for page in [
            "/",
            "",
            "html",
            "/users/v1.2/list",
            "/a.",
            "/a.b-c",
            "/a.longer",
            "/a.é",
            "/.a/b",
        ] {
            assert!(!names_a_file(page), "{page}");
        }
    }
}
