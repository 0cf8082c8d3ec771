//! The linked accounts of social and enterprise connectors, and their tokens in the secret vault.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    body::parse, caller::Caller, changed::changed, connectors::TOKEN_LIFETIME, error::ApiError,
    identifiers::require_identifier,
};
use crate::{
    config::User,
    provider::{ConnectorToken, Provider, SharedProvider},
    random,
};

const SCOPE: &str = "identities";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Linked {
    new_identifier_verification_record_id: String,
}

pub(super) async fn add(State(provider): SharedProvider, caller: Caller, body: Bytes) -> Result<StatusCode, ApiError> {
    link(&provider, &caller, &body, false)
}

pub(super) async fn replace(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    link(&provider, &caller, &body, true)
}

fn link(provider: &Provider, caller: &Caller, body: &[u8], may_replace: bool) -> Result<StatusCode, ApiError> {
    let record = parse::<Linked>(body)?.new_identifier_verification_record_id;
    let now = provider.now();
    let mut state = provider.state();
    if state.named(&caller.user_id).has_security_method() {
        caller.require_verification()?;
    }
    state.require_editable("social")?;
    caller.require_scope(SCOPE)?;
    let proof = state.verifications.social(&record, now)?.clone();
    let account = proof.account.ok_or(ApiError::NO_RECORD)?;
    let has_it = |user: &User| user.identities[&proof.target]["userId"] == account.as_str();
    if state.users.iter().any(|user| user.id != caller.user_id && has_it(user)) {
        return Err(ApiError::IDENTITY_IN_USE);
    }
    let user = state.named(&caller.user_id);
    if !may_replace && !user.identities[&proof.target].is_null() {
        return Err(ApiError::IDENTITY_EXISTS);
    }
    user.identities[&proof.target] = json!({ "userId": account, "details": { "id": account } });
    let token = ConnectorToken {
        secret: random::opaque(),
        scope: proof.scope,
        expires_at: now + TOKEN_LIFETIME,
    };
    let data = state.account_data(&caller.user_id);
    data.connector_tokens.insert(proof.target, token);
    changed(provider, &mut state, &caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(provider): SharedProvider,
    caller: Caller,
    Path(target): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    caller.require_verification()?;
    state.require_editable("social")?;
    if !caller.has(SCOPE) {
        return Err(ApiError::NO_SCOPE_TO_EDIT);
    }
    let mut remaining = state.named(&caller.user_id).clone();
    let identities = remaining.identities.as_object_mut();
    identities
        .and_then(|all| all.remove(&target))
        .ok_or(ApiError::NO_IDENTITY)?;
    require_identifier(&remaining)?;
    state.named(&caller.user_id).identities = remaining.identities;
    state.account_data(&caller.user_id).connector_tokens.remove(&target);
    changed(&provider, &mut state, &caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn token(
    State(provider): SharedProvider,
    caller: Caller,
    Path(target): Path<String>,
) -> Result<Json<Value>, ApiError> {
    caller.require_scope(SCOPE)?;
    let (now, mut state) = (provider.now(), provider.state());
    let tokens = &mut state.account_data(&caller.user_id).connector_tokens;
    let token = tokens.get(&target).ok_or(ApiError::NO_CONNECTOR_TOKEN)?.clone();
    let left = token.expires_at.saturating_sub(now);
    if left == 0 {
        tokens.remove(&target);
        return Err(ApiError::CONNECTOR_TOKEN_EXPIRED);
    }
    let mut answer = json!({ "access_token": token.secret, "token_type": "bearer", "expires_in": left });
    if let Some(scope) = token.scope {
        answer["scope"] = scope.into();
    }
    Ok(Json(answer))
}

/// No call links an enterprise account, so the vault has no token of one.
pub(super) async fn sso_token(caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.require_scope(SCOPE)?;
    Err(ApiError::NO_CONNECTOR_TOKEN)
}
