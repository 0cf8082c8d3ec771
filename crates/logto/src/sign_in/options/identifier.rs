//! The parameter `identifier`.

use std::str::FromStr;

use super::invalid_parameter::InvalidParameter;

/// An identifier that a user may sign in with (Logto's `identifier`).
#[doc(alias = "SignInIdentifier")]
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

    /// The parameter value.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_parsed_back_and_other_text_is_rejected() {
        for identifier in Identifier::ALL {
            assert_eq!(identifier.as_str().parse(), Ok(identifier));
        }
        assert!("mail".parse::<Identifier>().is_err());
    }
}
