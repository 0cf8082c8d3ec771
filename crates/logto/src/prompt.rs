//! What the provider asks of a user who may be signed in already.

/// `prompt` (OIDC Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prompt {
    /// Show no page; answer `login_required` instead.
    None,
    /// Ask for credentials even if the user is signed in.
    Login,
    /// Ask for consent. First-party apps show no page, but get a refresh token.
    Consent,
    /// Ask which account.
    SelectAccount,
}

impl Prompt {
    /// The value in the request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }

    /// Reads the value of a request.
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
