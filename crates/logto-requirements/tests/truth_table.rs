//! The truth table of requirements.

use std::time::Duration;

use logto_requirements::{
    Acr, Decision, Fact, Facts, OrganizationRequirement, Requirement, StepUp, Undecided, active_organization,
    organization, role, scope, signed_in,
};

const ALLOWED: Result<Decision, ()> = Ok(Decision::Allowed);
const FORBIDDEN: Result<Decision, ()> = Ok(Decision::Forbidden);
const UNKNOWN: Result<Decision, ()> = Err(());

fn step_up(seconds: u64) -> Decision {
    Decision::StepUpNeeded(StepUp::new().with_max_age(Duration::from_secs(seconds)))
}

fn list(entries: &[&str]) -> Vec<String> {
    entries.iter().map(|&entry| entry.to_owned()).collect()
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// The possible outcomes of a single requirement.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Atom {
    Yes,
    No,
    /// The fact is missing.
    Unknown,
    /// A new sign-in would help.
    Old,
}

const ATOMS: [Atom; 4] = [Atom::Yes, Atom::No, Atom::Unknown, Atom::Old];

impl Atom {
    fn requirement(self) -> Requirement {
        match self {
            Self::Yes => role("yes"),
            Self::No => role("no"),
            Self::Unknown => organization("unknown").into(),
            Self::Old => signed_in().within(minutes(5)),
        }
    }
}

/// Evaluates for a user with the role `yes` who entered credentials 10 minutes ago.
fn evaluate(requirement: &Requirement) -> Result<Decision, ()> {
    let roles = list(&["yes"]);
    let facts = Facts::signed_in()
        .with_roles(&roles)
        .with_authenticated_ago(minutes(10));
    requirement.evaluate(&facts).map_err(drop)
}

#[test]
fn and_and_or_follow_the_truth_table() {
    let old = || Ok(step_up(300));
    #[rustfmt::skip]
    let table = [
        //                            and        or
        (Atom::Yes,     Atom::Yes,     ALLOWED,   ALLOWED),
        (Atom::Yes,     Atom::No,      FORBIDDEN, ALLOWED),
        (Atom::Yes,     Atom::Unknown, UNKNOWN,   ALLOWED),
        (Atom::Yes,     Atom::Old,     old(),     ALLOWED),
        (Atom::No,      Atom::No,      FORBIDDEN, FORBIDDEN),
        (Atom::No,      Atom::Unknown, FORBIDDEN, UNKNOWN),
        (Atom::No,      Atom::Old,     FORBIDDEN, old()),
        (Atom::Unknown, Atom::Unknown, UNKNOWN,   UNKNOWN),
        (Atom::Unknown, Atom::Old,     UNKNOWN,   UNKNOWN),
        (Atom::Old,     Atom::Old,     old(),     old()),
    ];
    for (one, other, and, or) in &table {
        for (one, other) in [(one, other), (other, one)] {
            let both = one.requirement().and(other.requirement());
            assert_eq!(evaluate(&both), *and, "{one:?} and {other:?}");
            let either = one.requirement().or(other.requirement());
            assert_eq!(evaluate(&either), *or, "{one:?} or {other:?}");
        }
    }
    let pairs = ATOMS.len() * (ATOMS.len() + 1) / 2;
    assert_eq!(table.len(), pairs);
}

/// `a.and(b).or(c)` reads from left to right, and so does `a.or(b).and(c)`.
#[test]
fn a_chain_is_read_from_left_to_right() {
    let [yes, no] = [Atom::Yes, Atom::No].map(Atom::requirement);
    assert_eq!(evaluate(&no.clone().and(&no).or(&yes)), ALLOWED);
    assert_eq!(evaluate(&yes.clone().or(&yes).and(&no)), FORBIDDEN);
    assert_eq!(evaluate(&yes.clone().or(no.clone().and(&no))), ALLOWED);
    assert_eq!(evaluate(&no.clone().and(yes.clone().or(&yes))), FORBIDDEN);
}

/// Every combination of three: if it is allowed although a fact is missing, it is allowed whatever
/// the fact turns out to be.
#[test]
fn a_missing_fact_never_allows() {
    type Combine = fn(Requirement, Requirement) -> Requirement;
    let ways: [Combine; 2] = [|one, other| one.and(other), |one, other| one.or(other)];
    let mut undecided = 0;
    for (one, two, three) in triples() {
        for (first, second) in ways
            .iter()
            .flat_map(|first| ways.iter().map(move |second| (first, second)))
        {
            let build = |atoms: [Atom; 3]| {
                let [one, two, three] = atoms.map(Atom::requirement);
                second(first(one, two), three)
            };
            let verdict = evaluate(&build([one, two, three]));
            for known in [Atom::Yes, Atom::No] {
                let resolve = |atom| if atom == Atom::Unknown { known } else { atom };
                let resolved = evaluate(&build([one, two, three].map(resolve)));
                if verdict.is_ok() {
                    assert_eq!(verdict, resolved, "{one:?} {two:?} {three:?}");
                }
            }
            undecided += usize::from(verdict.is_err());
        }
    }
    assert!(undecided > 0);
}

