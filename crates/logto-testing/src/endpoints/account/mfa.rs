//! The user's factors.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError};
use crate::provider::SharedProvider;

pub(super) async fn list(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    let state = provider.state();
    state.require_readable("mfa")?;
    caller.require_scope("identities")?;
    let user = state.active_user(&caller.user_id).ok_or(ApiError::UNAUTHORIZED)?;
    let totp = json!({ "id": "totp", "type": "Totp", "createdAt": "2024-01-15T09:30:00.000Z" });
    let factors: Vec<_> = user.second_factor.then_some(totp).into_iter().collect();
    Ok(Json(json!(factors)))
}
