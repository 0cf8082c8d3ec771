//! Userinfo, `OpenID` Connect Core 1.0 §5.3.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

use super::Provider;
use crate::{claims, error::OidcError, shared::Shared};

pub(crate) async fn user_info(
    State(shared): Provider,
    headers: HeaderMap,
) -> Result<Json<Map<String, Value>>, OidcError> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .ok_or_else(|| OidcError::invalid_request("no access token provided"))?;
    let mut claims = claims_for(&shared, token)?;
    for fault in shared.faults.user_info() {
        if !fault.apply(&mut claims) {
            return Err(OidcError::invalid_token());
        }
    }
    Ok(Json(claims))
}

/// Opaque tokens only: a JWT for a resource is unknown here.
fn claims_for(shared: &Shared, token: &str) -> Result<Map<String, Value>, OidcError> {
    let (state, now) = (shared.state(), shared.now());
    let token = state
        .grants
        .access_tokens
        .get(token)
        .filter(|token| token.expires_at > now);
    let token = token.ok_or_else(OidcError::invalid_token)?;
    if !token.scopes.contains("openid") {
        return Err(OidcError::insufficient_scope(
            "access token missing openid scope",
            "openid",
        ));
    }
    let user = state
        .grants
        .live(&token.grant, now)
        .and_then(|grant| state.active_user(&grant.user_id));
    let user = user.ok_or_else(OidcError::invalid_token)?;
    Ok(claims::for_user_info(user, &token.scopes, &shared.config.organizations))
}
