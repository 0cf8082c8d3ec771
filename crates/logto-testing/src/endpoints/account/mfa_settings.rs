//! Whether the user skips the second factor, and the settings that Logto's own pages keep.

use axum::{Json, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{body::parse, caller::Caller, changed::changed, error::ApiError};
use crate::provider::{LogtoConfigs, Provider, ProviderState, SharedProvider};

const SCOPE: &str = "identities";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Skip {
    skip_mfa_on_sign_in: bool,
}

/// Settings that are not given stay as they are.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Changes {
    mfa: Mfa,
    passkey_sign_in: PasskeySignIn,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Mfa {
    enabled: Option<bool>,
    skipped: Option<bool>,
    skip_mfa_on_sign_in: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasskeySignIn {
    skipped: Option<bool>,
}

pub(super) async fn show(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    let mut state = provider.state();
    require_readable(&state, &caller)?;
    let skips = state.account_data(&caller.user_id).configs.skip_mfa_on_sign_in;
    Ok(Json(json!({ "skipMfaOnSignIn": skips })))
}

pub(super) async fn update(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let skips = parse::<Skip>(&body)?.skip_mfa_on_sign_in;
    change(&provider, &caller, |configs| configs.skip_mfa_on_sign_in = skips)?;
    Ok(Json(json!({ "skipMfaOnSignIn": skips })))
}

pub(super) async fn show_configs(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    let mut state = provider.state();
    require_readable(&state, &caller)?;
    Ok(Json(shown(&state.account_data(&caller.user_id).configs)))
}

pub(super) async fn update_configs(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let changes: Changes = parse(&body)?;
    let answer = change(&provider, &caller, |configs| {
        let Changes { mfa, passkey_sign_in } = changes;
        configs.mfa_enabled = mfa.enabled.or(configs.mfa_enabled);
        for (setting, new) in [
            (&mut configs.mfa_skipped, mfa.skipped),
            (&mut configs.skip_mfa_on_sign_in, mfa.skip_mfa_on_sign_in),
            (&mut configs.passkey_sign_in_skipped, passkey_sign_in.skipped),
        ] {
            *setting = new.unwrap_or(*setting);
        }
    });
    answer.map(Json)
}

fn change(provider: &Provider, caller: &Caller, change: impl FnOnce(&mut LogtoConfigs)) -> Result<Value, ApiError> {
    let mut state = provider.state();
    caller.require_verification()?;
    caller.require_scope(SCOPE)?;
    state.require_editable("mfa")?;
    let configs = &mut state.account_data(&caller.user_id).configs;
    change(configs);
    let answer = shown(configs);
    changed(provider, &mut state, &caller.user_id);
    Ok(answer)
}

fn require_readable(state: &ProviderState, caller: &Caller) -> Result<(), ApiError> {
    caller.require_scope(SCOPE)?;
    state.require_readable("mfa")
}

fn shown(configs: &LogtoConfigs) -> Value {
    let mut answer = json!({
        "mfa": { "skipped": configs.mfa_skipped, "skipMfaOnSignIn": configs.skip_mfa_on_sign_in },
        "passkeySignIn": { "skipped": configs.passkey_sign_in_skipped },
    });
    if let Some(enabled) = configs.mfa_enabled {
        answer["mfa"]["enabled"] = enabled.into();
    }
    answer
}
