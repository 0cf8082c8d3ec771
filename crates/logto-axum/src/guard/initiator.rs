//! What caused a request. A sign-in is started by a user's doing, never by a browser or script that
//! looks ahead.

use http::{HeaderMap, HeaderValue, Method, header};

/// What caused a request, as far as the browser says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initiator {
    /// The user opens a page or sends a form. Also what does not say.
    Navigation,
    /// A script calls something, not by GET: a server function, say.
    Call,
    /// A script looks something up, or another page embeds it. Neither can show the provider's
    /// page.
    Lookup,
    /// The browser fetches a page that the user may never open.
    Prefetch,
}

/// By `Sec-Purpose` and its forerunners, and by `Sec-Fetch-Mode` and `Sec-Fetch-Dest` (Fetch
/// Metadata §2).
///
/// A service worker that passes a navigation through `fetch` changes both (Fetch §5.4), but not
/// `Accept`: a request of this site that asks for HTML counts as a navigation too.
pub(crate) fn initiator_of(method: &Method, headers: &HeaderMap) -> Initiator {
    let (mut navigates, mut may_be_passed_on, mut is_own) = (true, true, false);
    // One pass over the headers: looking up seven names, most of them absent, would cost more.
    for (name, value) in headers {
        match name.as_str() {
            "sec-purpose" | "x-sec-purpose" | "purpose" | "x-moz" if has(value, "prefetch") => {
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
        (false, true) => Initiator::Lookup,
        (false, false) => Initiator::Call,
    }
}

/// Whether the answer may be a page: a form or a page sends the request, rather than the client of
/// server functions (as `leptos_axum::redirect` judges), or a service worker passes it on.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT);
    accept.iter().any(|accept| has(accept, "text/html"))
}

/// Whether a list has this member, or one with parameters.
fn has(list: &HeaderValue, member: &str) -> bool {
    let mut parts = list.as_bytes().split(|byte| matches!(byte, b',' | b';'));
    parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(member.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(method: &Method, headers: &[(&'static str, &'static str)]) -> Initiator {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        initiator_of(method, &headers.collect())
    }

    #[test]
    fn a_prefetch_is_known_by_every_name_it_has_had() {
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
                judge(&Method::GET, &[header, ("sec-fetch-mode", "navigate")]),
                Initiator::Prefetch,
                "{header:?}"
            );
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
    fn a_script_is_told_from_a_user() {
        let (navigate, cors) = (("sec-fetch-mode", "navigate"), ("sec-fetch-mode", "cors"));
        let (document, empty) = (("sec-fetch-dest", "document"), ("sec-fetch-dest", "empty"));
        assert_eq!(judge(&Method::GET, &[navigate, document]), Initiator::Navigation);
        assert_eq!(judge(&Method::POST, &[navigate, document]), Initiator::Navigation);
        assert_eq!(judge(&Method::POST, &[]), Initiator::Navigation, "an old browser");
        assert_eq!(judge(&Method::GET, &[cors, empty]), Initiator::Lookup);
        assert_eq!(judge(&Method::GET, &[empty]), Initiator::Lookup);
        for embedded in ["iframe", "frame", "embed", "object"] {
            let embedded = ("sec-fetch-dest", embedded);
            assert_eq!(judge(&Method::GET, &[navigate, embedded]), Initiator::Lookup);
        }
        assert_eq!(judge(&Method::GET, &[("sec-fetch-mode", "no-cors")]), Initiator::Lookup);
        assert_eq!(judge(&Method::POST, &[cors, empty]), Initiator::Call);
        let html = ("accept", "text/html,application/xhtml+xml;q=0.9");
        for (site, initiator) in [
            ("same-origin", Initiator::Navigation),
            ("none", Initiator::Navigation),
            ("cross-site", Initiator::Lookup),
        ] {
            let passed_on = [cors, empty, html, ("sec-fetch-site", site)];
            assert_eq!(judge(&Method::GET, &passed_on), initiator, "{site}");
        }
        let own = ("sec-fetch-site", "same-origin");
        let in_a_frame = [navigate, ("sec-fetch-dest", "iframe"), html, own];
        assert_eq!(judge(&Method::GET, &in_a_frame), Initiator::Lookup);
        let any_type = [cors, empty, own, ("accept", "*/*")];
        assert_eq!(judge(&Method::GET, &any_type), Initiator::Lookup);
        let of_two_minds = [navigate, document, cors];
        assert_eq!(judge(&Method::GET, &of_two_minds), Initiator::Lookup);
    }
}
