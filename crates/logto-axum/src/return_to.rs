//! Redirect targets: paths of this site.

use std::fmt;

use url::{Url, form_urlencoded};

/// Length limit of a path, in bytes, because it is part of the transaction cookie, and of the
/// response that begins the session.
const MAX_LEN: usize = 640;

/// The parameters with which Leptos reports the error of a form without JavaScript
/// (`server_fn::error::ServerFnUrlError`).
const FORM_ERROR: [&str; 2] = ["__path", "__err"];

/// The parameter of a page that finds out whether the client keeps cookies, before a silent sign-in.
pub(crate) const SILENT_PARAMETER: &str = "logto_silent";

/// A path on this site, parsed as browsers do. The return path of a sign-in is always one.
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
    /// Parses a path; `None` if it could lead to another site, or is longer than 640 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Browsers remove tabs and newlines, and replace `\` by `/`. They do not occur in valid
        // paths.
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
        // The encoded length counts, because this form is parsed again after the sign-in.
        (path.len() <= MAX_LEN).then_some(Self(path))
    }

    /// Removes the parts of the query that a later visit must not repeat.
    ///
    /// A one-time token is a secret that does not belong into cookies, addresses and logs: query and
    /// fragment are removed with it. The error of a form without JavaScript, which Leptos adds to
    /// the address of the page, is outdated after the sign-in: only its parameters are removed. So
    /// is the parameter of a silent sign-in.
    pub(crate) fn without_one_time_parts(mut self) -> Self {
        let (before_fragment, fragment) = match self.0.find('#') {
            Some(start) => self.0.split_at(start),
            None => (self.0.as_str(), ""),
        };
        let Some((path, query)) = before_fragment.split_once('?') else {
            return self;
        };
        if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "one_time_token") {
            self.0.truncate(path.len());
            return self;
        }
        let is_outdated = |pair: &&str| {
            let mut parsed = form_urlencoded::parse(pair.as_bytes());
            parsed
                .next()
                .is_some_and(|(name, _)| FORM_ERROR.contains(&&*name) || name == SILENT_PARAMETER)
        };
        // The other parameters keep their encoding.
        let (outdated, others): (Vec<_>, Vec<_>) = query.split('&').partition(is_outdated);
        if !outdated.is_empty() {
            let mark = if others.is_empty() { "" } else { "?" };
            self.0 = format!("{path}{mark}{}{fragment}", others.join("&"));
        }
        self
    }

    /// Returns the path of the home page.
    #[must_use]
    pub fn home() -> Self {
        Self(String::from("/"))
    }

    /// Returns the path with query and fragment. It is ASCII, and valid in a header.
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
    fn paths_of_this_site_are_accepted() {
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
    fn a_query_with_a_one_time_token_is_removed() {
        for (text, path) in [
            ("/welcome?one_time_token=T", "/welcome"),
            ("/welcome?email=a%40b.c&one_time_token=T#top", "/welcome"),
            ("/welcome?one%5Ftime%5Ftoken=T", "/welcome"),
            ("/welcome?tab=one_time_token#top", "/welcome?tab=one_time_token#top"),
            ("/one_time_token?a=b", "/one_time_token?a=b"),
            ("/welcome#?one_time_token=T", "/welcome#?one_time_token=T"),
        ] {
            let page = ReturnTo::parse(text).unwrap().without_one_time_parts();
            assert_eq!(page.as_str(), path, "{text}");
        }
    }

    #[test]
    fn the_error_of_a_form_is_removed_and_the_rest_of_the_query_is_kept() {
        for (text, path) in [
            ("/notes?__path=%2Fapi%2Fsave&__err=e30%3D", "/notes"),
            (
                "/notes?tab=a%20b+c&__path=%2Fapi%2Fsave&x=&__err=e30%3D&y#top",
                "/notes?tab=a%20b+c&x=&y#top",
            ),
            ("/notes?__err=e30%3D#top", "/notes#top"),
            ("/notes?%5F_err=e30%3D", "/notes"),
            ("/notes?tab=__err&err=1&__errors=2", "/notes?tab=__err&err=1&__errors=2"),
            ("/notes?a=1&&b=2", "/notes?a=1&&b=2"),
            ("/notes?a=1&logto_silent=1", "/notes?a=1"),
            ("/notes#?__err=e30%3D", "/notes#?__err=e30%3D"),
        ] {
            let page = ReturnTo::parse(text).unwrap().without_one_time_parts();
            assert_eq!(page.as_str(), path, "{text}");
        }
    }

    /// Browsers remove or replace these characters. Such a path is rejected even if the result
    /// would stay on this site.
    #[test]
    fn a_path_with_characters_that_are_invalid_in_urls_is_rejected() {
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
        for long in ["a".repeat(MAX_LEN), "ü".repeat(MAX_LEN / 3)] {
            assert_eq!(ReturnTo::parse(&format!("/{long}")), None);
        }
    }
}
