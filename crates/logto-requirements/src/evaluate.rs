//! The decision about a requirement: a pure function of the known facts.

use std::{error::Error, fmt, time::Duration};

use crate::{
    facts::{Fact, Facts},
    requirement::{Expression, Requirement},
};

/// The decision about a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The user meets the requirement.
    Allowed,
    /// The user has to sign in.
    SignInNeeded,
    /// The user has to enter credentials again, and would then meet the requirement.
    StepUpNeeded {
        /// How long ago the user may have entered credentials.
        max_age: Duration,
    },
    /// The user does not meet the requirement. A sign-in does not help.
    Forbidden,
}

/// Facts are missing that the decision depends on. It never counts as allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undecided {
    /// The missing facts, in the order of the requirement. The first one may be enough.
    pub missing: Vec<Fact>,
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the requirement is undecided, because facts are missing: {:?}",
            self.missing
        )
    }
}

impl Error for Undecided {}

impl Requirement {
    /// Decides whether a user of whom these facts are known meets the requirement.
    ///
    /// If one part cannot be met, a sign-in does not help, so [`Decision::Forbidden`] precedes
    /// [`Decision::StepUpNeeded`].
    ///
    /// # Errors
    ///
    /// [`Undecided`] if the decision depends on facts that are missing.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Result<Decision, Undecided> {
        if !facts.is_signed_in {
            return Ok(Decision::SignInNeeded);
        }
        match self.0.verdict(facts) {
            Verdict::Allowed => Ok(Decision::Allowed),
            Verdict::StepUp { seconds } => Ok(Decision::StepUpNeeded {
                max_age: Duration::from_secs(seconds),
            }),
            Verdict::Forbidden => Ok(Decision::Forbidden),
            Verdict::Unknown(missing) => Err(Undecided { missing }),
        }
    }
}

/// The verdict about a signed-in user.
enum Verdict {
    Allowed,
    StepUp { seconds: u64 },
    Unknown(Vec<Fact>),
    Forbidden,
}

impl Expression {
    fn verdict(&self, facts: &Facts<'_>) -> Verdict {
        match self {
            Self::SignedIn => Verdict::Allowed,
            Self::Within(seconds) => match facts.authenticated_ago {
                Some(age) if age.as_secs() <= *seconds => Verdict::Allowed,
                _ => Verdict::StepUp { seconds: *seconds },
            },
            Self::Role(role) => contains(facts.roles, role, || Fact::Roles),
            Self::Member(id) => contains(facts.organizations, id, || Fact::Organizations),
            Self::OrganizationRole { organization_id, role } => {
                let is_role = |entry: &String| {
                    let role_of = entry.strip_prefix(organization_id.as_str());
                    role_of.and_then(|rest| rest.strip_prefix(':')) == Some(role)
                };
                has(facts.organization_roles, is_role, || Fact::OrganizationRoles)
            }
            Self::Scope(scope, target) => {
                let scopes = facts.scopes.get(target).copied();
                contains(scopes, scope, || Fact::Scopes(target.clone()))
            }
            Self::InActiveOrganization(parts) => match facts.active_organization {
                Some(id) => Self::All(parts.iter().map(|part| part.of(id)).collect()).verdict(facts),
                None => Verdict::Forbidden,
            },
            Self::All(all) => {
                let verdicts = all.iter().map(|one| one.verdict(facts));
                verdicts.fold(Verdict::Allowed, Verdict::and)
            }
            Self::Any(any) => {
                let verdicts = any.iter().map(|one| one.verdict(facts));
                verdicts.fold(Verdict::Forbidden, Verdict::or)
            }
        }
    }
}

fn contains(list: Option<&[String]>, wanted: &str, fact: impl Fn() -> Fact) -> Verdict {
    has(list, |entry| entry == wanted, fact)
}

fn has(list: Option<&[String]>, is_wanted: impl Fn(&String) -> bool, fact: impl Fn() -> Fact) -> Verdict {
    match list {
        Some(list) if list.iter().any(is_wanted) => Verdict::Allowed,
        Some(_) => Verdict::Forbidden,
        None => Verdict::Unknown(vec![fact()]),
    }
}

impl Verdict {
    /// Missing facts precede a new sign-in, because they may show that it would not help.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Forbidden, _) | (_, Self::Forbidden) => Self::Forbidden,
            (Self::Unknown(one), Self::Unknown(other)) => Self::Unknown(union(one, other)),
            (Self::Unknown(missing), _) | (_, Self::Unknown(missing)) => Self::Unknown(missing),
            (Self::StepUp { seconds: one }, Self::StepUp { seconds: other }) => Self::StepUp {
                seconds: one.min(other),
            },
            (step_up @ Self::StepUp { .. }, Self::Allowed) | (Self::Allowed, step_up @ Self::StepUp { .. }) => step_up,
            (Self::Allowed, Self::Allowed) => Self::Allowed,
        }
    }

    /// Missing facts precede a new sign-in, because they may show that none is needed.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allowed, _) | (_, Self::Allowed) => Self::Allowed,
            (Self::Unknown(one), Self::Unknown(other)) => Self::Unknown(union(one, other)),
            (Self::Unknown(missing), _) | (_, Self::Unknown(missing)) => Self::Unknown(missing),
            (Self::StepUp { seconds: one }, Self::StepUp { seconds: other }) => Self::StepUp {
                seconds: one.max(other),
            },
            (step_up @ Self::StepUp { .. }, Self::Forbidden) | (Self::Forbidden, step_up @ Self::StepUp { .. }) => {
                step_up
            }
            (Self::Forbidden, Self::Forbidden) => Self::Forbidden,
        }
    }
}

fn union(mut one: Vec<Fact>, other: Vec<Fact>) -> Vec<Fact> {
    for fact in other {
        if !one.contains(&fact) {
            one.push(fact);
        }
    }
    one
}