fn triples() -> impl Iterator<Item = (Atom, Atom, Atom)> {
    let pairs = ATOMS.into_iter().flat_map(|one| ATOMS.map(|two| (one, two)));
    pairs.flat_map(|(one, two)| ATOMS.map(|three| (one, two, three)))
}

#[test]
fn nothing_is_allowed_without_a_signed_in_user() {
    for (one, two, three) in triples() {
        let [one, two, three] = [one, two, three].map(Atom::requirement);
        let requirement = one.and(two).or(three).or(signed_in());
        assert_eq!(requirement.evaluate(&Facts::signed_out()), Ok(Decision::SignInNeeded));
    }
}

#[test]
fn a_signed_in_user_is_enough_for_signed_in_alone() {
    let facts = Facts::signed_in();
    assert_eq!(signed_in().evaluate(&facts), Ok(Decision::Allowed));
    let needs = |requirement: Requirement| requirement.evaluate(&facts).unwrap_err().missing;
    assert_eq!(needs(role("admin")), [Fact::Roles]);
    assert_eq!(needs(organization("o1").into()), [Fact::Organizations]);
    assert_eq!(
        needs(organization("o1").role("admin").into()),
        [Fact::OrganizationRoles]
    );
    assert!(matches!(&needs(scope("read").into())[..], [Fact::Scopes(_)]));
}

#[test]
fn a_sign_in_is_recent_until_the_age_is_exceeded() {
    let required = signed_in().within(Duration::from_secs(300));
    let at = |seconds| Facts::signed_in().with_authenticated_ago(Duration::from_secs(seconds));
    for seconds in [0, 299, 300] {
        assert_eq!(required.evaluate(&at(seconds)), Ok(Decision::Allowed), "{seconds}");
    }
    for old in [at(301), at(u64::MAX), Facts::signed_in()] {
        assert_eq!(required.evaluate(&old), Ok(step_up(300)), "{old:?}");
    }
}

#[test]
fn the_shortest_age_counts_and_of_alternatives_the_longest() {
    let within = |count| signed_in().within(minutes(count));
    assert_eq!(evaluate(&within(5).and(within(1))), Ok(step_up(60)));
    assert_eq!(evaluate(&within(1).and(within(5))), Ok(step_up(60)));
    assert_eq!(evaluate(&within(5).or(within(1))), Ok(step_up(300)));
    assert_eq!(evaluate(&within(1).or(within(5))), Ok(step_up(300)));
    assert_eq!(evaluate(&within(20).and(within(5))), Ok(step_up(300)));
    assert_eq!(evaluate(&within(20).or(within(5))), ALLOWED);
}

fn other(class: &str) -> Acr {
    Acr::Other(class.to_owned())
}

/// Evaluates for a user whose authentication, 10 minutes ago, has reached this class.
fn evaluate_with(requirement: &Requirement, reached: Option<&Acr>) -> Result<Decision, ()> {
    let mut facts = Facts::signed_in().with_authenticated_ago(minutes(10));
    if let Some(acr) = reached {
        facts = facts.with_acr(acr);
    }
    requirement.evaluate(&facts).map_err(drop)
}

#[test]
fn a_class_is_met_by_itself_and_by_a_stronger_one() {
    let [first, mfa, own] = [Acr::FirstFactor, Acr::Mfa, other("urn:own")];
    for (required, reached, is_met) in [
        (&first, Some(&first), true),
        (&first, Some(&mfa), true),
        (&first, Some(&own), false),
        (&first, None, false),
        (&mfa, Some(&first), false),
        (&mfa, Some(&mfa), true),
        (&mfa, None, false),
        (&own, Some(&own), true),
        (&own, Some(&mfa), false),
    ] {
        let decision = evaluate_with(&signed_in().acr(required.clone()), reached);
        let expected = if is_met {
            ALLOWED
        } else {
            Ok(Decision::StepUpNeeded(StepUp::new().with_acr(required.clone())))
        };
        assert_eq!(decision, expected, "{required} {reached:?}");
    }
}

#[test]
fn one_step_up_proves_all_that_is_missing() {
    let required = signed_in()
        .acr(Acr::FirstFactor)
        .within(minutes(5))
        .and(role("yes").acr(Acr::Mfa));
    let roles = list(&["yes"]);
    let facts = Facts::signed_in().with_roles(&roles);
    let proof = StepUp::new().with_max_age(minutes(5)).with_acr(Acr::Mfa);
    assert_eq!(required.evaluate(&facts), Ok(Decision::StepUpNeeded(proof)));
}

