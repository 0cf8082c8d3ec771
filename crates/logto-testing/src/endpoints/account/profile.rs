//! The account and its profile.

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Map, Value, json};
use url::Url;

use super::{super::management::shown_user, caller::Caller, error::ApiError};
use crate::{
    config::{AccountField, User},
    provider::{Provider, ProviderState, SharedProvider},
    webhook_format,
};

pub(super) async fn show(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    account(&provider.state(), &caller).map(Json)
}

pub(super) async fn update(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let changes = object(&body)?;
    let now = provider.now();
    let mut state = provider.state();
    for (name, value) in &changes {
        state.require_editable(name)?;
        check(name, value)?;
    }
    if !caller.has("profile") || (changes.contains_key("customData") && !caller.has("custom_data")) {
        return Err(ApiError::NO_SCOPE_TO_EDIT);
    }
    if let Some(username) = changes.get("username") {
        caller.require_verification()?;
        let is_taken = |user: &User| Some(user.username.as_str()) == username.as_str() && user.id != caller.user_id;
        if state.users.iter().any(is_taken) {
            return Err(ApiError::USERNAME_IN_USE);
        }
    }
    let user = state.named(&caller.user_id);
    for (name, value) in changes {
        let text = value.as_str().map(str::to_owned);
        match name.as_str() {
            "name" => user.name = text,
            "avatar" => user.picture = text,
            "username" => user.username = text.unwrap_or_default(),
            _ => user.custom_data = value,
        }
    }
    user.updated_at = now * 1000;
    report(&provider, user);
    account(&state, &caller).map(Json)
}

pub(super) async fn update_profile(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let changes = object(&body)?;
    let mut state = provider.state();
    state.require_editable("profile")?;
    if !caller.has("profile") || (changes.contains_key("address") && !caller.has("address")) {
        return Err(ApiError::NO_SCOPE_TO_EDIT);
    }
    let user = state.named(&caller.user_id);
    for (name, value) in changes {
        user.profile.insert(to_claim(&name), value);
    }
    report(&provider, user);
    Ok(Json(profile(user)))
}

/// Reports to webhooks that a user has changed their own data.
fn report(provider: &Provider, user: &User) {
    let created_at = webhook_format::timestamp(provider.now());
    let body = Map::from_iter([
        ("createdAt".to_owned(), created_at.into()),
        ("data".to_owned(), shown_user(user)),
    ]);
    provider.webhooks.report("User.Data.Updated", &body);
}

fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::INVALID_INPUT)
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
fn account(state: &ProviderState, caller: &Caller) -> Result<Value, ApiError> {
    let user = state.active_user(&caller.user_id).ok_or(ApiError::UNAUTHORIZED)?;
    let mut account = json!({
        "id": user.id,
        "createdAt": user.created_at,
        "updatedAt": user.updated_at,
        "lastSignInAt": user.updated_at,
        "isSuspended": user.suspended,
        "hasPassword": user.password.is_some(),
        "hasSecurityVerificationMethod":
            user.password.is_some() || user.email.is_some() || user.phone.is_some(),
    });
    for (field, scope, value) in [
        ("name", "profile", json!(user.name)),
        ("avatar", "profile", json!(user.picture)),
        ("username", "profile", json!(user.username_claim())),
        ("profile", "profile", profile(user)),
        ("email", "email", json!(user.email)),
        ("phone", "phone", json!(user.phone)),
        ("customData", "custom_data", user.custom_data.clone()),
        ("social", "identities", user.identities.clone()),
    ] {
        let name = match field {
            "email" => "primaryEmail",
            "phone" => "primaryPhone",
            "social" => "identities",
            name => name,
        };
        if caller.has(scope) && state.account_center.field(field) != AccountField::Off {
            account[name] = value;
        }
    }
    Ok(account)
}

fn profile(user: &User) -> Value {
    let claims = user.profile.iter();
    Value::Object(claims.map(|(name, value)| (to_field(name), value.clone())).collect())
}

/// `givenName` for `given_name`.
fn to_field(claim: &str) -> String {
    let mut parts = claim.split('_');
    let mut field = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        field.push_str(&first.to_ascii_uppercase());
        field.push_str(rest);
    }
    field
}

/// `given_name` for `givenName`.
fn to_claim(field: &str) -> String {
    let mut claim = String::new();
    for character in field.chars() {
        if character.is_ascii_uppercase() {
            claim.push('_');
        }
        claim.push(character.to_ascii_lowercase());
    }
    claim
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_and_claims_have_different_names() {
        for (claim, field) in [("given_name", "givenName"), ("locale", "locale")] {
            assert_eq!((to_field(claim), to_claim(field)), (field.to_owned(), claim.to_owned()));
        }
    }
}
