//! The state of a session.

/// The state of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionState {
    /// There is no session.
    Anonymous,
    /// The ID token is valid.
    Active,
    /// The ID token has expired and a refresh token can renew it. No renewal has been tried, or the
    /// last one failed with a transient error. Refreshing any token renews the ID token too.
    Stale,
    /// The grant has ended: it expired, it was revoked, or the user was suspended. Only a new
    /// sign-in helps.
    SignInNeeded,
    /// The provider refuses every refresh, because the user may not use the application at present.
    ///
    /// The refresh token is kept and tried at most once a minute. The session is active again when
    /// access is restored. A new sign-in does not help.
    AccessDenied,
    /// The ID token has expired and there is no refresh token.
    Expired,
}

impl SessionState {
    /// Whether the user is signed in: active or stale.
    #[doc(alias = "isAuthenticated")]
    #[must_use]
    pub const fn is_authenticated(self) -> bool {
        matches!(self, Self::Active | Self::Stale)
    }

    /// A stable name, for pages and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Active => "active",
            Self::Stale => "stale",
            Self::SignInNeeded => "sign_in_needed",
            Self::AccessDenied => "access_denied",
            Self::Expired => "expired",
        }
    }
}
