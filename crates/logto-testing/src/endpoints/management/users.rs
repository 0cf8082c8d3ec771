//! Users.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use super::{call::Call, caller::Caller, error::ApiError, organizations, paging};
use crate::{config::User, provider::SharedProvider, requests::Params};

pub(crate) fn shown(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username_claim(),
        "primaryEmail": user.email,
        "primaryPhone": user.phone,
        "name": user.name,
        "avatar": user.picture,
        "customData": user.custom_data,
        "isSuspended": user.suspended,
        "createdAt": user.created_at,
        "updatedAt": user.updated_at,
    })
}

pub(super) async fn list(
    State(provider): SharedProvider,
    _: Caller,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let users: Vec<_> = provider.state().users.iter().map(shown).collect();
    paging::page(&users, &params, "/users")
}

pub(super) async fn show(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = provider.state();
    Ok(Json(shown(state.user(&id).ok_or(ApiError::NOT_FOUND)?)))
}

pub(super) async fn set_suspended(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, ApiError> {
    let is_suspended = body["isSuspended"].as_bool().ok_or(ApiError::INVALID)?;
    let mut state = provider.state();
    let user = state.users.iter_mut().find(|user| user.id == id);
    let user = user.ok_or(ApiError::NOT_FOUND)?;
    user.suspended = is_suspended;
    let answer = shown(user);
    if is_suspended {
        state.sign_out(&id);
    }
    let data = json!({ "data": answer });
    call.report(&provider, StatusCode::OK, "User.SuspensionStatus.Updated", &data);
    Ok(Json(answer))
}

pub(super) async fn delete(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    let data = json!({ "data": shown(state.user(&id).ok_or(ApiError::NOT_FOUND)?) });
    state.sign_out(&id);
    state.users.retain(|user| user.id != id);
    call.report(&provider, StatusCode::NO_CONTENT, "User.Deleted", &data);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn organizations(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = provider.state();
    let memberships = state.user(&id).ok_or(ApiError::NOT_FOUND)?.memberships.iter();
    let shown = memberships.filter_map(|membership| {
        let organization = state.organizations.get(&membership.organization_id)?;
        let mut shown = organizations::shown(organization);
        shown["organizationRoles"] = organizations::roles(membership);
        Some(shown)
    });
    Ok(Json(shown.collect()))
}

/// The roles of a user. Like Logto, answers with an empty list for an unknown user.
pub(super) async fn roles(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let state = provider.state();
    let names = state.user(&id).map(|user| user.roles.as_slice()).unwrap_or_default();
    let role = |name: &String| json!({ "id": format!("role-{name}"), "name": name, "type": "User" });
    let roles: Vec<_> = names.iter().map(role).collect();
    paging::page(&roles, &params, "/users/{id}/roles")
}
