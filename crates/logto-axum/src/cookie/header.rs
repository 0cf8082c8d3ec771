//! The parser of the `Cookie` header.
//!
//! [`SentCookies`] keeps the cookies of this application exactly as the browser sent them. A name
//! can occur several times: with different paths, or because another host of the domain has set one
//! too. Every value is kept, so that the one that opens can be used.
//!
//! The jar of tower-cookies, which handlers read, decodes names and drops a header that is not
//! UTF-8. The header is therefore cleaned first: invalid UTF-8 is replaced, and cookies whose names
//! get a reserved prefix only by decoding are removed.

use std::{collections::BTreeSet, ops::Range};

use http::{HeaderMap, HeaderValue, header};
use memchr::{memchr, memchr_iter};
use tower_cookies::Cookie;

/// Name prefixes that browsers reserve: they accept a cookie with such a name only from this host,
/// or only over https (RFC 6265bis §4.1.3).
const PREFIXES: [&str; 2] = ["__Host-", "__Secure-"];

/// The names of this application's cookies at one address.
#[derive(Debug)]
pub(crate) struct CookieNames {
    /// The session, or the id of one in a store. Further parts are named `name.1`, `name.2`, ….
    pub(crate) session: String,
    /// The prefix of the names of transaction cookies. It identifies this application, because the
    /// ports of a host share their cookies and another app there may have a sign-in in progress.
    pub(crate) transaction_prefix: String,
    /// The marker of a silent sign-in.
    pub(crate) silent: String,
    /// The session of the Next.js SDK, if the app migrates from it.
    pub(crate) next_js: Option<String>,
}

impl CookieNames {
    fn is_session(&self, name: &str) -> bool {
        is_part_of(name, &self.session) || self.next_js.as_ref().is_some_and(|next_js| is_part_of(name, next_js))
    }
}

/// Whether `name` is the cookie `whole` or one of its chunks (`whole.1`).
fn is_part_of(name: &str, whole: &str) -> bool {
    let rest = name.strip_prefix(whole);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// This application's cookies in a request. Nothing in them is decoded.
#[derive(Debug, Default)]
pub(crate) struct SentCookies {
    cookies: Vec<SentCookie>,
    has_session: bool,
}

#[derive(Debug)]
struct SentCookie {
    header: HeaderValue,
    name: Range<usize>,
    value: Range<usize>,
}

impl SentCookie {
    fn name(&self) -> Option<&str> {
        str::from_utf8(self.header.as_bytes().get(self.name.clone())?).ok()
    }

    fn value(&self) -> Option<&[u8]> {
        self.header.as_bytes().get(self.value.clone())
    }
}

impl SentCookies {
    /// Reads the `Cookie` headers, and cleans them for the jar that handlers read.
    pub(crate) fn read(headers: &mut HeaderMap, names: &CookieNames) -> Self {
        let mut sent = Self::default();
        if let header::Entry::Occupied(mut values) = headers.entry(header::COOKIE) {
            for value in values.iter_mut() {
                if let Some(cleaned) = cleaned(value) {
                    *value = cleaned;
                }
                sent.add(value, names);
            }
        }
        sent
    }

    fn add(&mut self, header: &HeaderValue, names: &CookieNames) {
        let text = header.as_bytes();
        let mut start = 0;
        for end in memchr_iter(b';', text).chain([text.len()]) {
            let pair = start..end;
            start = end + 1;
            let Some(length) = memchr(b'=', &text[pair.clone()]) else {
                continue;
            };
            let equals = pair.start + length;
            let name_range = trimmed(text, pair.start..equals);
            let Ok(name) = str::from_utf8(&text[name_range.clone()]) else {
                continue;
            };
            let is_session = names.is_session(name);
            self.has_session |= is_session;
            if is_session || name.starts_with(&names.transaction_prefix) {
                self.cookies.push(SentCookie {
                    header: header.clone(),
                    name: name_range,
                    value: trimmed(text, equals + 1..pair.end),
                });
            }
        }
    }

    /// Whether there is a session cookie or a part of one, whether it opens or not.
    pub(crate) fn has_session(&self) -> bool {
        self.has_session
    }

    /// Whether there is a cookie of this name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.cookies.iter().any(|cookie| cookie.name() == Some(name))
    }

    /// The values of the cookies of this name, in the order in which they were sent.
    pub(crate) fn values<'a>(&'a self, name: &str) -> Vec<&'a [u8]> {
        let named = self.cookies.iter().filter(|cookie| cookie.name() == Some(name));
        named.filter_map(SentCookie::value).collect()
    }

    /// The names with this prefix, each once.
    pub(crate) fn names_with(&self, prefix: &str) -> BTreeSet<&str> {
        let names = self.cookies.iter().filter_map(SentCookie::name);
        names.filter(|name| name.starts_with(prefix)).collect()
    }
}

/// The range without ASCII white space at its ends.
fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let part = text[range.clone()].trim_ascii_start();
    let start = range.end - part.len();
    start..start + part.trim_ascii_end().len()
}

