//! The browser's session, and the grant and code of a sign-in.

use super::{
    super::error::OidcError,
    magic_link::{self, MagicLink},
    scopes::{granted, prompts},
    step_up::{Demand, prove},
};
use crate::{
    provider::{BrowserSession, Code, Grant, Provider, ProviderState},
    requests::Params,
};

/// Signs in with the session of the test's browser.
pub(super) fn sign_in(provider: &Provider, params: &Params) -> Result<String, OidcError> {
    let session = session(&mut provider.state(), params, provider)?;
    issue_code(provider, params, session)
}

/// Creates a grant and returns a code for it.
pub(crate) fn issue_code(provider: &Provider, params: &Params, session: BrowserSession) -> Result<String, OidcError> {
    let now = provider.now();
    let mut state = provider.state();
    if state.user(&session.user_id).is_some_and(|user| user.access_denied) {
        return Err(OidcError::application_denied());
    }
    let (oidc_scopes, resource_scopes) = granted(&state, &session.user_id, params);
    let grant = Grant {
        user_id: session.user_id,
        oidc_scopes,
        resource_scopes,
        nonce: params.get("nonce").map(str::to_owned),
        auth_time: (provider.config.has_step_up() || params.get("max_age").is_some())
            .then_some(session.authenticated_at),
        authentication: provider.config.has_step_up().then_some(session.authentication),
        sid: session.sid,
        expires_at: now + provider.config.lifetimes.grant,
    };
    let grant = state.grants.add(grant);
    Ok(state.grants.issue_code(Code {
        grant,
        redirect_uri: params.get("redirect_uri").unwrap_or_default().to_owned(),
        challenge: params.get("code_challenge").map(str::to_owned),
        expires_at: now + provider.config.lifetimes.authorization_code,
        used: false,
    }))
}

/// The browser's session, authenticated again if `prompt`, `max_age` or `acr_values` demand it.
fn session(state: &mut ProviderState, params: &Params, provider: &Provider) -> Result<BrowserSession, OidcError> {
    let now = provider.now();
    let prompts = prompts(params);
    let silent = prompts.contains("none");
    if let Some(link) = MagicLink::of(params).filter(|_| !silent) {
        let session = state.browser.as_ref();
        let is_usable = session.is_some_and(|session| !is_too_old(session, params, now)) && !prompts.contains("login");
        magic_link::follow(state, &link, is_usable, prompts.contains("consent"), now)?;
    }
    let user = state.browser.as_ref().and_then(|session| state.user(&session.user_id));
    let has_second_factor = user.is_some_and(|user| user.second_factor);
    let Some(session) = &mut state.browser else {
        return Err(if silent {
            OidcError::login_required()
        } else {
            // Not an OAuth error code: at this point Logto would show its sign-in page.
            OidcError::shown_here(
                400,
                "not_signed_in",
                "no user is signed in at the provider: call sign_in_as",
            )
        });
    };
    let too_old = is_too_old(session, params, now);
    if let Some(demand) = Demand::of(provider, params) {
        prove(session, &demand, silent, has_second_factor, too_old, now)?;
    } else if silent && too_old {
        return Err(OidcError::other(
            "login_required",
            "requested authentication is too old",
        ));
    }
    if too_old || prompts.contains("login") {
        session.authenticated_at = now;
    }
    Ok(session.clone())
}

/// Whether the request demands a more recent authentication, OpenID Connect Core 1.0 §3.1.2.1.
pub(crate) fn is_too_old(session: &BrowserSession, params: &Params, now: u64) -> bool {
    let max_age = params.get("max_age").and_then(|max_age| max_age.parse::<u64>().ok());
    max_age.is_some_and(|max_age| now.saturating_sub(session.authenticated_at) > max_age)
}
