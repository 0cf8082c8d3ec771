//! The parameter `direct_sign_in`.

use std::{fmt, str::FromStr};

use super::invalid_parameter::InvalidParameter;

/// A connector to go to directly, without Logto's sign-in page (Logto's `direct_sign_in`).
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
    /// Creates a direct sign-in with the social connector `target`, for example `github`.
    ///
    /// # Errors
    ///
    /// If `target` is empty or has characters other than letters, digits, `-`, `_` and `.`.
    pub fn social(target: &str) -> Result<Self, InvalidParameter> {
        plain_name(target, "direct_sign_in").map(|name| Self(format!("social:{name}")))
    }

    /// Creates a direct sign-in with the enterprise connector of this id.
    ///
    /// # Errors
    ///
    /// The same as [`DirectSignIn::social`].
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

fn plain_name<'a>(text: &'a str, parameter: &'static str) -> Result<&'a str, InvalidParameter> {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    plain.then_some(text).ok_or(InvalidParameter(parameter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_sign_in_names_a_kind_and_a_connector() {
        assert_eq!("sso:abc-1".parse::<DirectSignIn>().unwrap().to_string(), "sso:abc-1");
        for bad in ["github", "social:", "email:x", "social:a b", "social:a&x=1"] {
            assert!(bad.parse::<DirectSignIn>().is_err(), "{bad}");
        }
    }
}
