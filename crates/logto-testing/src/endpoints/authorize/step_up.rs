//! Step-up authentication, as Logto has it since 1.46: `acr_values` is a demand, and the user is asked
//! only for the missing proof.

use super::super::error::OidcError;
use crate::{
    provider::{Authentication, BrowserSession, FIRST_FACTOR, MFA},
    requests::Params,
};

/// Proves what the request demands, or fails with `unmet_authentication_requirements`.
pub(super) fn prove(
    session: &mut BrowserSession,
    params: &Params,
    has_second_factor: bool,
    is_too_old: bool,
    now: u64,
) -> Result<(), OidcError> {
    let demanded = params.get("acr_values").unwrap_or_default();
    let mut known = demanded
        .split_ascii_whitespace()
        .filter(|class| [FIRST_FACTOR, MFA].contains(class));
    let Some(target) = known.clone().next() else {
        return if demanded.is_empty() { Ok(()) } else { Err(unmet()) };
    };
    let is_met = known.any(|class| session.authentication.reaches(class));
    if is_met && !is_too_old {
        return Ok(());
    }
    let is_silent = params.get("prompt") == Some("none");
    if is_silent || (target == MFA && !has_second_factor) {
        return Err(unmet());
    }
    if target == MFA {
        session.authentication = Authentication::SecondFactor;
    }
    session.authenticated_at = now;
    Ok(())
}

fn unmet() -> OidcError {
    OidcError::other(
        "unmet_authentication_requirements",
        "the requested authentication requirements cannot be met",
    )
}
