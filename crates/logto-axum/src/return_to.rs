//! Where a user goes after sign-in: a path of this site, and nothing else.

use std::fmt;

use url::{Url, form_urlencoded};

/// Longest path kept, in bytes: it travels in the transaction's cookie, and in the head of the
/// response that begins the session.
const LONGEST: usize = 640;

/// A path on this site, parsed as a browser parses it. Redirects are made from nothing else.
///
/// ```
/// use logto_axum::ReturnTo;
///
/// assert_eq!(ReturnTo::parse("/profile?tab=1").unwrap().as_str(), "/profile?tab=1");
/// assert!(ReturnTo::parse("//evil.example").is_none());
/// assert!(ReturnTo::parse("/\\evil.example").is_none());
/// ```
#[doc(alias = "postRedirectUri")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Reads a path; `None` for whatever could lead elsewhere.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Browsers drop tabs and newlines and take `\` for `/`: what has them was not written by
        // us.
        let odd = |character: char| character.is_control() || character.is_whitespace() || character == '\\';
        if !text.starts_with('/') || text.contains(odd) {
            return None;
        }
        let base = Url::parse("http://return-to.invalid/").ok()?;
        let url = base.join(text).ok()?;
        let mut path = url.path().to_owned();
        if url.origin() != base.origin() || !url.username().is_empty() || path.starts_with("//") {
            return None;
        }
        for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
            if let Some(part) = part {
                path.push(mark);
                path.push_str(part);
            }
        }
        // Judged as it is kept: encoded it is longer, and it is read again after the sign-in.
        (path.len() <= LONGEST).then_some(Self(path))
    }

    /// Without its query and fragment, if there is a one-time token among them: a secret that is
    /// spent after the sign-in, and would travel on in cookies, addresses and logs.
    pub(crate) fn without_one_time_token(mut self) -> Self {
        let before_fragment = self.0.split('#').next().unwrap_or_default();
        if let Some((path, query)) = before_fragment.split_once('?')
            && form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "one_time_token")
        {
            self.0.truncate(path.len());
        }
        self
    }

    /// The home page.
    #[must_use]
    pub fn home() -> Self {
        Self(String::from("/"))
    }

    /// The path, with query and fragment; pure ASCII, fit for a header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_site_are_kept() {
        for (text, path) in [
            ("/", "/"),
            ("/a/b?c=d&e=/f#g", "/a/b?c=d&e=/f#g"),
            ("/ü", "/%C3%BC"),
            ("/a/../b", "/b"),
            ("/@evil.example", "/@evil.example"),
            ("/%09/evil.example", "/%09/evil.example"),
        ] {
            assert_eq!(ReturnTo::parse(text).unwrap().as_str(), path);
        }
    }

    #[test]
    fn a_one_time_token_takes_the_query_with_it() {
        for (text, path) in [
            ("/welcome?one_time_token=T", "/welcome"),
            ("/welcome?email=a%40b.c&one_time_token=T#top", "/welcome"),
            ("/welcome?one%5Ftime%5Ftoken=T", "/welcome"),
            ("/welcome?tab=one_time_token#top", "/welcome?tab=one_time_token#top"),
            ("/one_time_token?a=b", "/one_time_token?a=b"),
            ("/welcome#?one_time_token=T", "/welcome#?one_time_token=T"),
        ] {
            let page = ReturnTo::parse(text).unwrap().without_one_time_token();
            assert_eq!(page.as_str(), path, "{text}");
        }
    }

    /// Even where a browser, which drops or turns them, would stay on this site.
    #[test]
    fn a_path_with_characters_that_no_address_has_is_refused() {
        for odd in ['\\', '\t', '\n', '\u{0}', '\u{7f}', '\u{85}', ' ', '\u{a0}', '\u{2028}'] {
            assert_eq!(ReturnTo::parse(&format!("/a{odd}b")), None, "{odd:?}");
        }
    }

    #[test]
    fn a_return_path_never_leads_to_another_site() {
        for text in [
            "",
            "evil.example",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "javascript:alert(1)",
            "/\u{0}",
            "/\u{2028}/evil.example",
            "//user@return-to.invalid/",
        ] {
            assert_eq!(ReturnTo::parse(text), None, "{text:?}");
        }
        for long in ["a".repeat(LONGEST), "ü".repeat(LONGEST / 3)] {
            assert_eq!(ReturnTo::parse(&format!("/{long}")), None);
        }
    }
}
