//! The decision about a requirement: a pure function of the known facts.

use std::{error::Error, fmt, time::Duration};

use crate::{
    acr::Acr,
    facts::{Fact, Facts},
    requirement::{Expression, Requirement},
    step_up::StepUp,
};

/// The decision about a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The user meets the requirement.
    Allowed,
    /// The user has to sign in.
    SignInNeeded,
    /// The user has to authenticate again, and would then meet the requirement.
    StepUpNeeded(StepUp),
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
            Verdict::StepUp(proof) => Ok(Decision::StepUpNeeded(proof)),
            Verdict::Forbidden => Ok(Decision::Forbidden),
            Verdict::Unknown(missing) => Err(Undecided { missing }),
        }
    }
}

/// The verdict about a signed-in user.
enum Verdict {
    Allowed,
    StepUp(StepUp),
    Unknown(Vec<Fact>),
    Forbidden,
}

impl Expression {
    fn verdict(&self, facts: &Facts<'_>) -> Verdict {
        match self {
            Self::SignedIn => Verdict::Allowed,
            Self::Within(seconds) => match facts.authenticated_ago {
                Some(age) if age.as_secs() <= *seconds => Verdict::Allowed,
                _ => Verdict::StepUp(StepUp::new().with_max_age(Duration::from_secs(*seconds))),
            },
            Self::Acr(required) => match facts.acr {
                Some(acr) if acr.satisfies(required) => Verdict::Allowed,
                _ => Verdict::StepUp(StepUp::new().with_acr(required.clone())),
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
            // After the proof of one class, the user would lack the other.
            Self::All(all) if have_no_common_class(all) => Verdict::Forbidden,
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

/// Whether no single authentication reaches all classes that the parts require.
fn have_no_common_class(all: &[Expression]) -> bool {
    let mut classes = Vec::new();
    for part in all {
        part.add_classes(&mut classes);
    }
    let mut classes = classes.into_iter().cloned();
    classes
        .next()
        .is_some_and(|first| classes.try_fold(first, Acr::stronger).is_none())
}

impl Expression {
    /// Adds the classes that every user who meets this has reached.
    fn add_classes<'a>(&'a self, classes: &mut Vec<&'a Acr>) {
        match self {
            Self::Acr(class) => classes.push(class),
            Self::All(all) => {
                for part in all {
                    part.add_classes(classes);
                }
            }
            _ => {}
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
            (Self::StepUp(one), Self::StepUp(other)) => one.and(other).map_or(Self::Forbidden, Self::StepUp),
            (step_up @ Self::StepUp(_), Self::Allowed) | (Self::Allowed, step_up @ Self::StepUp(_)) => step_up,
            (Self::Allowed, Self::Allowed) => Self::Allowed,
        }
    }

    /// Missing facts precede a new sign-in, because they may show that none is needed.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allowed, _) | (_, Self::Allowed) => Self::Allowed,
            (Self::Unknown(one), Self::Unknown(other)) => Self::Unknown(union(one, other)),
            (Self::Unknown(missing), _) | (_, Self::Unknown(missing)) => Self::Unknown(missing),
            (Self::StepUp(one), Self::StepUp(other)) => Self::StepUp(one.or(other)),
            (step_up @ Self::StepUp(_), Self::Forbidden) | (Self::Forbidden, step_up @ Self::StepUp(_)) => step_up,
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
