//! The cookie that marks how far a silent sign-in has come. It ends with the browser session.
//!
//! It is not sealed, because it only decides whether the provider is asked.

use tower_cookies::Cookies;

use crate::cookie::CookieJar;

/// The state of the silent sign-in in this browser session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SilentMarker {
    /// The cookie was set to find out whether the client sends it back.
    Probing,
    /// The provider was asked, or must not be asked.
    Done,
}

impl SilentMarker {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Probing => "probing",
            Self::Done => "done",
        }
    }
}

impl CookieJar {
    pub(crate) fn silent_marker(&self, cookies: &Cookies) -> Option<SilentMarker> {
        let cookie = cookies.get(&self.names.silent)?;
        // Any other value must not cause a redirect.
        let is_probing = cookie.value() == SilentMarker::Probing.as_str();
        Some(if is_probing {
            SilentMarker::Probing
        } else {
            SilentMarker::Done
        })
    }

    pub(crate) fn write_silent_marker(&self, cookies: &Cookies, marker: SilentMarker) {
        let mut cookie = self.bare(self.names.silent.clone());
        cookie.set_value(marker.as_str());
        cookies.add(cookie);
    }
}
