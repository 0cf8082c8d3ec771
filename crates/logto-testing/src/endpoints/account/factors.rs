//! The factors of multi-factor authentication: an authenticator app and backup codes. A passkey
//! would need a device that proves it, so its calls are unknown here.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{body::parse, caller::Caller, changed::changed, error::ApiError, totp};
use crate::{
    provider::{BackupCodes, Factor, ProviderState, SharedProvider},
    random, webhook_format,
};

const SCOPE: &str = "identities";
const BACKUP_CODES: usize = 10;
/// The id of the authenticator app that a user has from the start.
const FIRST_APP: &str = "totp";

#[derive(Deserialize)]
#[serde(tag = "type")]
enum NewFactor {
    Totp { secret: String, code: Option<String> },
    BackupCode { codes: Vec<String> },
    WebAuthn {},
}

#[derive(Deserialize)]
struct NewTotp {
    secret: String,
    code: String,
}

pub(super) async fn list(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    let mut state = provider.state();
    state.require_readable("mfa")?;
    caller.require_scope(SCOPE)?;
    let mut factors = Vec::new();
    let has_app = state.named(&caller.user_id).second_factor;
    let data = state.account_data(&caller.user_id);
    if has_app {
        let (id, created_at) = data.totp.as_ref().map_or_else(
            || (FIRST_APP, "2024-01-15T09:30:00.000Z".to_owned()),
            |app| (&app.id, webhook_format::timestamp(app.created_at)),
        );
        factors.push(json!({ "id": id, "type": "Totp", "createdAt": created_at }));
    }
    if let Some(codes) = &data.backup_codes {
        factors.push(json!({
            "id": codes.factor.id,
            "type": "BackupCode",
            "createdAt": webhook_format::timestamp(codes.factor.created_at),
            "remainCodes": codes.remaining,
        }));
    }
    Ok(Json(json!(factors)))
}

pub(super) async fn add(State(provider): SharedProvider, caller: Caller, body: Bytes) -> Result<StatusCode, ApiError> {
    let new: NewFactor = parse(&body)?;
    let now = provider.now();
    let mut state = provider.state();
    require_access(&state, &caller)?;
    let has_app = state.named(&caller.user_id).second_factor;
    match new {
        NewFactor::Totp { .. } if has_app => return Err(ApiError::TOTP_IN_USE),
        NewFactor::Totp { secret, code } => {
            check(&secret, code.as_deref(), now)?;
            set_totp(&mut state, &caller, Some(Factor::new(now)));
        }
        NewFactor::BackupCode { codes } => {
            let data = state.account_data(&caller.user_id);
            if data.backup_codes.is_some() {
                return Err(ApiError::BACKUP_CODES_IN_USE);
            }
            if !has_app {
                return Err(ApiError::BACKUP_CODES_ALONE);
            }
            if codes.len() != BACKUP_CODES || !codes.iter().all(|code| is_backup_code(code)) {
                return Err(ApiError::INVALID_BACKUP_CODES);
            }
            data.backup_codes = Some(BackupCodes {
                factor: Factor::new(now),
                remaining: codes.len(),
            });
        }
        NewFactor::WebAuthn {} => return Err(ApiError::FACTOR_NOT_ENABLED),
    }
    changed(&provider, &mut state, &caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn replace_totp(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let new: NewTotp = parse(&body)?;
    let now = provider.now();
    let mut state = provider.state();
    require_access(&state, &caller)?;
    check(&new.secret, Some(&new.code), now)?;
    set_totp(&mut state, &caller, Some(Factor::new(now)));
    changed(&provider, &mut state, &caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}

/// Only passkeys have names, and no user has one.
pub(super) async fn rename(State(provider): SharedProvider, caller: Caller, body: Bytes) -> ApiError {
    let body = parse::<Value>(&body).ok().filter(|body| body["name"].is_string());
    if body.is_none() {
        return ApiError::INVALID_INPUT;
    }
    let outcome = require_access(&provider.state(), &caller);
    outcome.err().unwrap_or(ApiError::NO_RECORD)
}

pub(super) async fn remove(
    State(provider): SharedProvider,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    require_access(&state, &caller)?;
    let has_app = state.named(&caller.user_id).second_factor;
    let data = state.account_data(&caller.user_id);
    let app = data.totp.as_ref().map_or(FIRST_APP, |app| &app.id);
    let codes = data.backup_codes.as_ref().map(|codes| codes.factor.id.as_str());
    if has_app && app == id {
        set_totp(&mut state, &caller, None);
    } else if codes == Some(id.as_str()) {
        data.backup_codes = None;
    } else {
        return Err(ApiError::NO_RECORD);
    }
    changed(&provider, &mut state, &caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn generate_secret(_: Caller) -> Json<Value> {
    Json(json!({ "secret": totp::generate() }))
}

pub(super) async fn generate_backup_codes(_: Caller) -> Json<Value> {
    let codes: [_; BACKUP_CODES] = std::array::from_fn(|_| random::hex::<5>());
    Json(json!({ "codes": codes }))
}

fn require_access(state: &ProviderState, caller: &Caller) -> Result<(), ApiError> {
    caller.require_verification()?;
    state.require_editable("mfa")?;
    caller.require_scope(SCOPE)
}

fn set_totp(state: &mut ProviderState, caller: &Caller, app: Option<Factor>) {
    state.named(&caller.user_id).second_factor = app.is_some();
    state.account_data(&caller.user_id).totp = app;
}

fn check(secret: &str, code: Option<&str>, now: u64) -> Result<(), ApiError> {
    let secret = totp::decode(secret).ok_or(ApiError::INVALID_TOTP_SECRET)?;
    if code.is_none_or(|code| totp::is_code(&secret, code, now)) {
        Ok(())
    } else {
        Err(ApiError::INVALID_TOTP_CODE)
    }
}

fn is_backup_code(code: &str) -> bool {
    code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_hexdigit())
}
