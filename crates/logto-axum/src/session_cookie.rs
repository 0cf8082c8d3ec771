//! The session in the browser: the session itself, sealed, in as many cookies as it takes; or the sealed id of one in a store.

use std::{borrow::Cow, iter, sync::Arc};

use http::{HeaderMap, header};
use logto::{
    IdTokenError, Timestamp,
    seal::Purpose,
    session::{Session, SessionId},
};
use memchr::memchr;
use tower_cookies::Cookies;

use crate::{chunks, cookie::CookieJar};

/// Browsers drop a cookie above this size (name, value and attributes) without a word.
const LARGEST: usize = 4096;

impl CookieJar {
    /// Whether a request carries a cookie of a session, be it one that says nothing.
    pub(crate) fn is_carried(&self, headers: &HeaderMap) -> bool {
        let names = [Some(&self.session_name), self.next_js.as_ref().map(|(name, _)| name)];
        pairs(headers).any(|pair| names.iter().flatten().any(|name| names_it(pair, name)))
    }

    /// The sealed text in the cookies of a request.
    pub(crate) fn sealed_in(&self, headers: &HeaderMap) -> Option<Vec<u8>> {
        chunks::read(|name| value_of(headers, name), &self.session_name).map(Cow::into_owned)
    }

    /// The session that came in cookies. One that cannot be opened or has expired is none.
    pub(crate) fn open_session(&self, sealed: &[u8]) -> Option<Arc<Session>> {
        let context = self.context(Purpose::Session, &self.session_name);
        let now = self.client.now();
        let session = self.opened.open(&self.sealer, context, sealed, now)?;
        // The lifetimes may have been made shorter since it was sealed.
        (self.lifetimes.end_of(&session) > now).then_some(session)
    }

    /// The id, that came in a cookie, of a session in a store.
    pub(crate) fn open_id(&self, sealed: &[u8]) -> Option<SessionId> {
        let context = self.context(Purpose::SessionId, &self.session_name);
        let opened = self.sealer.open(context, sealed, self.client.now()).ok()?;
        SessionId::from_bytes(&opened.payload)
    }

    /// The session in a cookie of the Next.js SDK, where that is switched on.
    pub(crate) async fn read_next_js(&self, cookies: &Cookies) -> Result<Option<Session>, IdTokenError> {
        let Some((name, next_js)) = &self.next_js else {
            return Ok(None);
        };
        let Some(cookie) = cookies.get(name) else {
            return Ok(None);
        };
        let session = next_js.read(&self.client, cookie.value()).await?;
        Ok(session.filter(|session| self.lifetimes.end_of(session) > self.client.now()))
    }

    /// Writes the session in place of the one that is `sealed`. When it does not fit, access tokens leave, those used longest ago first:
    /// they can be had again.
    pub(crate) fn write_session(&self, cookies: &Cookies, session: &Session, sealed: Option<&[u8]>) {
        let parts = self.fitted(session).or_else(|| {
            self.report_too_large();
            // A new ID token is too large. The one in the browser is not, and with it the refresh token is kept: it may have rotated.
            let before = self
                .open_session(sealed?)
                .filter(|before| before.id() == session.id())?;
            self.fitted(&session.with_id_token_of(&before))
        });
        if let Some(parts) = parts {
            self.write_parts(cookies, parts, self.lifetimes.end_of(session));
        }
    }

    /// Whether a session that begins can be kept in cookies at all. One that cannot would only look like a sign-in.
    pub(crate) fn has_room_for(&self, session: &Session) -> bool {
        let has_room = self.fitted(session).is_some();
        if !has_room {
            self.report_too_large();
        }
        has_room
    }

    /// The cookies for a session, or for as much of it as fits; `None` when it does not fit without any access token.
    fn fitted(&self, session: &Session) -> Option<Vec<(String, String)>> {
        let expires = self.lifetimes.end_of(session);
        let mut fitting = session.clone();
        loop {
            let bytes = fitting.to_bytes().ok()?;
            let sealed = self.seal(Purpose::Session, &self.session_name, &bytes, expires)?;
            let parts = chunks::split(&self.session_name, &sealed, self.room(expires));
            let size: usize = parts.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
            if size <= self.budget && parts.len() <= chunks::MOST_PARTS {
                return Some(parts);
            }
            fitting = fitting.without_oldest_token()?;
        }
    }

