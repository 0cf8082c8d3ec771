//! The session state.

use serde::{Deserialize, Serialize};

/// The session state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionView {
    /// There is no session.
    #[default]
    Anonymous,
    /// The page was rendered without its session (`SsrMode::Static`), and the browser is asking for
    /// it. Other pages know their session from the start.
    Loading,
    /// The user is signed in.
    Active,
    /// The user is signed in, but Logto cannot be reached to renew the claims.
    Stale,
    /// The grant has ended, so that the user has to sign in again.
    SignInNeeded,
    /// The user currently has no access to the application, and a new sign-in does not help. Say
    /// so, and offer to sign out, as [`SignedOut`](crate::SignedOut) does.
    AccessDenied,
    /// The session has expired.
    Expired,
}

impl SessionView {
    /// Whether the user is signed in.
    #[doc(alias = "isAuthenticated")]
    #[must_use]
    pub const fn is_authenticated(self) -> bool {
        matches!(self, Self::Active | Self::Stale)
    }

    /// Whether the user is known to be signed out.
    #[must_use]
    pub const fn is_signed_out(self) -> bool {
        !self.is_authenticated() && !self.is_loading()
    }

    /// Whether the browser is still asking for the state.
    #[must_use]
    pub const fn is_loading(self) -> bool {
        matches!(self, Self::Loading)
    }

    /// The value of the attribute that the session script reads.
    pub(crate) const fn marker(self) -> &'static str {
        if self.is_authenticated() {
            "signed-in"
        } else if self.is_loading() {
            "loading"
        } else {
            "signed-out"
        }
    }

    /// Reads the name that the server sends.
    #[cfg(any(test, not(feature = "ssr")))]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "anonymous" => Self::Anonymous,
            "loading" => Self::Loading,
            "active" => Self::Active,
            "stale" => Self::Stale,
            "sign_in_needed" => Self::SignInNeeded,
            "access_denied" => Self::AccessDenied,
            "expired" => Self::Expired,
            _ => return None,
        })
    }

    /// Reads [`SessionView::marker`].
    #[cfg(any(test, not(feature = "ssr")))]
    pub(crate) fn from_marker(marker: Option<&str>) -> Self {
        match marker {
            Some("signed-in") => Self::Active,
            Some("signed-out") => Self::Anonymous,
            _ => Self::Loading,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<crate::SessionState> for SessionView {
    fn from(state: crate::SessionState) -> Self {
        use crate::SessionState;

        match state {
            SessionState::Active => Self::Active,
            SessionState::Stale => Self::Stale,
            SessionState::SignInNeeded => Self::SignInNeeded,
            SessionState::AccessDenied => Self::AccessDenied,
            SessionState::Expired => Self::Expired,
            // `Anonymous`, and states that a later version may add.
            _ => Self::Anonymous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SessionView;

    #[test]
    fn the_marker_says_whether_the_user_is_signed_in() {
        for (state, expected) in [
            (SessionView::Anonymous, SessionView::Anonymous),
            (SessionView::Loading, SessionView::Loading),
            (SessionView::Active, SessionView::Active),
            (SessionView::Stale, SessionView::Active),
            (SessionView::SignInNeeded, SessionView::Anonymous),
            (SessionView::AccessDenied, SessionView::Anonymous),
            (SessionView::Expired, SessionView::Anonymous),
        ] {
            assert_eq!(SessionView::from_marker(Some(state.marker())), expected, "{state:?}");
        }
        assert_eq!(SessionView::from_marker(None), SessionView::Loading);
    }

    #[test]
    fn the_browser_reads_every_state_that_the_server_sends() {
        for state in [
            SessionView::Anonymous,
            SessionView::Loading,
            SessionView::Active,
            SessionView::Stale,
            SessionView::SignInNeeded,
            SessionView::AccessDenied,
            SessionView::Expired,
        ] {
            let sent = serde_json::to_value(state).unwrap();
            assert_eq!(SessionView::from_name(sent.as_str().unwrap()), Some(state));
        }
        assert_eq!(SessionView::from_name("from_the_future"), None);
    }

    #[test]
    fn every_state_is_signed_in_or_signed_out_unless_it_is_loading() {
        for state in [
            SessionView::Anonymous,
            SessionView::Active,
            SessionView::Stale,
            SessionView::Expired,
        ] {
            assert_ne!(state.is_authenticated(), state.is_signed_out(), "{state:?}");
        }
        assert!(!SessionView::Loading.is_authenticated() && !SessionView::Loading.is_signed_out());
    }
}
