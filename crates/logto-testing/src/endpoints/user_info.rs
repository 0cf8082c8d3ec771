//! The userinfo endpoint, OpenID Connect Core 1.0 §5.3.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

use super::error::OidcError;
use crate::{
    faults::UserInfoFault,
    provider::{Provider, SharedProvider},
    tokens::claims,
};

pub(crate) async fn user_info(
    State(provider): SharedProvider,
    headers: HeaderMap,
) -> Result<Json<Map<String, Value>>, OidcError> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .ok_or_else(|| OidcError::invalid_request("no access token provided"))?;
    let mut claims = claims_for(&provider, token)?;
    for fault in provider.faults.take::<UserInfoFault>() {
        if !fault.apply(&mut claims) {
            return Err(OidcError::invalid_token());
        }
    }
    Ok(Json(claims))
}

/// The claims for an opaque access token. A JWT for an API resource is an invalid token here.
fn claims_for(provider: &Provider, token: &str) -> Result<Map<String, Value>, OidcError> {
    let (state, now) = (provider.state(), provider.now());
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
    Ok(claims::for_user_info(user, &token.scopes, &state.organizations.all))
}
