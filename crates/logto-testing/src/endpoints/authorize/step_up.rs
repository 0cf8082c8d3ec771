//! Step-up authentication, as Logto has it since 1.46: `acr_values` is a demand, and the user is asked
//! only for the missing proof.

use super::super::error::OidcError;
use crate::{
    provider::{Authentication, BrowserSession, FIRST_FACTOR, MFA, Provider},
    requests::Params,
};

/// The known classes that a request demands, the preferred one first.
pub(crate) struct Demand<'a>(Vec<&'a str>);

impl<'a> Demand<'a> {
    /// The demand of a request, if it has one and the provider does not ignore it.
    pub(crate) fn of(provider: &Provider, params: &'a Params) -> Option<Self> {
        let demanded = params.get("acr_values").filter(|classes| !classes.is_empty())?;
        let is_known = |class: &&str| [FIRST_FACTOR, MFA].contains(class);
        let known = demanded.split_ascii_whitespace().filter(is_known).collect();
        provider.config.has_step_up().then_some(Self(known))
    }

    /// Whether no authentication can meet the demand, because all classes are unknown.
    pub(crate) fn is_impossible(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn is_met_by(&self, authentication: Authentication) -> bool {
        self.0.iter().any(|class| authentication.reaches(class))
    }

    /// Whether the preferred class needs a second factor.
    fn prefers_mfa(&self) -> bool {
        self.0.first() == Some(&MFA)
    }
}

/// Proves what the request demands, or fails with `unmet_authentication_requirements`.
pub(super) fn prove(
    session: &mut BrowserSession,
    demand: &Demand<'_>,
    is_silent: bool,
    has_second_factor: bool,
    is_too_old: bool,
    now: u64,
) -> Result<(), OidcError> {
    if demand.is_impossible() {
        return Err(unmet());
    }
    if demand.is_met_by(session.authentication) && !is_too_old {
        return Ok(());
    }
    if is_silent || (demand.prefers_mfa() && !has_second_factor) {
        return Err(unmet());
    }
    if demand.prefers_mfa() {
        session.authentication = session.authentication.with_second_factor();
    }
    session.authenticated_at = now;
    Ok(())
}

pub(crate) fn unmet() -> OidcError {
    OidcError::other(
        "unmet_authentication_requirements",
        "the requested authentication requirements cannot be met",
    )
}
