//! The refresh grant, RFC 6749 §6. The checks have the order of Logto's
//! `grants/refresh-token.ts`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    super::error::OidcError,
    response::{Recipient, new_refresh_token},
};
use crate::{
    config::{RotationRule, User},
    provider::{Grants, Provider, REUSE_WINDOW, RefreshToken},
    requests::Params,
    tokens::claims::ORGANIZATIONS,
};

pub(crate) fn refresh(provider: &Provider, params: &Params, rotate: bool) -> Result<Map<String, Value>, OidcError> {
    let value = params
        .get("refresh_token")
        .ok_or_else(|| OidcError::missing("refresh_token"))?;
    let now = provider.now();
    let mut guard = provider.state();
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

    // Rotation precedes the check of the resource: after `invalid_target` the old token is
    // consumed, and the client never receives the new one. It can retry only within the reuse
    // window.
    let refresh_token = if rotate || token.consumed_at.is_some() || rotation_is_due(provider, &token) {
        rotated(provider, &mut state.grants, value, &token)
    } else {
        value.to_owned()
    };
    let recipient = Recipient {
        user: &user,
        grant_id: &token.grant,
        grant: &grant,
        scopes: &scopes,
    };
    let mut response = recipient.tokens(provider, &mut state.grants, params)?;
    response.insert("refresh_token".to_owned(), json!(refresh_token));
    Ok(response)
}

/// The parameter `scope` may request granted scopes only.
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

fn rotation_is_due(provider: &Provider, token: &RefreshToken) -> bool {
    match provider.config.rotation {
        RotationRule::Traditional => token.percent_of_life(provider.now()) >= 70,
        RotationRule::EveryUse => true,
        RotationRule::Never => false,
    }
}

/// Issues a new token and marks `token` as consumed. Each further use within the reuse window
/// issues another token and restarts the window, because Logto stores the time of the last use.
fn rotated(provider: &Provider, grants: &mut Grants, value: &str, token: &RefreshToken) -> String {
    if let Some(old) = grants.refresh_tokens.get_mut(value) {
        old.consumed_at = Some(provider.now());
    }
    let mut next = new_refresh_token(provider, &token.grant);
    if provider.config.app_secret.is_none() {
        // Rotation does not extend the lifetime of a public client's token.
        next.expires_at = token.expires_at;
    }
    grants.issue_refresh_token(next)
}
