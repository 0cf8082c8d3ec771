//! The cookies: their names, attributes, and what is sealed in them.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, header};
use logto::{
    ExposeSecret as _, LogtoClient, SecretString, SignInTransaction, Timestamp,
    seal::{Purpose, SealContext, Sealer},
    session::Session,
};
use sha2::{Digest as _, Sha256};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

/// Browsers drop a cookie above this size (name, value and attributes) without a word.
const LARGEST: usize = 4096;

/// Sign-ins that may be under way at the same time in one browser; the oldest goes first.
const MOST_TRANSACTIONS: usize = 5;

/// Reads and writes the cookies of one application.
pub(crate) struct CookieJar {
    client: LogtoClient,
    sealer: Sealer,
    secure: bool,
    /// In seconds.
    session_lifetime: u64,
    session_name: String,
    transaction_prefix: String,
}

impl CookieJar {
    pub(crate) fn new(client: LogtoClient, sealer: Sealer, secure: bool, session_lifetime: u64) -> Self {
        // The prefix makes browsers refuse the cookie from a sibling domain or without TLS (RFC 6265bis §4.1.3.2).
        let prefix = if secure { "__Host-" } else { "" };
        let session_name = format!("{prefix}logto_{}", client.config().app_id());
        let transaction_prefix = format!("{prefix}logto_tx_");
        Self {
            client,
            sealer,
            secure,
            session_lifetime,
            session_name,
            transaction_prefix,
        }
    }

    /// Whether a request carries a session cookie, be it one that cannot even be read as text.
    pub(crate) fn is_carried(&self, headers: &HeaderMap) -> bool {
        let name = self.session_name.as_bytes();
        headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
            .any(|pair| {
                pair.trim_ascii_start()
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(b"="))
            })
    }

    /// The session that came with a request. A cookie that cannot be opened or has expired is none.
    pub(crate) fn read_session(&self, cookies: &Cookies) -> Option<Arc<Session>> {
        let cookie = cookies.get(&self.session_name)?;
        let context = self.context(Purpose::Session, &self.session_name);
        let opened = self.sealer.open(context, cookie.value(), self.client.now()).ok()?;
        Session::from_unsealed_bytes(&opened.payload).ok().map(Arc::new)
    }

    /// Writes the session. When it does not fit, access tokens leave, those stored longest ago first: they can be had again.
    pub(crate) fn write_session(&self, cookies: &Cookies, session: &Session) {
        let expires = session.started().plus(self.session_lifetime);
        let mut fitting = session.clone();
        loop {
            let Some(cookie) = self.session_cookie(&fitting, expires) else {
                return;
            };
            if cookie.to_string().len() <= LARGEST {
                cookies.add(cookie);
                return;
            }
            let Some(smaller) = fitting.without_oldest_token() else {
                tracing::error!(
                    code = "session_too_large",
                    "the session does not fit into a cookie of {LARGEST} bytes; ask for fewer scopes, or put less into the user's claims"
                );
                return;
            };
            fitting = smaller;
        }
    }

    fn session_cookie(&self, session: &Session, expires: Timestamp) -> Option<Cookie<'static>> {
        let bytes = session.to_bytes().ok()?;
        let sealed = self.seal(Purpose::Session, &self.session_name, &bytes, expires)?;
        Some(self.cookie(self.session_name.clone(), sealed, expires))
    }

    pub(crate) fn clear_session(&self, cookies: &Cookies) {
        self.clear(cookies, self.session_name.clone());
    }

    /// Keeps a sign-in under way; the oldest ones leave when there are too many.
    #[must_use]
    pub(crate) fn write_transaction(&self, cookies: &Cookies, transaction: &SignInTransaction) -> bool {
        self.make_room(cookies);
        let name = self.transaction_name(transaction.state());
        let Some(sealed) = self.seal(
            Purpose::Transaction,
            &name,
            &transaction.to_bytes(),
            transaction.expires(),
        ) else {
            return false;
        };
        cookies.add(self.cookie(name, sealed, transaction.expires()));
        true
    }

    /// Takes the transaction that `state` belongs to; its cookie is gone after that, whatever comes of it.
    pub(crate) fn take_transaction(&self, cookies: &Cookies, state: &SecretString) -> Option<SignInTransaction> {
        let name = self.transaction_name(state);
        let cookie = cookies.get(&name)?;
        let transaction = self.open_transaction(&name, cookie.value());
        self.clear(cookies, name);
        transaction
    }

    fn open_transaction(&self, name: &str, sealed: &str) -> Option<SignInTransaction> {
        let opened = self
            .sealer
            .open(self.context(Purpose::Transaction, name), sealed, self.client.now())
            .ok()?;
        SignInTransaction::from_bytes(&opened.payload)
    }

    fn make_room(&self, cookies: &Cookies) {
        let mut under_way = Vec::new();
        for cookie in cookies.list() {
            let name = cookie.name();
            if !name.starts_with(&self.transaction_prefix) {
                continue;
            }
            match self.open_transaction(name, cookie.value()) {
                Some(transaction) => under_way.push((transaction.expires(), name.to_owned())),
                None => self.clear(cookies, name.to_owned()),
            }
        }
        under_way.sort();
        let too_many = (under_way.len() + 1).saturating_sub(MOST_TRANSACTIONS);
        for (_, name) in under_way.into_iter().take(too_many) {
            self.clear(cookies, name);
        }
    }

    /// By a hash: the name shows in places the value does not, and must not give the `state` away.
    fn transaction_name(&self, state: &SecretString) -> String {
        let hash = Sha256::digest(state.expose_secret().as_bytes());
        format!(
            "{}{}",
            self.transaction_prefix,
            BASE64_URL_SAFE_NO_PAD.encode(&hash[..9])
        )
    }

    fn seal(&self, purpose: Purpose, name: &str, payload: &[u8], expires: Timestamp) -> Option<String> {
        let sealed = self.sealer.seal(
            self.context(purpose, name),
            payload,
            self.client.now(),
            expires,
            self.client.random(),
        );
        sealed
            .inspect_err(|error| tracing::error!(%error, "a cookie could not be sealed"))
            .ok()
    }

    fn context<'a>(&'a self, purpose: Purpose, name: &'a str) -> SealContext<'a> {
        SealContext {
            purpose,
            name,
            app_id: self.client.config().app_id(),
        }
    }

    fn cookie(&self, name: String, value: String, expires: Timestamp) -> Cookie<'static> {
        let seconds = i64::try_from(expires.seconds_since(self.client.now())).unwrap_or(i64::MAX);
        let mut cookie = self.bare(name);
        cookie.set_value(value);
        cookie.set_max_age(Duration::seconds(seconds));
        cookie
    }

    /// A removal has the attributes of what it removes, or browsers keep that.
    fn clear(&self, cookies: &Cookies, name: String) {
        let mut cookie = self.bare(name);
        cookie.make_removal();
        cookies.add(cookie);
    }

    fn bare(&self, name: String) -> Cookie<'static> {
        Cookie::build((name, ""))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}
