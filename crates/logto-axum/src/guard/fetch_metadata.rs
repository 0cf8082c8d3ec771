//! Requests from elsewhere: what changes state is done only for pages of this site.

use http::{HeaderMap, HeaderName, Method, header};

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A page of this site, or the user's own hand.
    ThisSite,
    /// A page of this server, opened under another name than the base URL (`localhost` for
    /// `127.0.0.1`, say).
    OtherName,
    /// It does not say: no browser of the last years, but a program.
    Unsaid,
    /// Anything else.
    Elsewhere,
}

/// Judges by `Sec-Fetch-Site`, which pages cannot forge, else by `Origin`.
pub(crate) fn source_of(headers: &HeaderMap, own: &str) -> Source {
    let origin = headers.get(header::ORIGIN).map(http::HeaderValue::as_bytes);
    let same = origin == Some(own.as_bytes());
    match headers.get(&SEC_FETCH_SITE).map(http::HeaderValue::as_bytes) {
        // A page with the referrer policy `no-referrer` sends `null` (Fetch §3.2). `none` is what
        // no page has caused.
        Some(b"same-origin" | b"none") if same || matches!(origin, None | Some(b"null")) => Source::ThisSite,
        Some(b"same-origin") => Source::OtherName,
        None if same => Source::ThisSite,
        None if origin.is_none() => Source::Unsaid,
        _ => Source::Elsewhere,
    }
}

/// Whether the user opened the address without a page: typed it, or followed a link in an e-mail or
/// another program.
pub(crate) fn is_opened_without_page(headers: &HeaderMap) -> bool {
    headers.get(&SEC_FETCH_SITE).is_some_and(|site| site == "none")
}

/// Whether a request may change something: by its method (RFC 9110 §9.2.1), or because it opens a
/// web socket, which is a GET that browsers send across sites with cookies (RFC 6455 §10.2).
pub(crate) fn changes_state(method: &Method, headers: &HeaderMap) -> bool {
    !method.is_safe() || opens_web_socket(headers)
}

/// Whether a request wants to become a web socket (RFC 6455 §4.1). Over HTTP/2 it is a CONNECT,
/// which is not safe by its method.
pub(crate) fn opens_web_socket(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::UPGRADE) {
        return false;
    }
    let wanted = headers
        .get_all(header::UPGRADE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    wanted
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(site: Option<&'static str>, origin: Option<&'static str>) -> Source {
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
    fn only_pages_of_this_site_may_change_something() {
        let own = Some("https://app.example");
        for (site, origin) in [
            (Some("same-origin"), own),
            (Some("same-origin"), None),
            (Some("same-origin"), Some("null")),
            (Some("none"), None),
            (None, own),
        ] {
            assert_eq!(judge(site, origin), Source::ThisSite, "{site:?} {origin:?}");
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
            assert_eq!(judge(site, origin), Source::Elsewhere, "{site:?} {origin:?}");
        }
        assert_eq!(judge(None, None), Source::Unsaid);
    }

    #[test]
    fn a_page_opened_under_another_name_of_the_server_is_told_apart() {
        assert_eq!(
            judge(Some("same-origin"), Some("http://localhost:3000")),
            Source::OtherName
        );
    }

    #[test]
    fn a_web_socket_changes_state_although_it_is_a_get() {
        let mut headers = HeaderMap::new();
        assert!(!changes_state(&Method::GET, &headers));
        assert!(changes_state(&Method::CONNECT, &headers));
        for upgrade in ["websocket", "WebSocket", "h2c, websocket"] {
            headers.insert(header::UPGRADE, upgrade.parse().unwrap());
            assert!(changes_state(&Method::GET, &headers), "{upgrade}");
        }
        headers.insert(header::UPGRADE, "h2c".parse().unwrap());
        assert!(!changes_state(&Method::GET, &headers));
    }
}
