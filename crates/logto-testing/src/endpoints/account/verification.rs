//! Verification records.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError, password::Password};
use crate::{
    provider::{SharedProvider, Verification},
    random,
};

/// Seconds.
const LIFETIME: u64 = 600;

pub(super) async fn password(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let password = Password::parse(&body)?;
    let now = provider.now();
    let mut state = provider.state();
    let known = state.named(&caller.user_id).password.clone();
    if known.as_ref() != Some(&password) {
        return Err(ApiError::WRONG_PASSWORD);
    }
    let (id, expires_at) = (random::id(), now + LIFETIME);
    state.verifications.retain(|_, record| record.expires_at > now);
    let record = Verification {
        user_id: caller.user_id,
        expires_at,
    };
    state.verifications.insert(id.clone(), record);
    // A Logto server sends a text; a client has to accept milliseconds too.
    let body = json!({ "verificationRecordId": id, "expiresAt": expires_at * 1000 });
    Ok((StatusCode::CREATED, Json(body)))
}

/// The tenant has no connector for emails or text messages.
pub(super) async fn send_code(_: Caller) -> ApiError {
    ApiError::NO_CONNECTOR
}
