//! The session in the browser: the session itself, sealed, in as many cookies as it takes; or the
//! sealed id of one in a store.

use std::sync::Arc;

use logto::{
    IdTokenError, Timestamp,
    seal::{OpenError, Purpose},
    session::{Session, SessionId, store::StoreError},
};
use tower_cookies::{Cookie, Cookies};

use crate::{cookie::CookieJar, cookie::budget, cookie::chunks, cookie::header::SentCookies};

/// Browsers drop a cookie above this size (name, value and attributes) without a word.
const LARGEST: usize = 4096;

/// What the session cookies of a request say. Several of one name can have been sent.
pub(crate) struct Carried<T> {
    /// What opened. The newest that has not ended counts.
    pub(crate) newest_first: Vec<T>,
    /// One is sealed with an unknown key: another process may be able to open it.
    pub(crate) is_for_others: bool,
}

impl<T> Carried<T> {
    /// What a request has if nothing that opened counts.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownKey`] if another process may know better.
    pub(crate) fn none<U>(&self) -> Result<Option<U>, StoreError> {
        if self.is_for_others {
            Err(StoreError::UnknownKey)
        } else {
            Ok(None)
        }
    }
}

impl CookieJar {
    /// The sessions that came in cookies. One that does not open or has expired is none.
    pub(crate) fn open_sessions(&self, sent: &SentCookies) -> Carried<Arc<Session>> {
        let context = self.context(Purpose::Session, &self.names.session);
        let now = self.client.now();
        let open = |sealed: &[u8]| {
            let session = self.opened.open(&self.sealer, context, sealed, now)?;
            // The lifetimes may have been made shorter since it was sealed.
            let lives = self.lifetimes.end_of(&session) > now;
            lives.then_some(session).ok_or(OpenError::Expired)
        };
        self.open_all(sent, open, |session| (session.started(), session.version()))
    }

    /// The ids of sessions in a store that came in cookies, each with the time when it was sealed.
    pub(crate) fn open_ids(&self, sent: &SentCookies) -> Carried<(Timestamp, SessionId)> {
        let context = self.context(Purpose::SessionId, &self.names.session);
        let open = |sealed: &[u8]| {
            let opened = self.sealer.open(context, sealed, self.client.now())?;
            let id = SessionId::from_bytes(opened.payload()).ok_or(OpenError::Malformed)?;
            Ok((opened.issued(), id))
        };
        self.open_all(sent, open, |(issued, _)| *issued)
    }

    /// Opens what the session cookies of a request say.
    fn open_all<T, R: Ord>(
        &self,
        sent: &SentCookies,
        open: impl Fn(&[u8]) -> Result<T, OpenError>,
        recency: impl FnMut(&T) -> R,
    ) -> Carried<T> {
        let mut carried = Carried {
            newest_first: Vec::new(),
            is_for_others: false,
        };
        for sealed in chunks::read(|name| sent.values(name), &self.names.session) {
            match open(&sealed) {
                Ok(opened) => carried.newest_first.push(opened),
                Err(error) => carried.is_for_others |= error == OpenError::UnknownKey,
            }
        }
        carried.newest_first.sort_by_key(recency);
        carried.newest_first.reverse();
        carried
    }

    /// The sessions in cookies of the Next.js SDK, where that is switched on.
    pub(crate) async fn read_next_js(&self, sent: &SentCookies) -> Result<Vec<Session>, IdTokenError> {
        let mut sessions = Vec::new();
        let (Some(name), Some(next_js)) = (&self.names.next_js, &self.next_js) else {
            return Ok(sessions);
        };
        for value in sent.values(name).into_iter().take(chunks::MOST_READ) {
            // The SDK's framework percent-encodes it.
            let pair = str::from_utf8(value).ok().map(|value| format!("{name}={value}"));
            let Some(cookie) = pair.and_then(|pair| Cookie::parse_encoded(pair).ok()) else {
                continue;
            };
            let session = next_js.read(&self.client, cookie.value()).await?;
            sessions.extend(session.filter(|session| self.lifetimes.end_of(session) > self.client.now()));
        }
        Ok(sessions)
    }

    /// Writes the session in place of the one that was sent. If it does not fit, the least recently
    /// used access tokens are dropped and fetched again when needed.
    pub(crate) fn write_session(&self, cookies: &Cookies, session: &Session, sent: &SentCookies) {
        let parts = self.fitted(session).or_else(|| {
            self.report_too_large();
            // A new ID token is too large. The one in the browser is not, and with it the refresh
            // token is kept: it may have rotated.
            let carried = self.open_sessions(sent).newest_first;
            let smaller = carried
                .iter()
                .find_map(|before| session.with_earlier_id_token(before))?;
            self.fitted(&smaller)
        });
        if let Some(parts) = parts {
            self.write_parts(sent, cookies, parts, self.lifetimes.end_of(session));
        }
    }

    /// Whether a session that begins can be kept in cookies at all. One that cannot would only look
    /// like a sign-in.
    pub(crate) fn has_room_for(&self, session: &Session) -> bool {
        let has_room = self.fitted(session).is_some();
        if !has_room {
            self.report_too_large();
        }
        has_room
    }

    /// The cookies for a session, or for as much of it as fits; `None` if it does not fit without
    /// any access token.
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
        let bare = self.cookie(format!("{}.0", self.names.session), String::new(), expires);
        let bare = bare.to_string().len();
        let mut fitting = session.clone();
        loop {
            let bytes = fitting.to_bytes().ok()?;
            let sealed = self.seal(Purpose::Session, &self.names.session, &bytes, expires)?;
            let parts = chunks::split(&self.names.session, &sealed, LARGEST.saturating_sub(bare));
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

    /// Removes parts of a larger session from before, and the cookie of the Next.js SDK if it has
    /// another name.
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
