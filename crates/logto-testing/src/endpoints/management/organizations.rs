//! Organizations.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use super::{call::Call, caller::Caller, error::ApiError, paging};
use crate::{
    config::{Membership, Organization},
    provider::{SharedProvider, role_id},
    random,
    requests::Params,
};

/// The limit for names of organizations, in UTF-16 code units.
const MAX_NAME: usize = 128;

pub(super) fn shown(organization: &Organization) -> Value {
    json!({
        "tenantId": "default",
        "id": organization.id,
        "name": organization.name,
        "description": organization.description,
        "customData": {},
        "isMfaRequired": false,
        "createdAt": 1_700_000_000_123_u64,
    })
}

/// The roles of a member.
pub(super) fn roles(membership: &Membership) -> Value {
    let roles = membership.roles.iter();
    roles.map(|name| json!({ "id": role_id(name), "name": name })).collect()
}

pub(super) async fn list(
    State(provider): SharedProvider,
    _: Caller,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let all: Vec<_> = provider.state().organizations.all.iter().map(shown).collect();
    paging::page(&all, &params, "/organizations")
}

pub(super) async fn create(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let name = body["name"]
        .as_str()
        .filter(|name| !name.is_empty() && name.encode_utf16().count() <= MAX_NAME)
        .ok_or(ApiError::INVALID)?;
    let mut organization = Organization::new(&random::id(), name);
    organization.description = body["description"].as_str().map(str::to_owned);
    let mut answer = shown(&organization);
    for field in ["customData", "isMfaRequired"] {
        if let Some(value) = body.get(field) {
            answer[field] = value.clone();
        }
    }
    provider.state().organizations.all.push(organization);
    let data = json!({ "data": answer });
    call.report(&provider, StatusCode::CREATED, "Organization.Created", &data);
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn show(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = provider.state();
    Ok(Json(shown(state.organizations.get(&id).ok_or(ApiError::NOT_FOUND)?)))
}

pub(super) async fn delete(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    state.organizations.get(&id).ok_or(ApiError::NOT_FOUND)?;
    state.organizations.remove(&id);
    for user in &mut state.users {
        user.memberships.retain(|membership| membership.organization_id != id);
    }
    call.report(&provider, StatusCode::NO_CONTENT, "Organization.Deleted", &json!({}));
    Ok(StatusCode::NO_CONTENT)
}

/// The roles of the organization template.
pub(super) async fn template_roles(
    State(provider): SharedProvider,
    _: Caller,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let state = provider.state();
    let roles = state
        .organizations
        .roles
        .iter()
        .map(|role| json!({ "tenantId": "default", "id": role_id(&role.name), "name": role.name }));
    let roles: Vec<_> = roles.collect();
    paging::page(&roles, &params, "/organization-roles")
}
