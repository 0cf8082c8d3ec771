//! The account and its profile.

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    body::parse,
    caller::Caller,
    changed::changed,
    error::ApiError,
    identifiers::require_identifier,
    profile_fields::{to_claims, to_profile},
};
use crate::{
    config::{AccountField, User},
    provider::{ProviderState, SharedProvider},
};

pub(super) async fn show(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    account(&provider.state(), &caller, provider.now()).map(Json)
}

pub(super) async fn update(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let changes: Map<String, Value> = parse(&body)?;
    let mut state = provider.state();
    for (name, value) in &changes {
        check(name, value)?;
    }
    for name in changes.keys() {
        state.require_editable(name)?;
    }
    if !caller.has("profile") || (changes.contains_key("customData") && !caller.has("custom_data")) {
        return Err(ApiError::NO_SCOPE_TO_EDIT);
    }
    if let Some(username) = changes.get("username") {
        caller.require_verification()?;
        check_username(&mut state, &caller, username.as_str())?;
    }
    let user = state.named(&caller.user_id);
    for (name, value) in changes {
        let text = value.as_str().map(str::to_owned);
        match name.as_str() {
            "name" => user.name = text,
            "avatar" => user.picture = text,
            "username" => user.set_username(text),
            _ => user.custom_data = value,
        }
    }
    changed(&provider, &mut state, &caller.user_id);
    account(&state, &caller, provider.now()).map(Json)
}

pub(super) async fn update_profile(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let claims = to_claims(parse(&body)?)?;
    let mut state = provider.state();
    state.require_editable("profile")?;
    if !caller.has("profile") || (claims.contains_key("address") && !caller.has("address")) {
        return Err(ApiError::NO_SCOPE_TO_EDIT);
    }
    state.named(&caller.user_id).profile.extend(claims);
    changed(&provider, &mut state, &caller.user_id);
    Ok(Json(profile(state.named(&caller.user_id), &caller)))
}

fn check_username(state: &mut ProviderState, caller: &Caller, username: Option<&str>) -> Result<(), ApiError> {
    let Some(username) = username else {
        let mut remaining = state.named(&caller.user_id).clone();
        remaining.set_username(None);
        return require_identifier(&remaining);
    };
    let is_taken = |user: &User| user.username == username && user.id != caller.user_id;
    if state.users.iter().any(is_taken) {
        return Err(ApiError::USERNAME_IN_USE);
    }
    Ok(())
}

fn check(name: &str, value: &Value) -> Result<(), ApiError> {
    let is_valid = match (name, value) {
        ("name" | "avatar" | "username", Value::Null)
        | ("name", Value::String(_))
        | ("customData", Value::Object(_)) => true,
        ("avatar", Value::String(url)) => Url::parse(url).is_ok(),
        ("username", Value::String(name)) => {
            let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            name.bytes().all(is_part) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        }
        _ => false,
    };
    if is_valid { Ok(()) } else { Err(ApiError::INVALID_INPUT) }
}

/// The fields that the tenant and the scopes of the token let the user read.
fn account(state: &ProviderState, caller: &Caller, now: u64) -> Result<Value, ApiError> {
    let user = state.active_user(&caller.user_id).ok_or(ApiError::UNAUTHORIZED)?;
    let last_sign_in = state.sessions_of(&user.id, now).next();
    let mut account = json!({
        "id": user.id,
        "createdAt": user.created_at,
        "updatedAt": user.updated_at,
        "lastSignInAt": last_sign_in.map(|session| session.authenticated_at * 1000),
        "applicationId": null,
        "isSuspended": user.suspended,
        "hasSecurityVerificationMethod": user.has_security_method(),
    });
    for (field, scope, value) in [
        ("name", "profile", json!(user.name)),
        ("avatar", "profile", json!(user.picture)),
        ("username", "profile", json!(user.username_claim())),
        ("profile", "profile", profile(user, caller)),
        ("email", "email", json!(user.email)),
        ("phone", "phone", json!(user.phone)),
        ("customData", "custom_data", user.custom_data.clone()),
        ("social", "identities", user.identities.clone()),
        ("password", "openid", json!(user.password.is_some())),
    ] {
        let name = match field {
            "email" => "primaryEmail",
            "phone" => "primaryPhone",
            "social" => "identities",
            "password" => "hasPassword",
            name => name,
        };
        if caller.has(scope) && state.account_center.field(field) != AccountField::Off {
            account[name] = value;
        }
    }
    Ok(account)
}

fn profile(user: &User, caller: &Caller) -> Value {
    let mut claims = user.profile.clone();
    if !caller.has("address") {
        claims.remove("address");
    }
    to_profile(claims)
}
