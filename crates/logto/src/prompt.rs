//! `prompt` of the authorization request.

/// A value of `prompt` (OIDC Core §3.1.2.1): the interaction that the app requires of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// Shows no page, and returns an error if one would be needed.
    None,
    /// Asks for credentials, even if the user is already signed in.
    Login,
    /// Asks for consent. Logto shows no page for first-party apps, but issues a refresh token.
    Consent,
    /// Asks which account to use.
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
