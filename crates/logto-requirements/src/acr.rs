//! Authentication context classes: how strongly a user has proved who they are.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An authentication context class (`acr`, OIDC Core §2). As text, it is its URN.
///
/// Logto reports a class since 1.46. An older server ignores a demand, and reports none.
///
/// ```
/// use logto_requirements::Acr;
///
/// assert!(Acr::Mfa.satisfies(&Acr::FirstFactor));
/// assert!(!Acr::FirstFactor.satisfies(&Acr::Mfa));
/// assert_eq!(Acr::from("urn:logto:acr:mfa"), Acr::Mfa);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Acr {
    /// One factor, such as a password or a code by email: `urn:logto:acr:1fa`.
    FirstFactor,
    /// A second factor, or a passkey: `urn:logto:acr:mfa`.
    Mfa,
    /// A class that this version does not know.
    Other(String),
}

impl Acr {
    /// Returns the class as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::FirstFactor => "urn:logto:acr:1fa",
            Self::Mfa => "urn:logto:acr:mfa",
            Self::Other(class) => class,
        }
    }

    /// Whether a user with this class also has the required one. Unknown classes satisfy only
    /// themselves.
    #[must_use]
    pub fn satisfies(&self, required: &Self) -> bool {
        self == required || (*self == Self::Mfa && *required == Self::FirstFactor)
    }

    /// Returns the stronger of two classes, or `None` if neither satisfies the other.
    pub(crate) fn stronger(self, other: Self) -> Option<Self> {
        if self.satisfies(&other) {
            Some(self)
        } else if other.satisfies(&self) {
            Some(other)
        } else {
            None
        }
    }
}

impl From<&str> for Acr {
    fn from(class: &str) -> Self {
        match class {
            "urn:logto:acr:1fa" => Self::FirstFactor,
            "urn:logto:acr:mfa" => Self::Mfa,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl From<String> for Acr {
    fn from(class: String) -> Self {
        class.as_str().into()
    }
}

impl FromStr for Acr {
    type Err = Infallible;

    fn from_str(class: &str) -> Result<Self, Infallible> {
        Ok(class.into())
    }
}

impl From<Acr> for String {
    fn from(acr: Acr) -> Self {
        acr.as_str().to_owned()
    }
}

impl fmt::Display for Acr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
