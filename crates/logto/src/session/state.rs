//! What can honestly be said about a session.

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionState {
    /// There is no session.
    Anonymous,
    /// The ID token is valid.
    Active,
    /// The ID token is past its time, but there is a refresh token to renew it: nothing has asked
    /// for a renewal yet, or the last try failed in passing. Renewing an access token renews it
    /// too.
    Stale,
    /// The grant has ended (expired, revoked, user suspended): only a new sign-in helps.
    SignInNeeded,
    /// The provider refuses every refresh, because the user may not use the application at present.
    /// The refresh token is kept, and the provider is asked again, at most once a minute: when
    /// access is given back the session is active again. A new sign-in does not help.
    AccessDenied,
    /// The ID token is past its time and there is no refresh token to renew it.
    Expired,
}

impl SessionState {
    /// Whether the user counts as signed in: active, or stale and not refused by the provider.
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
