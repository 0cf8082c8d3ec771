//! The cookies of a request as the browser sent them.
//!
//! A name can come several times: with different paths, or because another host of the domain has
//! set one too. Every value is there, so that the one that opens can be taken.

use std::{collections::BTreeSet, iter};

use http::{HeaderMap, HeaderValue, header};
use memchr::memchr;

/// The `Cookie` headers of a request. Nothing in them is decoded.
#[derive(Debug, Default)]
pub(crate) struct SentCookies(Vec<HeaderValue>);

impl SentCookies {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self(headers.get_all(header::COOKIE).iter().cloned().collect())
    }

    /// The values of the cookies of this name, in the order in which they were sent.
    pub(crate) fn values<'a>(&'a self, name: &str) -> Vec<&'a [u8]> {
        let named = self.pairs().filter_map(|pair| match split_at_first(b'=', pair) {
            (sent, Some(value)) if sent.trim_ascii() == name.as_bytes() => Some(value.trim_ascii()),
            _ => None,
        });
        named.collect()
    }

    /// Whether there is a cookie of this name, or a part of one (`name.1`).
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs().any(|pair| is_named(pair, name))
    }

    /// The names that begin like this, each once.
    pub(crate) fn names_with(&self, prefix: &str) -> BTreeSet<&str> {
        let names = self.pairs().filter_map(|pair| match split_at_first(b'=', pair) {
            (name, Some(_)) => str::from_utf8(name.trim_ascii()).ok(),
            _ => None,
        });
        names.filter(|name| name.starts_with(prefix)).collect()
    }

    fn pairs(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().flat_map(|line| {
            let mut rest = Some(line.as_bytes());
            iter::from_fn(move || {
                let (pair, after) = split_at_first(b';', rest?);
                rest = after;
                Some(pair)
            })
        })
    }
}

fn is_named(pair: &[u8], name: &str) -> bool {
    let (sent, Some(_)) = split_at_first(b'=', pair) else {
        return false;
    };
    let rest = sent.trim_ascii().strip_prefix(name.as_bytes());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
}

/// What stands before the sign, and what after it.
fn split_at_first(sign: u8, text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memchr(sign, text).and_then(|at| text.split_at_checked(at)) {
        Some((before, after)) => (before, after.get(1..)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[&[u8]]) -> SentCookies {
        SentCookies(
            lines
                .iter()
                .map(|line| HeaderValue::from_bytes(line).unwrap())
                .collect(),
        )
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
    fn each_name_is_listed_once_whatever_stands_around_it() {
        let sent = sent(&[b"t1=a; t2=b;t1=c", b"s=d; \xff=e; t3; t4=\xff"]);
        assert_eq!(sent.names_with("t"), ["t1", "t2", "t4"].into());
    }

    #[test]
    fn a_part_of_a_cookie_counts_as_the_cookie() {
        for pair in ["s=1", " s.1=2", "s=", " s =1"] {
            assert!(sent(&[pair.as_bytes()]).has("s"), "{pair}");
        }
        for pair in ["s2=1", "as=1", "s", "s.1", "", "=s"] {
            assert!(!sent(&[pair.as_bytes()]).has("s"), "{pair}");
        }
    }
}
