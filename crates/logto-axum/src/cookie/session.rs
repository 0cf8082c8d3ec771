//! The session cookie: the sealed session, split across several cookies if necessary, or the sealed
//! id of a session in a store.

use std::sync::Arc;

use logto::{
    IdTokenError, Timestamp,
    seal::{OpenError, Purpose},
    session::{Encodings, Session, SessionId, store::StoreError},
};
use tower_cookies::{Cookie, Cookies};

use crate::{cookie::CookieJar, cookie::budget, cookie::chunks, cookie::header::SentCookies};

/// Browsers silently drop a cookie above this size (name, value and attributes), in bytes.
const MAX_COOKIE_LEN: usize = 4096;

/// The session cookies of a request that opened. The browser can send several of one name.
pub(crate) struct OpenedCookies<T> {
    /// Newest first. The first one that has not ended is used.
    pub(crate) newest_first: Vec<T>,
    /// Whether a cookie is sealed with an unknown key, which another process may have.
    pub(crate) has_unknown_key: bool,
}

impl<T> OpenedCookies<T> {
    /// The result if no opened session is usable.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownKey`] if another process may be able to open a cookie.
    pub(crate) fn none<U>(&self) -> Result<Option<U>, StoreError> {
        if self.has_unknown_key {
            Err(StoreError::UnknownKey)
        } else {
            Ok(None)
        }
    }
}

impl CookieJar {
    /// Opens the sessions in cookies. Invalid and expired ones are left out.
    pub(crate) fn open_sessions(&self, sent: &SentCookies) -> OpenedCookies<Arc<Session>> {
        let context = self.context(Purpose::Session, &self.names.session);
        let now = self.client.now();
        let open = |sealed: &[u8]| {
            let session = self.unseal_cache.open(&self.sealer, context, sealed, now)?;
            // The lifetimes may have been shortened since it was sealed.
            let lives = self.lifetimes.end_of(&session) > now;
            lives.then_some(session).ok_or(OpenError::Expired)
        };
        self.open_all(sent, open, |session| (session.started(), session.version()))
    }

    /// Opens the ids of stored sessions, each with the time when it was sealed.
    pub(crate) fn open_ids(&self, sent: &SentCookies) -> OpenedCookies<(Timestamp, SessionId)> {
        let context = self.context(Purpose::SessionId, &self.names.session);
        let open = |sealed: &[u8]| {
            let opened = self.sealer.open(context, sealed, self.client.now())?;
            let id = SessionId::from_bytes(opened.payload()).ok_or(OpenError::Malformed)?;
            Ok((opened.issued(), id))
        };
        self.open_all(sent, open, |(issued, _)| *issued)
    }

    fn open_all<T, R: Ord>(
        &self,
        sent: &SentCookies,
        open: impl Fn(&[u8]) -> Result<T, OpenError>,
        recency: impl FnMut(&T) -> R,
    ) -> OpenedCookies<T> {
        let mut opened = OpenedCookies {
            newest_first: Vec::new(),
            has_unknown_key: false,
        };
        for sealed in chunks::read(|name| sent.values(name), &self.names.session) {
            match open(&sealed) {
                Ok(value) => opened.newest_first.push(value),
                Err(error) => opened.has_unknown_key |= error == OpenError::UnknownKey,
            }
        }
        opened.newest_first.sort_by_key(recency);
        opened.newest_first.reverse();
        opened
    }

    /// Reads the sessions in cookies of the Next.js SDK, if that is configured.
    pub(crate) async fn read_next_js(&self, sent: &SentCookies) -> Result<Vec<Session>, IdTokenError> {
        let mut sessions = Vec::new();
        let (Some(name), Some(next_js)) = (&self.names.next_js, &self.next_js) else {
            return Ok(sessions);
        };
        for value in sent.values(name).into_iter().take(chunks::MAX_VALUES) {
            // Next.js percent-encodes the value.
            let pair = str::from_utf8(value).ok().map(|value| format!("{name}={value}"));
            let Some(cookie) = pair.and_then(|pair| Cookie::parse_encoded(pair).ok()) else {
                continue;
            };
            let session = next_js.read(&self.client, cookie.value()).await?;
            sessions.extend(session.filter(|session| self.lifetimes.end_of(session) > self.client.now()));
        }
        Ok(sessions)
    }