/// The header as the jar of tower-cookies may read it; `None` if nothing has to change.
fn cleaned(header: &HeaderValue) -> Option<HeaderValue> {
    let sent = header.as_bytes();
    // Most headers need no replacement and no decoding.
    if sent.is_ascii() && memchr(b'%', sent).is_none() {
        return None;
    }
    if str::from_utf8(sent).is_ok_and(|text| !text.split(';').any(is_disguised)) {
        return None;
    }
    let text = String::from_utf8_lossy(sent);
    let kept: Vec<_> = text.split(';').filter(|pair| !is_disguised(pair)).collect();
    // The replacement character is valid in a header.
    let cleaned = HeaderValue::from_bytes(kept.join(";").as_bytes());
    Some(cleaned.unwrap_or(HeaderValue::from_static("")))
}

/// Whether the name gets a reserved prefix only when it is decoded: tower-cookies percent-decodes
/// names and trims Unicode white space, but browsers check the prefix of the encoded name.
fn is_disguised(pair: &str) -> bool {
    let sent = pair.split_once('=').map_or(pair, |(name, _)| name);
    let sent = sent.trim_matches([' ', '\t']);
    let has_prefix = |name: &str| PREFIXES.iter().any(|prefix| starts_with(name, prefix));
    Cookie::parse_encoded(format!("{sent}=")).is_ok_and(|read| read.name() != sent && has_prefix(read.name()))
}

/// Case-insensitive, as browsers compare the prefixes.
fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> CookieNames {
        CookieNames {
            session: "s".into(),
            transaction_prefix: "t".into(),
            silent: "q".into(),
            next_js: Some("n".into()),
        }
    }

    fn sent(lines: &[&[u8]]) -> SentCookies {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        SentCookies::read(&mut headers, &names())
    }

    #[test]
    fn every_value_of_a_name_is_found_in_the_order_sent() {
        for (lines, values) in [
            ([b"a=0; s=1" as &[u8], b"b=2"], "1"),
            ([b"b=2", b" s = 1 ;a=0"], "1"),
            ([b"s=0; s=1", b"s2=2; 2s=3"], "0 1"),
            ([b"s=0", b"s=1; S=2"], "0 1"),
            ([b"\xff=\xfe", b"s=1"], "1"),
        ] {
            assert_eq!(sent(&lines).values("s").join(&b' '), values.as_bytes(), "{lines:?}");
        }
        for other in [
            b"s" as &[u8],
            b"as=1; s.1=2",
            "\u{a0}s=1".as_bytes(),
            "s\u{2003}=1".as_bytes(),
        ] {
            assert!(sent(&[other]).values("s").is_empty(), "{other:?}");
        }
    }

    #[test]
    fn each_name_with_a_prefix_is_listed_once() {
        let sent = sent(&[b"t1=a; t2=b;t1=c", b"s=d; \xff=e; t3; t4=\xff"]);
        assert_eq!(sent.names_with("t"), ["t1", "t2", "t4"].into());
    }

    #[test]
    fn a_part_of_a_session_cookie_counts_as_a_session() {
        for pair in ["s=1", " s.1=2", "s=", " s =1", "n=1", "n.1=2"] {
            assert!(sent(&[pair.as_bytes()]).has_session(), "{pair}");
        }
        for pair in ["s2=1", "as=1", "s", "s.1", "", "=s", "t=1"] {
            assert!(!sent(&[pair.as_bytes()]).has_session(), "{pair}");
        }
    }

    #[test]
    fn cookies_of_other_applications_are_not_kept() {
        assert!(sent(&[b"a=1; b=2"]).cookies.is_empty());
        assert!(sent(&[b"a=1; s.2=2"]).contains("s.2") && !sent(&[b"a=1"]).contains("a"));
    }

    #[test]
    fn the_jar_reads_a_header_without_disguised_names_and_invalid_bytes() {
        for (sent, read) in [
            (b"a=1; b=2" as &[u8], "a=1; b=2"),
            (b"a=%31; b%20=2", "a=%31; b%20=2"),
            ("a=\u{e9}; b=2".as_bytes(), "a=\u{e9}; b=2"),
            (b"a=1; %5F%5FHost-b=2; c=3", "a=1; c=3"),
            (b"a=1;\xa0b=2", "a=1;\u{fffd}b=2"),
            (b"a=\xff; __Host%2Db=2; c=3", "a=\u{fffd}; c=3"),
        ] {
            let mut headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(sent).unwrap())]);
            SentCookies::read(&mut headers, &names());
            assert_eq!(str::from_utf8(headers[header::COOKIE].as_bytes()), Ok(read));
        }
    }

    #[test]
    fn a_name_that_gets_a_prefix_only_when_decoded_is_disguised() {
        for pair in [
            "%5F%5FHost-logto_app=a",
            " __Host%2Dlogto_app=a",
            "__%48ost-logto_app=a",
            "%5f_secure-logto_app=a",
            "\u{a0}__Host-logto_app=a",
            " \u{2003}__Host-logto_app=a",
            "__Host-logto_app\u{2003}=a",
        ] {
            assert!(is_disguised(pair), "{pair}");
        }
        for pair in [
            "__Host-logto_app=a",
            " __Host-logto_app = a",
            "a%20b=c",
            "%5F%5Fother=a",
            "\u{a0}a=b",
            "",
            "=",
            "a",
        ] {
            assert!(!is_disguised(pair), "{pair}");
        }
    }
}
