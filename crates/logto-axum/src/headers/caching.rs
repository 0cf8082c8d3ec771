//! No cache between here and the browser keeps what depends on a session.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Delivery networks obey these rather than `Cache-Control` (RFC 9213 §2.2).
static FOR_DELIVERY_NETWORKS: [HeaderName; 2] = [
    HeaderName::from_static("cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
];

static CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Makes a response one that no cache keeps, whatever it said before (CVE-2025-48947,
/// CVE-2025-64762). What else it varies by stays.
pub(crate) fn forbid_caching(headers: &mut HeaderMap) {
    // The only directive that asks for something other than less caching (RFC 9111 §5.2.2.6).
    let no_transform = |member: &str| member.eq_ignore_ascii_case("no-transform");
    let caching = if says(headers, header::CACHE_CONTROL, no_transform) {
        "private, no-store, no-transform"
    } else {
        "private, no-store"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    for name in &FOR_DELIVERY_NETWORKS {
        headers.remove(name);
    }
    let by_cookie = |member: &str| member == "*" || member.eq_ignore_ascii_case("cookie");
    if !says(headers, header::VARY, by_cookie) {
        headers.append(header::VARY, HeaderValue::from_static("Cookie"));
    }
}

/// Makes the browser forget the pages it has kept, those of its back/forward cache included (Clear
/// Site Data §3.1). After a sign-out the Back button would show them again: browsers restore even
/// what is `no-store`.
pub(crate) fn forget_pages(headers: &mut HeaderMap) {
    headers.append(CLEAR_SITE_DATA.clone(), HeaderValue::from_static("\"cache\""));
}

/// Whether a response says by itself that every cache may keep it.
pub(crate) fn is_public(headers: &HeaderMap) -> bool {
    let has = |directive: &str| {
        says(headers, header::CACHE_CONTROL, |member| {
            member.eq_ignore_ascii_case(directive)
        })
    };
    has("public") && !has("private") && !has("no-store")
}

/// Whether one of the members of a list, in whatever line of the header, is meant.
fn says(headers: &HeaderMap, name: HeaderName, is_meant: impl Fn(&str) -> bool) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .any(|member| is_meant(member.trim()))
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
    fn what_the_app_says_about_caching_is_never_laxer() {
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
    fn delivery_networks_are_not_told_otherwise() {
        let headers = after(&[
            ("cdn-cache-control", "max-age=600"),
            ("surrogate-control", "max-age=600"),
        ]);
        assert_eq!(headers.len(), 2, "{headers:?}");
    }

    #[test]
    fn what_else_a_response_varies_by_is_kept() {
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
