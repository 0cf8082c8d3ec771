//! The session in the browser: the session itself, sealed, in as many cookies as it takes; or the sealed id of one in a store.

use std::sync::Arc;

use logto::{
    IdTokenError, Timestamp,
    seal::{OpenError, Purpose},
    session::{Session, SessionId, store::StoreError},
};
use tower_cookies::{Cookie, Cookies};

use crate::{budget, chunks, cookie::CookieJar, sent_cookies::SentCookies};

/// Browsers drop a cookie above this size (name, value and attributes) without a word.
const LARGEST: usize = 4096;

impl CookieJar {
    /// Whether a request carries a cookie of a session, whether it can be opened or not.
    pub(crate) fn is_carried(&self, sent: &SentCookies) -> bool {
        let next_js = self.next_js.as_ref().map(|(name, _)| name);
        sent.has(&self.session_name) || next_js.is_some_and(|name| sent.has(name))
    }

    /// The session that came in cookies. One that does not open or has expired is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownKey`] if another process may be able to open it.
    pub(crate) fn open_session(&self, sent: &SentCookies) -> Result<Option<Arc<Session>>, StoreError> {
        let context = self.context(Purpose::Session, &self.session_name);
        let now = self.client.now();
        let open = |sealed: &[u8]| {
            let session = self.opened.open(&self.sealer, context, sealed, now)?;
            // The lifetimes may have been made shorter since it was sealed.
            let lives = self.lifetimes.end_of(&session) > now;
            lives.then_some(session).ok_or(OpenError::Expired)
        };
        self.newest(sent, open, |session| (session.started(), session.version()))
    }

    /// The id of a session in a store that came in a cookie.
    ///
    /// # Errors
    ///
    /// As [`CookieJar::open_session`].
    pub(crate) fn open_id(&self, sent: &SentCookies) -> Result<Option<SessionId>, StoreError> {
        let context = self.context(Purpose::SessionId, &self.session_name);
        let open = |sealed: &[u8]| {
            let opened = self.sealer.open(context, sealed, self.client.now())?;
            let id = SessionId::from_bytes(&opened.payload).ok_or(OpenError::Malformed)?;
            Ok((opened.issued, id))
        };
        let newest = self.newest(sent, open, |(issued, _)| *issued)?;
        Ok(newest.map(|(_, id)| id))
    }

    /// Opens what the session cookies of a request say. Several of one name can have been sent: the newest of those that open counts.
    fn newest<T, R: Ord>(
        &self,
        sent: &SentCookies,
        open: impl Fn(&[u8]) -> Result<T, OpenError>,
        recency: impl FnMut(&T) -> R,
    ) -> Result<Option<T>, StoreError> {
        let sealed = chunks::read(|name| sent.values(name), &self.session_name);
        let (opened, failed): (Vec<_>, Vec<_>) = sealed.iter().map(|sealed| open(sealed)).partition(Result::is_ok);
        match opened.into_iter().flatten().max_by_key(recency) {
            None if failed
                .into_iter()
                .any(|result| matches!(result, Err(OpenError::UnknownKey))) =>
            {
                Err(StoreError::UnknownKey)
            }
            newest => Ok(newest),
        }
    }

    /// The session in a cookie of the Next.js SDK, where that is switched on.
    pub(crate) async fn read_next_js(&self, sent: &SentCookies) -> Result<Option<Session>, IdTokenError> {
        let Some((name, next_js)) = &self.next_js else {
            return Ok(None);
        };
        for value in sent.values(name) {
            // The SDK's framework percent-encodes it.
            let pair = str::from_utf8(value).ok().map(|value| format!("{name}={value}"));
            let Some(cookie) = pair.and_then(|pair| Cookie::parse_encoded(pair).ok()) else {
                continue;
            };
            let session = next_js.read(&self.client, cookie.value()).await?;
            if let Some(session) = session.filter(|session| self.lifetimes.end_of(session) > self.client.now()) {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    /// Writes the session in place of the one that was sent. If it does not fit, the least recently used access tokens are dropped and
    /// fetched again when needed.
    pub(crate) fn write_session(&self, cookies: &Cookies, session: &Session, sent: &SentCookies) {
        let parts = self.fitted(session).or_else(|| {
            self.report_too_large();
            // A new ID token is too large. The one in the browser is not, and with it the refresh token is kept: it may have rotated.
            let before = self.open_session(sent).ok().flatten();
            let before = before.filter(|before| before.id() == session.id())?;
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

    /// The cookies for a session, or for as much of it as fits; `None` if it does not fit without any access token.
    fn fitted(&self, session: &Session) -> Option<Vec<(String, String)>> {
        let usual = self.budget;
        self.fitted_into(usual, session).or_else(|| {
            let parts = self.fitted_into(budget::large_session(usual), session)?;
            self.large_session.call_once(|| {
                tracing::warn!(
                    code = "session_large",
                    "a session takes more than {usual} bytes of cookies without any access token; a proxy with small buffers answers 502 \
                     in place of this app: give nginx `proxy_buffer_size 8k`, keep sessions in a store, or ask for fewer scopes"
                );
            });
            Some(parts)
        })
    }

    fn fitted_into(&self, budget: usize, session: &Session) -> Option<Vec<(String, String)>> {
        let expires = self.lifetimes.end_of(session);
        let bare = self.cookie(format!("{}.0", self.session_name), String::new(), expires);
        let bare = bare.to_string().len();
        let mut fitting = session.clone();
        loop {
            let bytes = fitting.to_bytes().ok()?;
            let sealed = self.seal(Purpose::Session, &self.session_name, &bytes, expires)?;
            let parts = chunks::split(&self.session_name, &sealed, LARGEST.saturating_sub(bare));
            let size: usize = parts.iter().map(|(_, value)| budget::header(bare + value.len())).sum();
            if size <= budget && parts.len() <= chunks::MOST_PARTS {
                return Some(parts);
            }
            fitting = fitting.without_oldest_token()?;
        }
    }

    fn report_too_large(&self) {
        tracing::error!(
            code = "session_too_large",
            "a session does not fit into {} bytes of cookies without any access token; keep sessions in a store, ask for fewer scopes, or \
             raise `cookie_budget` if all servers and proxies in between allow it",
            budget::large_session(self.budget)
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
}
