//! What a sign-in can ask for beyond the configuration. One invalid value makes Logto drop all of
//! its own parameters without a word, so the types here have no invalid values.

use std::{fmt, str::FromStr};

use crate::{prompt::Prompt, secret::SecretString};

/// The page a sign-in begins with (Logto's `first_screen`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstScreen {
    /// Sign in.
    SignIn,
    /// Make an account.
    Register,
    /// Set a new password.
    ResetPassword,
    /// Sign in, asking for the identifier alone; see [`SignInOptions::identifiers`].
    IdentifierSignIn,
    /// Make an account, asking for the identifier alone; see [`SignInOptions::identifiers`].
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

    /// The value in the request.
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

/// What a user may sign in by (Logto's `identifier`).
#[doc(alias = "identifiers")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identifier {
    /// Email address.
    Email,
    /// Phone number.
    Phone,
    /// Username.
    Username,
}

impl Identifier {
    const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::Username];

    /// The value in the request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Username => "username",
        }
    }
}

impl FromStr for Identifier {
    type Err = InvalidParameter;

    fn from_str(text: &str) -> Result<Self, InvalidParameter> {
        Self::ALL
            .into_iter()
            .find(|identifier| identifier.as_str() == text)
            .ok_or(InvalidParameter("identifier"))
    }
}

/// Straight to a connector, past Logto's own page (Logto's `direct_sign_in`).
///
/// ```
/// let github: logto::DirectSignIn = "social:github".parse()?;
/// assert_eq!(github, logto::DirectSignIn::social("github")?);
/// # Ok::<(), logto::InvalidParameter>(())
/// ```
#[doc(alias = "directSignIn")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectSignIn(String);

impl DirectSignIn {
    /// To the social connector `target`, for example `github`.
    ///
    /// # Errors
    ///
    /// When `target` is empty or has characters other than letters, digits, `-`, `_` and `.`.
    pub fn social(target: &str) -> Result<Self, InvalidParameter> {
        plain_name(target, "direct_sign_in").map(|name| Self(format!("social:{name}")))
    }

    /// To the enterprise connector with this id.
    ///
    /// # Errors
    ///
    /// As [`DirectSignIn::social`].
    pub fn sso(connector_id: &str) -> Result<Self, InvalidParameter> {
        plain_name(connector_id, "direct_sign_in").map(|name| Self(format!("sso:{name}")))
    }
}

impl FromStr for DirectSignIn {
    type Err = InvalidParameter;

    fn from_str(text: &str) -> Result<Self, InvalidParameter> {
        match text.split_once(':') {
            Some(("social", target)) => Self::social(target),
            Some(("sso", connector_id)) => Self::sso(connector_id),
            _ => Err(InvalidParameter("direct_sign_in")),
        }
    }
}

impl fmt::Display for DirectSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A language for the provider's pages (BCP 47), for example `de-CH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UiLocale(String);

impl FromStr for UiLocale {
    type Err = InvalidParameter;

    fn from_str(text: &str) -> Result<Self, InvalidParameter> {
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if text.split('-').all(subtag) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidParameter("ui_locales"))
        }
    }
}

impl fmt::Display for UiLocale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that Logto would refuse as the parameter named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is no valid `{0}`; see Logto's documentation of its authentication parameters")]
pub struct InvalidParameter(pub &'static str);

fn plain_name<'a>(text: &'a str, parameter: &'static str) -> Result<&'a str, InvalidParameter> {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    plain.then_some(text).ok_or(InvalidParameter(parameter))
}

/// What one sign-in asks for beyond the configuration: in Rust, or in the fields of a form or link
/// ([`SignInOptions::from_fields`], [`SignInOptions::to_fields`]).
#[derive(Clone, Debug, Default)]
pub struct SignInOptions {
    /// Where the provider sends the user back to; registered in the Logto console, and compared
    /// character by character.
    #[doc(alias = "redirectUri")]
    pub redirect_uri: String,
    /// Where the user goes after the callback, kept with the transaction and given back by it. In a
    /// form: `return_to`.
    #[doc(alias = "postRedirectUri")]
    pub post_redirect: Option<String>,
    /// The page to begin with.
    #[doc(alias = "firstScreen")]
    pub first_screen: Option<FirstScreen>,
    /// What the user may sign in by, with [`FirstScreen::IdentifierSignIn`] and
    /// [`FirstScreen::IdentifierRegister`]. In a form: `identifier`, with spaces between.
    pub identifiers: Vec<Identifier>,
    /// Identifier to fill in (OIDC Core §3.1.2.1).
    #[doc(alias = "loginHint")]
    pub login_hint: Option<String>,
    /// Straight to a connector.
    #[doc(alias = "directSignIn")]
    pub direct_sign_in: Option<DirectSignIn>,
    /// The organization whose branding the page shows.
    pub organization_id: Option<String>,
    /// Languages for the page, the best first.
    pub ui_locales: Vec<UiLocale>,
    /// A one-time token of a magic link. It signs in whoever has it.
    pub one_time_token: Option<SecretString>,
    /// Authentication context classes to prefer, the best first (OIDC Core §3.1.2.1). A wish: a
    /// provider may fall short of it, and nothing is verified on return.
    pub acr_values: Vec<String>,
    /// The longest time since the user last typed credentials, in **seconds**; verified on return
    /// (OIDC Core §3.1.2.1).
    pub max_age: Option<u64>,
    /// `prompt` for this sign-in in place of the configured one. Without `consent` among it Logto
    /// issues no refresh token, unless the application's settings say always. With `login` among it
    /// the user types credentials anew; that it was so is verified on return, to `clock_tolerance`,
    /// and `max_age` is sent for it.
    pub prompt: Option<Vec<Prompt>>,
    /// Further parameters; those of the protocol are refused
    /// ([`is_reserved_parameter`](crate::is_reserved_parameter)).
    #[doc(alias = "extraParams")]
    pub extra: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_first_screen_reads_back_and_nothing_else_does() {
        for screen in FirstScreen::ALL {
            assert_eq!(screen.as_str().parse(), Ok(screen));
        }
        assert!("signin".parse::<FirstScreen>().is_err());
        assert!("".parse::<FirstScreen>().is_err());
    }

    #[test]
    fn every_identifier_reads_back_and_nothing_else_does() {
        for identifier in Identifier::ALL {
            assert_eq!(identifier.as_str().parse(), Ok(identifier));
        }
        assert!("mail".parse::<Identifier>().is_err());
    }

    #[test]
    fn a_direct_sign_in_names_a_kind_and_a_connector() {
        assert_eq!("sso:abc-1".parse::<DirectSignIn>().unwrap().to_string(), "sso:abc-1");
        for bad in ["github", "social:", "email:x", "social:a b", "social:a&x=1"] {
            assert!(bad.parse::<DirectSignIn>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_locale_is_a_language_tag() {
        assert!("zh-Hant-TW".parse::<UiLocale>().is_ok());
        for bad in ["", "en US", "en-", "en_US", "languages1"] {
            assert!(bad.parse::<UiLocale>().is_err(), "{bad}");
        }
    }
}
