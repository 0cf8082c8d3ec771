//! Step-up: the proof that a requirement demands from a signed-in user.

use std::time::Duration;

use crate::acr::Acr;

/// The proof that a user has to give: an authentication that is recent enough, strong enough, or
/// both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepUp {
    /// How long ago the user may have entered credentials, in full seconds.
    pub max_age: Option<Duration>,
    /// The class that the authentication must reach.
    pub acr: Option<Acr>,
}

impl StepUp {
    /// Creates a proof of nothing, to which demands are added.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_age: None,
            acr: None,
        }
    }

    /// Sets how long ago the user may have entered credentials, in full seconds.
    #[must_use]
    pub const fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sets the class that the authentication must reach.
    #[must_use]
    pub fn with_acr(mut self, acr: Acr) -> Self {
        self.acr = Some(acr);
        self
    }

    /// Returns the proof that fulfils both demands, or `None` if no single authentication can.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        let max_age = match (self.max_age, other.max_age) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let acr = match (self.acr, other.acr) {
            (Some(one), Some(other)) => Some(one.stronger(other)?),
            (one, other) => one.or(other),
        };
        Some(Self { max_age, acr })
    }

    /// Returns the proof for one of two demands: of two that differ only in their age the easier
    /// one, and otherwise the first.
    pub(crate) fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (
                Self {
                    acr: one,
                    max_age: Some(age),
                },
                Self {
                    acr: two,
                    max_age: Some(other_age),
                },
            ) if one == two && other_age > age => other,
            _ => self,
        }
    }
}
