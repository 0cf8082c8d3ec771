//! The password.

use axum::{body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;

use super::{body::parse, caller::Caller, changed::changed, error::ApiError};
use crate::provider::SharedProvider;

/// The tenant's policy.
const MIN_LENGTH: usize = 8;

#[derive(Deserialize)]
pub(super) struct Password {
    pub(super) password: String,
}

impl Password {
    pub(super) fn parse(body: &[u8]) -> Result<String, ApiError> {
        let parsed: Self = parse(body)?;
        Some(parsed.password)
            .filter(|password| !password.is_empty())
            .ok_or(ApiError::INVALID_INPUT)
    }
}

pub(super) async fn set(State(provider): SharedProvider, caller: Caller, body: Bytes) -> Result<StatusCode, ApiError> {
    let password = Password::parse(&body)?;
    let mut state = provider.state();
    if state.named(&caller.user_id).has_security_method() {
        caller.require_verification()?;
    }
    state.require_editable("password")?;
    if password.chars().count() < MIN_LENGTH {
        return Err(ApiError::WEAK_PASSWORD);
    }
    state.named(&caller.user_id).password = Some(password);
    changed(&provider, &mut state, &caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}