    fn report_too_large(&self) {
        tracing::error!(
            code = "session_too_large",
            "a session does not fit into {} bytes of cookies; keep sessions in a store, ask for fewer scopes, or raise `cookie_budget` if \
             all servers and proxies in between allow it",
            self.budget
        );
    }

    /// Writes the id of a session that is in a store.
    pub(crate) fn write_id(&self, cookies: &Cookies, session: &Session) {
        let expires = self.lifetimes.end_of(session);
        if let Some(sealed) = self.seal(Purpose::SessionId, &self.session_name, session.id().as_bytes(), expires) {
            self.write_parts(cookies, vec![(self.session_name.clone(), sealed)], expires);
        }
    }

    pub(crate) fn clear_session(&self, cookies: &Cookies) {
        self.clear(cookies, self.session_name.clone());
        self.clear_rest(cookies, 1);
    }

    fn write_parts(&self, cookies: &Cookies, parts: Vec<(String, String)>, expires: Timestamp) {
        self.clear_rest(cookies, parts.len());
        for (name, value) in parts {
            cookies.add(self.cookie(name, value, expires));
        }
    }

    /// Removes parts of a larger session from before, and the cookie of the Next.js SDK if it has another name.
    fn clear_rest(&self, cookies: &Cookies, parts: usize) {
        for name in chunks::stale(cookies, &self.session_name, parts) {
            self.clear(cookies, name);
        }
        if let Some((name, _)) = &self.next_js
            && *name != self.session_name
            && cookies.get(name).is_some()
        {
            self.clear_next_js(cookies, name.clone());
        }
    }

    /// What a cookie's value may take beside its name and attributes.
    fn room(&self, expires: Timestamp) -> usize {
        let bare = self.cookie(format!("{}.0", self.session_name), String::new(), expires);
        LARGEST.saturating_sub(bare.to_string().len())
    }
}

/// What the cookie headers of a request say, one cookie after another.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines.flat_map(|line| {
        let mut rest = Some(line.as_bytes());
        iter::from_fn(move || {
            let (pair, after) = split_at_first(b';', rest?);
            rest = after;
            Some(pair)
        })
    })
}

/// The value of a cookie; of several of one name the last, as tower-cookies has it, but nothing in it is decoded, and around it only ASCII
/// white space is left out, of which a header has spaces and tabs.
fn value_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let named = pairs(headers).filter_map(|pair| match split_at_first(b'=', pair) {
        (sent, Some(value)) if sent.trim_ascii() == name.as_bytes() => Some(value),
        _ => None,
    });
    named.last().map(<[u8]>::trim_ascii)
}

fn names_it(pair: &[u8], name: &str) -> bool {
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
    use http::HeaderValue;

    use super::*;

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        let value = |line: &&[u8]| (header::COOKIE, HeaderValue::from_bytes(line).unwrap());
        lines.iter().map(value).collect()
    }

    #[test]
    fn a_cookie_is_found_in_whatever_line_and_the_last_of_its_name_counts() {
        for lines in [
            [b"a=0; s=1" as &[u8], b"b=2"],
            [b"b=2", b" s = 1 ;a=0"],
            [b"s=0; s=1", b"s2=2; 2s=3"],
            [b"s=0", b"s=1; S=2"],
            [b"\xff=\xfe", b"s=1"],
        ] {
            assert_eq!(value_of(&headers(&lines), "s"), Some(&b"1"[..]), "{lines:?}");
        }
        for other in [
            b"s" as &[u8],
            b"as=1; s.1=2",
            "\u{a0}s=1".as_bytes(),
            "s\u{2003}=1".as_bytes(),
        ] {
            assert_eq!(value_of(&headers(&[other]), "s"), None, "{other:?}");
        }
    }

    #[test]
    fn a_cookie_of_a_session_is_told_by_its_name_and_so_are_its_parts() {
        for pair in ["s=1", " s.1=2", "s=", " s =1"] {
            assert!(names_it(pair.as_bytes(), "s"), "{pair}");
        }
        for pair in ["s2=1", "as=1", "s", "s.1", "", "=s"] {
            assert!(!names_it(pair.as_bytes(), "s"), "{pair}");
        }
    }
}
