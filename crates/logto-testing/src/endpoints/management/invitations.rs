//! Invitations to organizations.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{call::Call, caller::Caller, error::ApiError};
use crate::{
    config::{Membership, is_email},
    provider::{Invitation, InvitationStatus, ProviderState, SharedProvider},
    random,
    requests::Params,
};

fn shown(invitation: &Invitation, state: &ProviderState, now: u64) -> Value {
    let roles = invitation.role_ids.iter().filter_map(|id| {
        let name = state.organizations.role_name(id)?;
        Some(json!({ "id": id, "name": name }))
    });
    json!({
        "tenantId": "default",
        "id": invitation.id,
        "organizationId": invitation.organization_id,
        "invitee": invitation.invitee,
        "inviterId": invitation.inviter_id,
        "acceptedUserId": invitation.accepted_user_id,
        "status": invitation.status(now).name(),
        "expiresAt": invitation.expires_at,
        "organizationRoles": roles.collect::<Vec<_>>(),
    })
}

pub(super) async fn create(
    State(provider): SharedProvider,
    _: Caller,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let now = provider.now();
    let mut state = provider.state();
    let text = |field: &str| body[field].as_str().map(str::to_owned).ok_or(ApiError::INVALID);
    let (organization_id, invitee) = (text("organizationId")?, text("invitee")?);
    let expires_at = body["expiresAt"].as_u64().filter(|_| is_email(&invitee));
    let expires_at = expires_at.ok_or(ApiError::INVALID)?;
    if expires_at <= now * 1000 {
        return Err(ApiError::PAST);
    }
    state.organizations.get(&organization_id).ok_or(ApiError::NO_RELATION)?;
    let is_invitee = |email: &Option<String>| email.as_deref() == Some(invitee.as_str());
    let mut users = state.users.iter();
    if users.any(|user| is_invitee(&user.email) && user.membership(&organization_id).is_some()) {
        return Err(ApiError::INVALID_INPUT);
    }
    let is_same = |other: &Invitation| {
        other.organization_id == organization_id
            && other.invitee == invitee
            && other.status(now) == InvitationStatus::Pending
    };
    if state.organizations.invitations.iter().any(is_same) {
        return Err(ApiError::NOT_UNIQUE);
    }
    let mut invitation = Invitation::new(random::id(), organization_id.clone(), invitee.clone(), expires_at);
    invitation.inviter_id = body["inviterId"].as_str().map(str::to_owned);
    for id in body["organizationRoleIds"].as_array().into_iter().flatten() {
        let id = id.as_str().ok_or(ApiError::INVALID)?;
        state.organizations.role_name(id).ok_or(ApiError::NO_RELATION)?;
        invitation.role_ids.push(id.to_owned());
    }
    // The tenant has no email connector.
    if !matches!(body.get("messagePayload"), None | Some(Value::Bool(false))) {
        return Err(ApiError::NO_CONNECTOR);
    }
    let answer = shown(&invitation, &state, now);
    state.organizations.invitations.push(invitation);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Lists the invitations, or those to one organization. Like Logto's, the list has no pages.
pub(super) async fn list(
    State(provider): SharedProvider,
    _: Caller,
    Extension(params): Extension<Params>,
) -> Json<Value> {
    let state = provider.state();
    let organization_id = params.get("organizationId");
    let is_listed = |it: &&Invitation| organization_id.is_none_or(|id| it.organization_id == id);
    let listed = state.organizations.invitations.iter().filter(is_listed);
    Json(listed.map(|it| shown(it, &state, provider.now())).collect())
}

pub(super) async fn show(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = provider.state();
    let mut all = state.organizations.invitations.iter();
    let invitation = all.find(|invitation| invitation.id == id).ok_or(ApiError::NOT_FOUND)?;
    Ok(Json(shown(invitation, &state, provider.now())))
}

pub(super) async fn set_status(
    State(provider): SharedProvider,
    _: Caller,
    call: Call,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, ApiError> {
    let now = provider.now();
    let mut guard = provider.state();
    let state = &mut *guard;
    let mut all = state.organizations.invitations.iter();
    let mut invitation = all
        .find(|invitation| invitation.id == id)
        .cloned()
        .ok_or(ApiError::NOT_FOUND)?;
    if invitation.status(now) != InvitationStatus::Pending {
        return Err(ApiError::INVALID_INPUT);
    }
    match (body["status"].as_str(), body["acceptedUserId"].as_str()) {
        (Some("Revoked"), _) => invitation.set_status(InvitationStatus::Revoked),
        (Some("Accepted"), Some(user_id)) => {
            let user = state.users.iter_mut().find(|user| user.id == user_id);
            let user = user.filter(|user| user.has_email(&invitation.invitee));
            let user = user.ok_or(ApiError::INVALID_INPUT)?;
            let mut membership = Membership::of(&invitation.organization_id);
            for role in &invitation.role_ids {
                if let Some(name) = state.organizations.role_name(role) {
                    state.organizations.assign(&mut membership, name);
                }
            }
            user.memberships.push(membership);
            call.report_members(&provider, StatusCode::OK, &invitation.organization_id, &[user_id], &[]);
            invitation.accepted_user_id = Some(user_id.to_owned());
            invitation.set_status(InvitationStatus::Accepted);
        }
        _ => return Err(ApiError::INVALID),
    }
    let answer = shown(&invitation, state, now);
    let mut all = state.organizations.invitations.iter_mut();
    if let Some(stored) = all.find(|stored| stored.id == id) {
        *stored = invitation;
    }
    Ok(Json(answer))
}

pub(super) async fn send(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let state = provider.state();
    let exists = state
        .organizations
        .invitations
        .iter()
        .any(|invitation| invitation.id == id);
    // The tenant has no email connector.
    Err(if exists {
        ApiError::NO_CONNECTOR
    } else {
        ApiError::NOT_FOUND
    })
}