    /// Writes the session. If it is too large, the least recently used access tokens are dropped,
    /// and fetched again when needed. If it is too large even without any, it keeps its earlier ID
    /// token.
    pub(crate) fn write_session(&self, cookies: &Cookies, session: &Session, sent: &SentCookies) {
        let expires = self.lifetimes.end_of(session);
        let parts = self.fitted(session.encodings(), expires).or_else(|| {
            self.report_too_large();
            let opened = self.open_sessions(sent).newest_first;
            let earlier = opened.iter().map(Arc::as_ref);
            self.fitted(session.encodings_with_earlier_id_token(earlier), expires)
        });
        if let Some(parts) = parts {
            self.write_parts(sent, cookies, parts, expires);
        }
    }

    /// Whether a new session fits into cookies. Otherwise the sign-in has to fail.
    pub(crate) fn has_room_for(&self, session: &Session) -> bool {
        let expires = self.lifetimes.end_of(session);
        let has_room = self.fitted(session.encodings(), expires).is_some();
        if !has_room {
            self.report_too_large();
        }
        has_room
    }

    /// The cookies for the largest form of a session that fits; `None` if even the smallest one is
    /// too large.
    fn fitted(&self, encodings: Encodings<'_>, expires: Timestamp) -> Option<Vec<(String, String)>> {
        let usual = self.budget;
        self.fitted_into(usual, encodings.clone(), expires).or_else(|| {
            let parts = self.fitted_into(budget::large_session(usual), encodings, expires)?;
            self.large_session.call_once(|| {
                tracing::warn!(
                    code = "session_large",
                    "a session takes more than {usual} bytes of cookies even without access tokens; a proxy \
                     with small buffers may respond with 502: set `proxy_buffer_size 8k` in nginx, keep \
                     sessions in a store, or request fewer scopes"
                );
            });
            Some(parts)
        })
    }

    fn fitted_into(
        &self,
        budget: usize,
        encodings: Encodings<'_>,
        expires: Timestamp,
    ) -> Option<Vec<(String, String)>> {
        let bare = self.cookie(format!("{}.0", self.names.session), String::new(), expires);
        let bare = bare.to_string().len();
        for bytes in encodings {
            let sealed = self.seal(Purpose::Session, &self.names.session, &bytes, expires)?;
            let parts = chunks::split(&self.names.session, &sealed, MAX_COOKIE_LEN.saturating_sub(bare));
            let size: usize = parts.iter().map(|(_, value)| budget::header(bare + value.len())).sum();
            if size <= budget && parts.len() <= chunks::MAX_PARTS {
                return Some(parts);
            }
        }
        None
    }

    fn report_too_large(&self) {
        tracing::error!(
            code = "session_too_large",
            "a session does not fit into {} bytes of cookies even without access tokens; keep sessions in a \
             store, request fewer scopes, or raise the limit with `with_cookie_budget` if all proxies allow it",
            budget::large_session(self.budget)
        );
    }

    /// Writes the id of a stored session.
    pub(crate) fn write_id(&self, cookies: &Cookies, session: &Session, sent: &SentCookies) {
        let expires = self.lifetimes.end_of(session);
        if let Some(sealed) = self.seal(
            Purpose::SessionId,
            &self.names.session,
            session.id().as_bytes(),
            expires,
        ) {
            self.write_parts(sent, cookies, vec![(self.names.session.clone(), sealed)], expires);
        }
    }

    pub(crate) fn clear_session(&self, cookies: &Cookies, sent: &SentCookies) {
        self.clear(cookies, self.names.session.clone());
        self.clear_rest(sent, cookies, 1);
    }

    fn write_parts(&self, sent: &SentCookies, cookies: &Cookies, parts: Vec<(String, String)>, expires: Timestamp) {
        self.clear_rest(sent, cookies, parts.len());
        for (name, value) in parts {
            cookies.add(self.cookie(name, value, expires));
        }
    }

    /// Removes the parts of an earlier, larger session, and the cookie of the Next.js SDK if its
    /// name differs.
    fn clear_rest(&self, sent: &SentCookies, cookies: &Cookies, parts: usize) {
        for name in chunks::stale(|part| sent.contains(part), &self.names.session, parts) {
            self.clear(cookies, name);
        }
        if let Some(name) = &self.names.next_js
            && *name != self.names.session
            && sent.contains(name)
        {
            self.clear_next_js(cookies, name.clone());
        }
    }
}
