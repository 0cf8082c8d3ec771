//! The cookies of one application: names, attributes and seals.
//!
//! `session` and `transaction` read and write their contents.

pub(crate) mod budget;
pub(crate) mod chunks;
pub(crate) mod header;
mod refusal;
pub(crate) mod session;
pub(crate) mod silent;
pub(crate) mod transaction;

use std::sync::{Arc, Once};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto::{
    LogtoClient, Timestamp,
    seal::{Purpose, SealContext, Sealer},
    session::{Lifetimes, NextJsCookie, UnsealCache},
};
use sha2::{Digest as _, Sha256};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

use crate::{address::Address, config::WebConfig, cookie::header::CookieNames};

/// Reads and writes the cookies of one application at one of its addresses.
pub(crate) struct CookieJar {
    pub(crate) client: LogtoClient,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) unseal_cache: UnsealCache,
    secure: bool,
    /// The attribute `Path`.
    path: String,
    pub(crate) lifetimes: Lifetimes,
    /// Size limit of a session's cookies in a response, in bytes; see [`budget`].
    pub(crate) budget: usize,
    /// Logs the first session that exceeds the limit.
    pub(crate) large_session: Once,
    pub(crate) names: CookieNames,
    /// Opens the session cookie of the Next.js SDK.
    pub(crate) next_js: Option<NextJsCookie>,
}

impl CookieJar {
    pub(crate) fn new(client: LogtoClient, sealer: Arc<Sealer>, web: &WebConfig, address: &Address) -> Self {
        // With a prefix, browsers reject the cookie without TLS; with `__Host-`, from sibling
        // domains too (RFC 6265bis §4.1.3). `__Host-` requires the path `/`.
        let prefix = match (address.secure, address.cookie_path()) {
            (true, "/") => "__Host-",
            (true, _) => "__Secure-",
            (false, _) => "",
        };
        let mark = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(client.config().app_id())[..3]);
        let plain_name = format!("logto_{}", client.config().app_id());
        let next_js_secret = web.next_js_cookie_secret.as_ref();
        Self {
            names: CookieNames {
                session: format!("{prefix}{plain_name}"),
                transaction_prefix: format!("{prefix}logto_tx_{mark}"),
                silent: format!("{prefix}logto_silent_{mark}"),
                next_js: next_js_secret.map(|_| plain_name),
            },
            next_js: next_js_secret.map(NextJsCookie::new),
            client,
            sealer,
            unseal_cache: UnsealCache::default(),
            secure: address.secure,
            path: address.cookie_path().to_owned(),
            lifetimes: web.lifetimes,
            budget: web.cookie_budget,
            large_session: Once::new(),
        }
    }

    pub(crate) fn seal(&self, purpose: Purpose, name: &str, payload: &[u8], expires: Timestamp) -> Option<String> {
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

    pub(crate) fn context<'a>(&'a self, purpose: Purpose, name: &'a str) -> SealContext<'a> {
        SealContext {
            purpose,
            name,
            app_id: self.client.config().seal_id(),
        }
    }

    pub(crate) fn cookie(&self, name: String, value: String, expires: Timestamp) -> Cookie<'static> {
        let seconds = i64::try_from(expires.seconds_since(self.client.now())).unwrap_or(i64::MAX);
        let mut cookie = self.bare(name);
        cookie.set_value(value);
        cookie.set_max_age(Duration::seconds(seconds));
        cookie
    }

    /// Removes a cookie. Browsers require the attributes of the cookie to be the same.
    pub(crate) fn clear(&self, cookies: &Cookies, name: String) {
        let mut cookie = self.bare(name);
        cookie.make_removal();
        cookies.add(cookie);
    }

    /// Removes the cookie of the Next.js SDK, whose path is `/`.
    pub(crate) fn clear_next_js(&self, cookies: &Cookies, name: String) {
        let mut cookie = self.bare(name);
        cookie.set_path("/");
        cookie.make_removal();
        cookies.add(cookie);
    }

    fn bare(&self, name: String) -> Cookie<'static> {
        Cookie::build((name, ""))
            .path(self.path.clone())
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .build()
    }
}
