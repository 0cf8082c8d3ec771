//! `prompt` of the authorization request.

/// The interaction that a sign-in requires of the user (`prompt`, OIDC Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// No interaction: the provider shows no page, and returns an error if one would be needed.
    None,
    /// Credentials, even if the user is signed in.
    Login,
    /// Consent. Logto shows no page for first-party apps, but issues a refresh token.
    Consent,
    /// The account to use.
    SelectAccount,
}

impl Prompt {
    /// The parameter value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }

    /// Parses a parameter value.
    ///
    /// ```
    /// assert_eq!(logto::Prompt::from_name("login"), Some(logto::Prompt::Login));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::Login, Self::Consent, Self::SelectAccount]
            .into_iter()
            .find(|prompt| prompt.as_str() == name)
    }
}
