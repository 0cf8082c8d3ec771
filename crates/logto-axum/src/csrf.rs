//! Requests from elsewhere: what changes state is done only for pages of this site.

use http::{HeaderMap, header};

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A page of this site.
    ThisSite,
    /// A page of this server, opened under another name than the base URL (`localhost` for `127.0.0.1`, say).
    OtherName,
    /// Anything else, requests that do not say among it.
    Elsewhere,
}

/// Judges by `Sec-Fetch-Site`, which pages cannot forge, else by `Origin`. A request with neither is not taken for one of ours.
pub(crate) fn source_of(headers: &HeaderMap, own: &str) -> Source {
    let origin = headers.get(header::ORIGIN).map(http::HeaderValue::as_bytes);
    let same = origin == Some(own.as_bytes());
    match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
        // A page with the referrer policy `no-referrer` sends `null` (Fetch §3.2).
        Some(b"same-origin") if same || matches!(origin, None | Some(b"null")) => Source::ThisSite,
        Some(b"same-origin") => Source::OtherName,
        None if same => Source::ThisSite,
        _ => Source::Elsewhere,
    }
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
        assert_eq!(judge(Some("same-origin"), own), Source::ThisSite);
        assert_eq!(judge(Some("same-origin"), None), Source::ThisSite);
        assert_eq!(judge(Some("same-origin"), Some("null")), Source::ThisSite);
        assert_eq!(judge(None, own), Source::ThisSite);
        for (site, origin) in [
            (Some("cross-site"), own),
            (Some("cross-site"), None),
            (Some("same-site"), own),
            (Some("none"), None),
            (None, Some("https://evil.example")),
            (None, Some("https://app.example.evil.example")),
            (None, Some("null")),
            (None, None),
        ] {
            assert_eq!(judge(site, origin), Source::Elsewhere, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn a_page_opened_under_another_name_of_the_server_is_told_apart() {
        assert_eq!(
            judge(Some("same-origin"), Some("http://localhost:3000")),
            Source::OtherName
        );
    }
}