#[test]
fn of_two_alternatives_the_first_is_proved() {
    let mfa = signed_in().acr(Acr::Mfa);
    let recent = signed_in().within(minutes(5));
    let needs_mfa = Ok(Decision::StepUpNeeded(StepUp::new().with_acr(Acr::Mfa)));
    assert_eq!(evaluate_with(&mfa.clone().or(&recent), None), needs_mfa);
    assert_eq!(evaluate_with(&recent.clone().or(&mfa), None), Ok(step_up(300)));
}

/// Otherwise the user would prove one class after the other, for ever.
#[test]
fn two_classes_that_no_authentication_has_are_forbidden() {
    let both = [
        signed_in().acr(other("a")).acr(other("b")),
        signed_in()
            .acr(other("a"))
            .and(role("r").or(signed_in()).and(signed_in().acr(other("b")))),
        signed_in().acr(Acr::Mfa).acr(other("a")),
    ];
    for required in both {
        for reached in [None, Some(other("a")), Some(other("b")), Some(Acr::Mfa)] {
            assert_eq!(evaluate_with(&required, reached.as_ref()), FORBIDDEN, "{required:?}");
        }
    }
}

#[test]
fn all_roles_and_scopes_of_an_organization_are_required() {
    let required: Requirement = organization("o1").role("billing").role("owner").scope("read").into();
    let Err(undecided) = required.evaluate(&Facts::signed_in()) else {
        panic!("undecided")
    };
    let text = undecided.to_string();
    assert!(text.contains("OrganizationRoles"), "{text}");
    let Undecided { missing, .. } = undecided;
    let [Fact::OrganizationRoles, Fact::Scopes(target)] = &missing[..] else {
        panic!("{missing:?}")
    };
    assert_eq!(
        (&target.resource, target.organization_id.as_deref()),
        (&None, Some("o1"))
    );
    let decide = |roles: &[&str], scopes: &[&str]| {
        let (roles, scopes) = (list(roles), list(scopes));
        let facts = Facts::signed_in()
            .with_organization_roles(&roles)
            .with_scopes(target, &scopes);
        required.evaluate(&facts).unwrap()
    };
    assert_eq!(
        decide(&["o1:owner", "o1:billing"], &["read", "write"]),
        Decision::Allowed
    );
    assert_eq!(decide(&["o1:billing"], &["read"]), Decision::Forbidden);
    assert_eq!(decide(&["o1:owner", "o1:billing"], &["write"]), Decision::Forbidden);
    assert_eq!(decide(&[], &[]), Decision::Forbidden);
}

/// Roles and organizations of similar names are different ones.
#[test]
fn names_are_compared_in_full() {
    let roles = list(&["administrator", "Admin", ""]);
    let organizations = list(&["o11"]);
    let organization_roles = list(&["o11:admin", "o1:administrator", "o1admin", "o1:Admin", ":admin"]);
    let facts = Facts::signed_in()
        .with_roles(&roles)
        .with_organizations(&organizations)
        .with_organization_roles(&organization_roles);
    for required in [
        role("admin"),
        organization("o1").into(),
        organization("o1").member().into(),
        organization("o1").role("admin").into(),
        organization("O11").role("admin").into(),
    ] {
        assert_eq!(required.evaluate(&facts), Ok(Decision::Forbidden), "{required:?}");
    }
    let required = Requirement::from(organization("o11").member().role("admin"));
    assert_eq!(required.evaluate(&facts), Ok(Decision::Allowed));
}

/// A scope of one resource or organization says nothing about another.
#[test]
fn scopes_count_for_their_target_only() {
    let api = "https://api.example.com";
    let targets = [
        Requirement::from(scope("read")),
        scope("read").on(api).into(),
        scope("read").on("https://other.example.com").into(),
        organization("o1").scope("read").into(),
        organization("o2").scope("read").into(),
        organization("o1").scope(scope("read").on(api)).into(),
    ];
    let target_of = |requirement: &Requirement| {
        let missing = requirement.evaluate(&Facts::signed_in()).unwrap_err().missing;
        let [Fact::Scopes(target)] = <[Fact; 1]>::try_from(missing).unwrap() else {
            panic!("a scope")
        };
        target
    };
    let granted = list(&["read"]);
    for one in &targets {
        let target = target_of(one);
        let facts = Facts::signed_in().with_scopes(&target, &granted);
        for other in &targets {
            let allowed = other.evaluate(&facts) == Ok(Decision::Allowed);
            assert_eq!(allowed, one == other, "{one:?} {other:?}");
        }
    }
}

