//! The session in the browser: the session itself, sealed, in as many cookies as it takes; or the sealed id of one in a store.

use std::sync::Arc;

use http::{HeaderMap, header};
use logto::{
    IdTokenError, Timestamp,
    seal::Purpose,
    session::{Session, SessionId},
};
use tower_cookies::Cookies;

use crate::{chunks, cookie::CookieJar};

/// Browsers drop a cookie above this size (name, value and attributes) without a word.
const LARGEST: usize = 4096;

impl CookieJar {
    /// Whether a request carries a cookie of a session, be it one that cannot even be read as text.
    pub(crate) fn is_carried(&self, headers: &HeaderMap) -> bool {
        let names = [Some(&self.session_name), self.next_js.as_ref().map(|(name, _)| name)];
        headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
            .any(|pair| names.iter().flatten().any(|name| names_it(pair, name)))
    }

    /// The session that came in cookies. One that cannot be opened or has expired is none.
    pub(crate) fn open_session(&self, cookies: &Cookies) -> Option<Arc<Session>> {
        let sealed = chunks::read(cookies, &self.session_name)?;
        let context = self.context(Purpose::Session, &self.session_name);
        let session = self.opened.open(&self.sealer, context, &sealed, self.client.now())?;
        // The lifetimes may have been made shorter since it was sealed.
        (self.lifetimes.end_of(&session) > self.client.now()).then_some(session)
    }

    /// The id, that came in a cookie, of a session in a store.
    pub(crate) fn open_id(&self, cookies: &Cookies) -> Option<SessionId> {
        let sealed = chunks::read(cookies, &self.session_name)?;
        let context = self.context(Purpose::SessionId, &self.session_name);
        let opened = self.sealer.open(context, &sealed, self.client.now()).ok()?;
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

    /// Writes the session. When it does not fit, access tokens leave, those used longest ago first: they can be had again.
    pub(crate) fn write_session(&self, cookies: &Cookies, session: &Session) {
        let parts = self.fitted(session).or_else(|| {
            self.report_too_large();
            // A new ID token is too large. The one in the browser is not, and with it the refresh token is kept: it may have rotated.
            let before = self
                .open_session(cookies)
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

fn names_it(pair: &[u8], name: &str) -> bool {
    let rest = pair.trim_ascii_start().strip_prefix(name.as_bytes());
    rest.is_some_and(|rest| matches!(rest.first(), Some(b'=' | b'.')))
}
