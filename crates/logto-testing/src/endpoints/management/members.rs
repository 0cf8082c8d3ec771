//! Members of organizations, and their roles.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use super::{call::Call, caller::Caller, error::ApiError, organizations, paging, users};
use crate::{
    config::Membership,
    provider::{ProviderState, SharedProvider, role_id},
    requests::Params,
};

fn membership<'a>(
    state: &'a mut ProviderState,
    organization_id: &str,
    user_id: &str,
) -> Result<&'a mut Membership, ApiError> {
    let user = state.users.iter_mut().find(|user| user.id == user_id);
    let mut memberships = user.ok_or(ApiError::NOT_FOUND)?.memberships.iter_mut();
    let found = memberships.find(|membership| membership.organization_id == organization_id);
    found.ok_or(ApiError::NO_RELATION)
}

pub(super) async fn list(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let state = provider.state();
    state.organizations.get(&id).ok_or(ApiError::NOT_FOUND)?;
    let members = state.users.iter().filter_map(|user| {
        let mut shown = users::shown(user);
        shown["organizationRoles"] = organizations::roles(user.membership(&id)?);
        Some(shown)
    });
    let members: Vec<_> = members.collect();
    paging::page(&members, &params, &format!("/organizations/{id}/users"))
}

/// The strings in a field of the body that is a list.
fn strings<'a>(body: &'a Value, field: &str) -> Result<Vec<&'a str>, ApiError> {
    let Some(list) = body.get(field) else {
        return Ok(Vec::new());
    };
    let list = list.as_array().ok_or(ApiError::INVALID)?;
    list.iter()
        .map(|value| value.as_str().ok_or(ApiError::INVALID))
        .collect()
}

pub(super) async fn add(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    state.organizations.get(&id).ok_or(ApiError::NOT_FOUND)?;
    let ids = strings(&body, "userIds")?;
    if ids.is_empty() {
        return Err(ApiError::INVALID);
    }
    if ids.iter().any(|id| state.user(id).is_none()) {
        return Err(ApiError::NO_RELATION);
    }
    let mut added = Vec::new();
    for user in state.users.iter_mut().filter(|user| ids.contains(&user.id.as_str())) {
        if user.membership(&id).is_none() {
            user.memberships.push(Membership::of(&id));
            added.push(user.id.as_str());
        }
    }
    call.report_members(&provider, StatusCode::CREATED, &id, &added, &[]);
    // The body is the text `Created`, as Logto's.
    Ok(StatusCode::CREATED)
}

pub(super) async fn remove(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut state = provider.state();
    let user = state.users.iter_mut().find(|user| user.id == user_id);
    let user = user
        .filter(|user| user.membership(&id).is_some())
        .ok_or(ApiError::NOT_FOUND)?;
    user.memberships.retain(|membership| membership.organization_id != id);
    call.report_members(&provider, StatusCode::NO_CONTENT, &id, &[], &[&user_id]);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn assign_roles(
    State(provider): SharedProvider,
    _: Caller,
    Path((id, user_id)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let mut guard = provider.state();
    let state = &mut *guard;
    let mut names = Vec::new();
    for id in strings(&body, "organizationRoleIds")? {
        names.push(state.organizations.role_name(id).ok_or(ApiError::NO_RELATION)?);
    }
    for name in strings(&body, "organizationRoleNames")? {
        let exists = state.organizations.role(name).is_some();
        names.push(exists.then_some(name).ok_or(ApiError::NO_RELATION)?);
    }
    let mut membership = membership(state, &id, &user_id)?.clone();
    for name in &names {
        state.organizations.assign(&mut membership, name);
    }
    replace(state, &id, &user_id, membership)?;
    let ids: Vec<_> = names.into_iter().map(role_id).collect();
    Ok((StatusCode::CREATED, Json(json!({ "organizationRoleIds": ids }))))
}

pub(super) async fn remove_role(
    State(provider): SharedProvider,
    _: Caller,
    Path((id, user_id, role)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut guard = provider.state();
    let state = &mut *guard;
    let mut membership = membership(state, &id, &user_id)?.clone();
    let name = state.organizations.role_name(&role).ok_or(ApiError::NOT_FOUND)?;
    if !membership.roles.iter().any(|held| held == name) {
        return Err(ApiError::NOT_FOUND);
    }
    state.organizations.unassign(&mut membership, name);
    replace(state, &id, &user_id, membership)?;
    Ok(StatusCode::NO_CONTENT)
}

fn replace(state: &mut ProviderState, id: &str, user_id: &str, changed: Membership) -> Result<(), ApiError> {
    *membership(state, id, user_id)? = changed;
    Ok(())
}

pub(super) async fn scopes(
    State(provider): SharedProvider,
    _: Caller,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let mut state = provider.state();
    let scopes = membership(&mut state, &id, &user_id)?.permissions.iter();
    let scopes = scopes.map(|name| json!({ "tenantId": "default", "id": format!("scope_{name}"), "name": name }));
    Ok(Json(scopes.collect()))
}
