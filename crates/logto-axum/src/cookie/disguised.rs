//! Cookie headers as text, before they are read. Some other app on the host may have set a cookie
//! in Latin-1; a header with it would be unreadable as a whole, and the session in it with it. And
//! another host of the domain may have set one that only looks like ours.

use std::task::{Context, Poll};

use http::{HeaderValue, Request, header};
use memchr::memchr;
use tower::Service;
use tower_cookies::Cookie;

/// Prefixes that browsers let nobody but this host, or nobody without https, begin a cookie's name
/// with (RFC 6265bis §4.1.3).
const PREFIXES: [&str; 2] = ["__Host-", "__Secure-"];

/// Replaces what is not UTF-8 in cookie headers, and takes out cookies that would be read under a
/// prefix that they were not sent with.
#[derive(Clone, Debug)]
pub struct CookieText<S> {
    inner: S,
}

impl<S> CookieText<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for CookieText<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let header::Entry::Occupied(mut cookies) = request.headers_mut().entry(header::COOKIE) {
            for value in cookies.iter_mut() {
                let sent = value.as_bytes();
                // Nothing to replace and nothing to decode, as in most.
                if sent.is_ascii() && memchr(b'%', sent).is_none() {
                    continue;
                }
                if str::from_utf8(sent).is_ok_and(|text| !text.split(';').any(is_disguised)) {
                    continue;
                }
                let text = String::from_utf8_lossy(value.as_bytes());
                let kept: Vec<_> = text.split(';').filter(|pair| !is_disguised(pair)).collect();
                // What HTTP let through it lets through again: the replacement is no control
                // character.
                *value = HeaderValue::from_bytes(kept.join(";").as_bytes()).unwrap_or(HeaderValue::from_static(""));
            }
        }
        self.inner.call(request)
    }
}

/// Whether the name gets its prefix only by being read: names are percent-decoded and lose white
/// space of every kind, and browsers look for the prefix before that.
fn is_disguised(pair: &str) -> bool {
    let sent = pair.split_once('=').map_or(pair, |(name, _)| name);
    let sent = sent.trim_matches([' ', '\t']);
    if sent.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%') {
        return false;
    }
    let has_prefix = |name: &str| PREFIXES.iter().any(|prefix| begins(name, prefix));
    Cookie::parse_encoded(format!("{sent}=")).is_ok_and(|read| read.name() != sent && has_prefix(read.name()))
}

/// Browsers take the prefixes in upper and lower case.
fn begins(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_has_a_prefix_only_when_it_is_read_is_disguised() {
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
