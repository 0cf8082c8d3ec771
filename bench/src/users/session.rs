//! The cookies of a user's browser.

use std::collections::BTreeMap;

use http::{HeaderMap, header};

/// The cookies that an app has set in one browser.
#[derive(Clone, Default)]
pub(super) struct Session(BTreeMap<String, String>);

impl Session {
    /// The header `Cookie`.
    pub(super) fn header(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Applies the cookies of a response. Returns whether it set one, besides those it deleted.
    pub(super) fn update(&mut self, headers: &HeaderMap) -> bool {
        let mut set = false;
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap_or_default();
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
                set = true;
            }
        }
        set
    }
}
