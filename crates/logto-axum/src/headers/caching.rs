//! Cache headers: responses that depend on a session are not cached.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// For CDNs, these override `Cache-Control` (RFC 9213 §2.2).
static CDN_HEADERS: [HeaderName; 2] = [
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
];

static CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Forbids caching, whatever the headers said before (CVE-2025-48947, CVE-2025-64762). Other fields
/// of `Vary` are kept.
pub(crate) fn forbid_caching(headers: &mut HeaderMap) {
    // The only directive to keep, because it does not control caching (RFC 9111 §5.2.2.6).
    let no_transform = |member: &str| member.eq_ignore_ascii_case("no-transform");
    let caching = if has_member(headers, header::CACHE_CONTROL, no_transform) {
        "private, no-store, no-transform"
    } else {
        "private, no-store"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    for name in &CDN_HEADERS {
        headers.remove(name);
    }
    let by_cookie = |member: &str| member == "*" || member.eq_ignore_ascii_case("cookie");
    if !has_member(headers, header::VARY, by_cookie) {
        headers.append(header::VARY, HeaderValue::from_static("Cookie"));
    }
}

/// Makes the browser drop its cached pages, including those of the back/forward cache (Clear Site
/// Data §3.1). Otherwise the Back button would show them after a sign-out, even if they are
/// `no-store`.
pub(crate) fn drop_cached_pages(headers: &mut HeaderMap) {
    headers.append(CLEAR_SITE_DATA.clone(), HeaderValue::from_static("\"cache\""));
}

/// Whether the response allows every cache to store it.
pub(crate) fn is_public(headers: &HeaderMap) -> bool {
    let has = |directive: &str| {
        has_member(headers, header::CACHE_CONTROL, |member| {
            member.eq_ignore_ascii_case(directive)
        })
    };
    has("public") && !has("private") && !has("no-store")
}

/// Whether a member of the list matches, in any line of the header.
fn has_member(headers: &HeaderMap, name: HeaderName, matches: impl Fn(&str) -> bool) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .any(|member| matches(member.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(before: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in before {
            headers.append(*name, HeaderValue::from_static(value));
        }
        forbid_caching(&mut headers);
        headers
    }

    fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
        headers
            .get_all(name)
            .iter()
            .map(|line| line.to_str().unwrap())
            .collect()
    }

    #[test]
    fn no_cache_control_of_the_app_allows_caching() {
        for said in [
            "public, max-age=600",
            "no-cache",
            "must-understand, no-store",
            "s-maxage=60",
        ] {
            let headers = after(&[("cache-control", said), ("cache-control", "immutable")]);
            assert_eq!(lines(&headers, "cache-control"), ["private, no-store"], "{said}");
        }
        let headers = after(&[("cache-control", "max-age=5, No-Transform")]);
        assert_eq!(lines(&headers, "cache-control"), ["private, no-store, no-transform"]);
    }

    #[test]
    fn cdn_headers_are_removed() {
        let headers = after(&[
            ("cdn-cache-control", "max-age=600"),
            ("surrogate-control", "max-age=600"),
        ]);
        assert_eq!(headers.len(), 2, "{headers:?}");
    }

    #[test]
    fn other_fields_of_vary_are_kept() {
        assert_eq!(lines(&after(&[]), "vary"), ["Cookie"]);
        assert_eq!(
            lines(&after(&[("vary", "accept-encoding")]), "vary"),
            ["accept-encoding", "Cookie"]
        );
        assert_eq!(
            lines(&after(&[("vary", "accept-encoding, cookie")]), "vary"),
            ["accept-encoding, cookie"]
        );
        assert_eq!(
            lines(&after(&[("vary", "accept"), ("vary", "Cookie")]), "vary"),
            ["accept", "Cookie"]
        );
        assert_eq!(lines(&after(&[("vary", "*")]), "vary"), ["*"]);
        assert_eq!(lines(&after(&[("vary", "x-cookie")]), "vary"), ["x-cookie", "Cookie"]);
    }
}
