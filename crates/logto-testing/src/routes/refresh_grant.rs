//! The refresh grant, RFC 6749 §6, in the order in which Logto checks: its
//! `grants/refresh-token.ts`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::issue::{self, Recipient};
use crate::{
    claims::ORGANIZATIONS,
    config::RotationRule,
    error::OidcError,
    grants::{Grants, REUSE_WINDOW, RefreshToken},
    params::Params,
    shared::Shared,
    user::User,
};

pub(crate) fn refresh(shared: &Shared, params: &Params, rotate: bool) -> Result<Map<String, Value>, OidcError> {
    let value = params
        .get("refresh_token")
        .ok_or_else(|| OidcError::missing("refresh_token"))?;
    let now = shared.now();
    let mut guard = shared.state();
    let state = &mut *guard;

    let token = state
        .grants
        .refresh_tokens
        .get(value)
        .cloned()
        .ok_or_else(OidcError::invalid_grant)?;
    if token.expires_at <= now {
        return Err(OidcError::invalid_grant());
    }
    let grant = state
        .grants
        .live(&token.grant, now)
        .cloned()
        .ok_or_else(OidcError::invalid_grant)?;
    let scopes = requested_scopes(params, grant.scopes())?;
    let user = state
        .active_user(&grant.user_id)
        .cloned()
        .ok_or_else(OidcError::invalid_grant)?;
    if token
        .consumed_at
        .is_some_and(|at| now.saturating_sub(at) > REUSE_WINDOW)
    {
        state.grants.revoke(&token.grant);
        return Err(OidcError::invalid_grant());
    }
    if user.access_denied {
        return Err(OidcError::application_denied());
    }
    check_organization(params, &user, &grant.oidc_scopes)?;

    // Rotation comes before the resource is looked at: after `invalid_target` the old token is
    // spent and the new one was never sent. Only the reuse window saves such a client.
    let refresh_token = if rotate || token.consumed_at.is_some() || is_due(shared, &token) {
        rotated(shared, &mut state.grants, value, &token)
    } else {
        value.to_owned()
    };
    let recipient = Recipient {
        user: &user,
        grant_id: &token.grant,
        grant: &grant,
        scopes: &scopes,
    };
    let mut response = recipient.tokens(shared, &mut state.grants, params)?;
    response.insert("refresh_token".to_owned(), json!(refresh_token));
    Ok(response)
}

/// `scope` may ask for less than was granted, not for more.
fn requested_scopes(params: &Params, granted: BTreeSet<String>) -> Result<BTreeSet<String>, OidcError> {
    let Some(scope) = params.get("scope") else {
        return Ok(granted);
    };
    let requested: BTreeSet<String> = scope.split_whitespace().map(str::to_owned).collect();
    match requested.difference(&granted).next() {
        Some(missing) => Err(OidcError::invalid_scope(missing)),
        None => Ok(requested),
    }
}

fn check_organization(params: &Params, user: &User, scopes: &BTreeSet<String>) -> Result<(), OidcError> {
    let Some(id) = params.get("organization_id") else {
        return Ok(());
    };
    if user.membership(id).is_none() {
        return Err(OidcError::not_a_member());
    }
    if scopes.contains(ORGANIZATIONS) {
        Ok(())
    } else {
        Err(OidcError::insufficient_scope(
            "refresh token missing required scope",
            ORGANIZATIONS,
        ))
    }
}

fn is_due(shared: &Shared, token: &RefreshToken) -> bool {
    match shared.config.rotation {
        RotationRule::Traditional => token.percent_of_life(shared.now()) >= 70,
        RotationRule::EveryUse => true,
        RotationRule::Never => false,
    }
}

/// A new token in place of `token`. Another use within the reuse window gives another new one and
/// begins the window anew, since Logto notes the time of the last use.
fn rotated(shared: &Shared, grants: &mut Grants, value: &str, token: &RefreshToken) -> String {
    if let Some(old) = grants.refresh_tokens.get_mut(value) {
        old.consumed_at = Some(shared.now());
    }
    let mut next = issue::refresh_token(shared, &token.grant);
    if shared.config.app_secret.is_none() {
        // An SPA cannot stay signed in for ever by rotating.
        next.expires_at = token.expires_at;
    }
    grants.issue_refresh_token(next)
}
