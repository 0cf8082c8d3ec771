//! The parameter `first_screen`.

use std::str::FromStr;

use super::invalid_parameter::InvalidParameter;

/// The first page of a sign-in (Logto's `first_screen`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstScreen {
    /// Sign in.
    SignIn,
    /// Create an account.
    Register,
    /// Reset the password.
    ResetPassword,
    /// Sign in with one of the identifiers of
    /// [`SignInOptions::with_identifiers`](super::SignInOptions::with_identifiers).
    IdentifierSignIn,
    /// Create an account with one of the identifiers of
    /// [`SignInOptions::with_identifiers`](super::SignInOptions::with_identifiers).
    IdentifierRegister,
    /// Enterprise single sign-on.
    SingleSignOn,
}

impl FirstScreen {
    const ALL: [Self; 6] = [
        Self::SignIn,
        Self::Register,
        Self::ResetPassword,
        Self::IdentifierSignIn,
        Self::IdentifierRegister,
        Self::SingleSignOn,
    ];

    /// The parameter value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Register => "register",
            Self::ResetPassword => "reset_password",
            Self::IdentifierSignIn => "identifier:sign_in",
            Self::IdentifierRegister => "identifier:register",
            Self::SingleSignOn => "single_sign_on",
        }
    }
}

impl FromStr for FirstScreen {
    type Err = InvalidParameter;

    fn from_str(text: &str) -> Result<Self, InvalidParameter> {
        Self::ALL
            .into_iter()
            .find(|screen| screen.as_str() == text)
            .ok_or(InvalidParameter("first_screen"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_screens_are_parsed_back_and_other_text_is_rejected() {
        for screen in FirstScreen::ALL {
            assert_eq!(screen.as_str().parse(), Ok(screen));
        }
        assert!("signin".parse::<FirstScreen>().is_err());
        assert!("".parse::<FirstScreen>().is_err());
    }
}
