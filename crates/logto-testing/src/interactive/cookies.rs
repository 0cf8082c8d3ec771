//! The provider's cookies. They name the port, because browsers send the cookies of a host to all
//! of its ports, and an app of the same machine must not overwrite them.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

use crate::{
    provider::{Provider, SESSION_LIFETIME},
    random,
};

#[derive(Clone, Copy)]
pub(super) enum Name {
    /// Binds pages to the browser that opened them. It survives a sign-out.
    Browser,
    /// The session of the signed-in user.
    Session,
}

impl Name {
    fn at(self, provider: &Provider) -> String {
        let port = provider.endpoint.rsplit(':').next().unwrap_or_default();
        match self {
            Self::Browser => format!("logto-testing-{port}-browser"),
            Self::Session => format!("logto-testing-{port}-session"),
        }
    }
}

pub(super) fn read(provider: &Provider, headers: &HeaderMap, name: Name) -> Option<String> {
    let name = name.at(provider);
    let texts = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut cookies = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The browser's cookie, or a new value to be set.
pub(super) fn browser(provider: &Provider, headers: &HeaderMap) -> String {
    read(provider, headers, Name::Browser).unwrap_or_else(random::opaque)
}

/// `Set-Cookie` for a value; an empty one removes the cookie.
pub(super) fn set(provider: &Provider, name: Name, value: &str) -> (header::HeaderName, HeaderValue) {
    let seconds = if value.is_empty() { 0 } else { SESSION_LIFETIME };
    let cookie = Cookie::build((name.at(provider), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX)));
    let value = cookie.to_string().parse().expect("names and values are ASCII");
    (header::SET_COOKIE, value)
}