#[test]
fn the_same_fact_is_asked_for_once() {
    let required = role("a").or(role("b")).and(role("c"));
    let undecided = required.evaluate(&Facts::signed_in()).unwrap_err();
    assert_eq!(undecided.missing, [Fact::Roles]);
}

/// Requirements of an organization, which `of` names.
fn of_an_organization(of: fn() -> OrganizationRequirement) -> [Requirement; 6] {
    [
        of().into(),
        of().member().role("billing").into(),
        of().role("billing").role("owner").into(),
        of().scope("read").into(),
        of().role("billing")
            .scope(scope("read").on("https://api.example.com"))
            .into(),
        of().role("billing").within(minutes(5)).or(role("admin")),
    ]
}

/// With every combination of known facts.
#[test]
fn the_active_organization_counts_like_one_that_is_named() {
    let targets = [3, 4].map(|scoped| {
        let required = &of_an_organization(|| organization("o1"))[scoped];
        let missing = required.evaluate(&Facts::signed_in()).unwrap_err().missing;
        missing.into_iter().find_map(|fact| match fact {
            Fact::Scopes(target) => Some(target),
            _ => None,
        })
    });
    let [Some(template), Some(api)] = &targets else {
        panic!("{targets:?}")
    };
    let (mut allowed, mut forbidden, mut undecided) = (0, 0, 0);
    for organizations in [None, Some(list(&[])), Some(list(&["o1"]))] {
        for roles in [
            None,
            Some(list(&["o2:billing"])),
            Some(list(&["o1:billing", "o1:owner"])),
        ] {
            for scopes in [None, Some(list(&[])), Some(list(&["read"]))] {
                let mut facts = Facts::signed_in();
                if let Some(ids) = &organizations {
                    facts = facts.with_organizations(ids);
                }
                if let Some(roles) = &roles {
                    facts = facts.with_organization_roles(roles);
                }
                if let Some(scopes) = &scopes {
                    facts = facts.with_scopes(template, scopes).with_scopes(api, scopes);
                }
                let named = of_an_organization(|| organization("o1"));
                let active = of_an_organization(active_organization);
                for (named, active) in named.iter().zip(&active) {
                    let expected = named.evaluate(&facts);
                    let chosen = facts.clone().with_active_organization("o1");
                    assert_eq!(active.evaluate(&chosen), expected, "{active:?} {facts:?}");
                    let another = facts.clone().with_active_organization("o9");
                    assert_ne!(active.evaluate(&another), Ok(Decision::Allowed), "{active:?} {facts:?}");
                    match expected {
                        Ok(Decision::Allowed) => allowed += 1,
                        Ok(_) => forbidden += 1,
                        Err(_) => undecided += 1,
                    }
                }
            }
        }
    }
    assert!(allowed > 0 && forbidden > 0 && undecided > 0);
}

/// No fact is missing then: whatever the roles are, there is no organization to have them in.
#[test]
fn without_an_active_organization_nothing_about_it_is_allowed() {
    let (ids, roles) = (list(&["o1"]), list(&["o1:billing", "o1:owner"]));
    let known = Facts::signed_in()
        .with_organizations(&ids)
        .with_organization_roles(&roles);
    for facts in [Facts::signed_in(), known] {
        for required in &of_an_organization(active_organization)[..5] {
            assert_eq!(required.evaluate(&facts), Ok(Decision::Forbidden), "{required:?}");
        }
        let either = active_organization().or(signed_in());
        assert_eq!(either.evaluate(&facts), Ok(Decision::Allowed));
    }
    let required = Requirement::from(active_organization());
    assert_eq!(required.evaluate(&Facts::signed_out()), Ok(Decision::SignInNeeded));
}

#[test]
fn a_requirement_names_its_scopes() {
    let billing = organization("o1").role("billing").scope("read:invoices");
    let required = role("admin").or(billing.and(scope("write:orders").on("https://api.example.com")));
    assert_eq!(required.scopes(), ["read:invoices", "write:orders"]);
    let active = active_organization().role("billing").scope("read:invoices");
    assert_eq!(Requirement::from(active).scopes(), ["read:invoices"]);
    assert!(signed_in().within(minutes(5)).scopes().is_empty());
}

#[test]
fn a_requirement_survives_serialization() {
    let required = organization("o1")
        .role("billing")
        .scope(scope("read").on("https://api.example.com"))
        .or(role("admin").within(minutes(5)))
        .or(active_organization().member().role("owner").scope("write"));
    let text = serde_json::to_string(&required).unwrap();
    assert_eq!(serde_json::from_str::<Requirement>(&text).unwrap(), required);
}

/// An alternative without members comes only from a forged text.
#[test]
fn an_empty_alternative_is_never_met() {
    let forged: Requirement = serde_json::from_str(r#"{"Any":[]}"#).unwrap();
    assert_eq!(evaluate(&forged), FORBIDDEN);
}
