//! Subject tokens and personal access tokens.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError};
use crate::provider::{PersonalAccessToken, SUBJECT_TOKEN_LIFETIME, SharedProvider};

pub(super) async fn create_subject(
    State(provider): SharedProvider,
    _: Caller,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id = body["userId"].as_str().ok_or(ApiError::INVALID)?;
    let now = provider.now();
    let mut state = provider.state();
    state.user(id).ok_or(ApiError::NOT_FOUND)?;
    let token = state.delegation.create_subject_token(id, now);
    let answer = json!({ "subjectToken": token, "expiresIn": SUBJECT_TOKEN_LIFETIME });
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn create_personal(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let name = body["name"]
        .as_str()
        .filter(|name| !name.is_empty())
        .ok_or(ApiError::INVALID)?;
    let expires_at = body["expiresAt"].as_u64();
    if expires_at.is_some_and(|at| at <= provider.now() * 1000) {
        return Err(ApiError::PAST);
    }
    let mut state = provider.state();
    state.user(&id).ok_or(ApiError::NOT_FOUND)?;
    let token = PersonalAccessToken {
        user_id: id.clone(),
        name: name.to_owned(),
        expires_at,
    };
    let value = state.delegation.create_personal(token).ok_or(ApiError::NAME_EXISTS)?;
    let answer = json!({ "tenantId": "default", "userId": id, "name": name, "value": value, "expiresAt": expires_at });
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn delete_personal(
    State(provider): SharedProvider,
    _: Caller,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let was_there = provider.state().delegation.delete_personal(&id, &name);
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(ApiError::NOT_FOUND)
}
