//! The requirement, and how requirements are combined.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{acr::Acr, facts::ScopeTarget};

/// A requirement for the user of a page, a server function or a route.
///
/// Every requirement demands a signed-in user. Parts that are added to a requirement must all be
/// met; only [`Requirement::or`] offers an alternative.
///
/// It can be serialized, so that a page can ask the server whether its user meets it. The contents
/// are opaque, and may change between versions. A browser can send any requirement, so the server
/// must not rely on it: check the requirement again where the data is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a requirement has no effect until it is checked"]
pub struct Requirement(pub(crate) Expression);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Expression {
    SignedIn,
    /// In seconds.
    Within(u64),
    Acr(Acr),
    Role(String),
    Scope(String, ScopeTarget),
    Member(String),
    OrganizationRole {
        organization_id: String,
        role: String,
    },
    InActiveOrganization(Vec<OrganizationPart>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// Requires a signed-in user.
pub fn signed_in() -> Requirement {
    Requirement(Expression::SignedIn)
}

/// Requires a global role, by its name: the claim `roles`, which needs the scope `roles`.
///
/// For a role within an organization, see
/// [`OrganizationRequirement::role`](crate::OrganizationRequirement::role).
pub fn role(name: impl Into<String>) -> Requirement {
    Requirement(Expression::Role(name.into()))
}

/// One part of an organization's requirement. The organization's id is stored beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OrganizationPart {
    Member,
    Role(String),
    Scope { scope: String, resource: Option<String> },
}

impl Requirement {
    /// Adds that the user must have entered credentials at most this long ago, in full seconds.
    ///
    /// Otherwise the user signs in again, and returns to the same page. The clock tolerance of the
    /// configuration is added, because the provider's clock decides. A refresh of tokens does not
    /// count as a sign-in.
    pub fn within(self, age: Duration) -> Self {
        self.and(Self(Expression::Within(age.as_secs())))
    }

    /// Adds that the authentication must reach a class, such as [`Acr::Mfa`].
    ///
    /// Otherwise the user goes to the provider, proves it there, and returns to the same page. The
    /// class is that of the ID token: Logto reports it since 1.46. With an older server the
    /// requirement is never met, and the sign-in ends on a page that says so.
    pub fn acr(self, class: Acr) -> Self {
        self.and(Self(Expression::Acr(class)))
    }

    /// Adds another requirement: both must be met.
    pub fn and(self, other: impl Into<Self>) -> Self {
        let mut all = match self.0 {
            Expression::All(all) => all,
            one => vec![one],
        };
        all.push(other.into().0);
        Self(Expression::All(all))
    }

    /// Adds an alternative: at least one of the two must be met.
    pub fn or(self, other: impl Into<Self>) -> Self {
        let mut any = match self.0 {
            Expression::Any(any) => any,
            one => vec![one],
        };
        any.push(other.into().0);
        Self(Expression::Any(any))
    }

    /// Returns the names of all scopes in the requirement, of every resource and organization. A
    /// provider grants only scopes that the sign-in requested.
    #[must_use]
    pub fn scopes(&self) -> Vec<&str> {
        let mut scopes = Vec::new();
        self.0.add_scopes(&mut scopes);
        scopes
    }
}

impl Expression {
    fn add_scopes<'a>(&'a self, scopes: &mut Vec<&'a str>) {
        match self {
            Self::Scope(scope, _) => scopes.push(scope),
            Self::InActiveOrganization(parts) => scopes.extend(parts.iter().filter_map(|part| match part {
                OrganizationPart::Scope { scope, .. } => Some(scope.as_str()),
                OrganizationPart::Member | OrganizationPart::Role(_) => None,
            })),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.add_scopes(scopes)),
            Self::SignedIn
            | Self::Within(_)
            | Self::Acr(_)
            | Self::Role(_)
            | Self::Member(_)
            | Self::OrganizationRole { .. } => {}
        }
    }
}

impl From<&Self> for Requirement {
    fn from(requirement: &Self) -> Self {
        requirement.clone()
    }
}

/// The methods of [`Requirement`] for a type that converts into one.
macro_rules! combine {
    ($type:ty) => {
        impl $type {
            /// Adds that the user must have entered credentials at most this long ago, see
            /// [`Requirement::within`](crate::Requirement::within).
            pub fn within(self, age: ::std::time::Duration) -> $crate::Requirement {
                $crate::Requirement::from(self).within(age)
            }

            /// Adds that the authentication must reach a class, see
            /// [`Requirement::acr`](crate::Requirement::acr).
            pub fn acr(self, class: $crate::Acr) -> $crate::Requirement {
                $crate::Requirement::from(self).acr(class)
            }

            /// Adds another requirement: both must be met.
            pub fn and(self, other: impl Into<$crate::Requirement>) -> $crate::Requirement {
                $crate::Requirement::from(self).and(other)
            }

            /// Adds an alternative: at least one of the two must be met.
            pub fn or(self, other: impl Into<$crate::Requirement>) -> $crate::Requirement {
                $crate::Requirement::from(self).or(other)
            }
        }
    };
}
pub(crate) use combine;
