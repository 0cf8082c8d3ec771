//! The email address and the phone number.

use axum::{body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;

use super::{body::parse, caller::Caller, changed::changed, error::ApiError};
use crate::{
    config::User,
    provider::{Identifier, IdentifierKind, Provider, ProviderState, SharedProvider},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Email {
    email: String,
    new_identifier_verification_record_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Phone {
    phone: String,
    new_identifier_verification_record_id: String,
}

pub(super) async fn set_email(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let body: Email = parse(&body)?;
    let email = identifier(IdentifierKind::Email, body.email);
    set(&provider, &caller, email, &body.new_identifier_verification_record_id)
}

pub(super) async fn set_phone(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let body: Phone = parse(&body)?;
    let phone = identifier(IdentifierKind::Phone, body.phone);
    set(&provider, &caller, phone, &body.new_identifier_verification_record_id)
}

pub(super) async fn remove_email(State(provider): SharedProvider, caller: Caller) -> Result<StatusCode, ApiError> {
    remove(&provider, &caller, IdentifierKind::Email)
}

pub(super) async fn remove_phone(State(provider): SharedProvider, caller: Caller) -> Result<StatusCode, ApiError> {
    remove(&provider, &caller, IdentifierKind::Phone)
}

fn identifier(kind: IdentifierKind, value: String) -> Identifier {
    Identifier { kind, value }
}

fn set(provider: &Provider, caller: &Caller, new: Identifier, record: &str) -> Result<StatusCode, ApiError> {
    check(&new)?;
    let now = provider.now();
    let mut state = provider.state();
    require_access(&state, caller, new.kind)?;
    state.verifications.check_identifier(record, &new, now)?;
    let is_taken = |user: &User| {
        let other = value(user, new.kind).map(str::to_lowercase);
        user.id != caller.user_id && other == Some(new.value.to_lowercase())
    };
    if state.users.iter().any(is_taken) {
        return Err(match new.kind {
            IdentifierKind::Email => ApiError::EMAIL_IN_USE,
            IdentifierKind::Phone => ApiError::PHONE_IN_USE,
        });
    }
    replace(provider, &mut state, caller, new.kind, Some(new.value));
    Ok(StatusCode::NO_CONTENT)
}

fn remove(provider: &Provider, caller: &Caller, kind: IdentifierKind) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    require_access(&state, caller, kind)?;
    let mut remaining = state.named(&caller.user_id).clone();
    *field(&mut remaining, kind) = None;
    require_identifier(&remaining)?;
    replace(provider, &mut state, caller, kind, None);
    Ok(StatusCode::NO_CONTENT)
}

fn replace(
    provider: &Provider,
    state: &mut ProviderState,
    caller: &Caller,
    kind: IdentifierKind,
    value: Option<String>,
) {
    let user = state.named(&caller.user_id);
    let username = user.username_claim().map(str::to_owned);
    *field(user, kind) = value;
    user.set_username(username);
    changed(provider, state, &caller.user_id);
}

fn require_access(state: &ProviderState, caller: &Caller, kind: IdentifierKind) -> Result<(), ApiError> {
    let name = match kind {
        IdentifierKind::Email => "email",
        IdentifierKind::Phone => "phone",
    };
    caller.require_verification()?;
    state.require_editable(name)?;
    if caller.has(name) {
        Ok(())
    } else {
        Err(ApiError::NO_SCOPE_TO_EDIT)
    }
}

/// Refuses what is no email address or phone number.
pub(super) fn check(identifier: &Identifier) -> Result<(), ApiError> {
    let value = identifier.value.as_str();
    let is_valid = match identifier.kind {
        IdentifierKind::Email => {
            let parts = value
                .split_once('@')
                .map(|(name, domain)| (name, domain.rsplit_once('.')));
            let has_parts = matches!(parts, Some((name, Some((domain, end)))) if ![name, domain, end].contains(&""));
            has_parts && !value.contains(char::is_whitespace)
        }
        IdentifierKind::Phone => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
    };
    if is_valid { Ok(()) } else { Err(ApiError::INVALID_INPUT) }
}

/// Refuses to remove the last identifier of a user: `remaining` is the user without it.
pub(super) fn require_identifier(remaining: &User) -> Result<(), ApiError> {
    let has_own = remaining.username_claim().is_some() || remaining.email.is_some() || remaining.phone.is_some();
    let identities = remaining.identities.as_object();
    let sso_identities = remaining.sso_identities.as_array();
    let has_linked = identities.is_some_and(|all| !all.is_empty()) || sso_identities.is_some_and(|all| !all.is_empty());
    if has_own || has_linked {
        Ok(())
    } else {
        Err(ApiError::LAST_IDENTIFIER)
    }
}

/// The email address or phone number of a user.
pub(super) fn value(user: &User, kind: IdentifierKind) -> Option<&str> {
    match kind {
        IdentifierKind::Email => user.email.as_deref(),
        IdentifierKind::Phone => user.phone.as_deref(),
    }
}

fn field(user: &mut User, kind: IdentifierKind) -> &mut Option<String> {
    match kind {
        IdentifierKind::Email => &mut user.email,
        IdentifierKind::Phone => &mut user.phone,
    }
}
