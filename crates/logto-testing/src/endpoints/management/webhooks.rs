//! Webhooks of the tenant.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError, paging};
use crate::{
    provider::{SharedProvider, Webhook, WebhookFields, new_signing_key},
    requests::Params,
};

/// The events that a webhook can ask for, also those that this provider never reports.
const EVENTS: [&str; 29] = [
    "PostRegister",
    "PostSignIn",
    "PostResetPassword",
    "PostSignInAdaptiveMfaTriggered",
    "User.Created",
    "User.Deleted",
    "User.Data.Updated",
    "User.SuspensionStatus.Updated",
    "Role.Created",
    "Role.Deleted",
    "Role.Data.Updated",
    "Role.Scopes.Updated",
    "Scope.Created",
    "Scope.Deleted",
    "Scope.Data.Updated",
    "Organization.Created",
    "Organization.Deleted",
    "Organization.Data.Updated",
    "Organization.Membership.Updated",
    "OrganizationRole.Created",
    "OrganizationRole.Deleted",
    "OrganizationRole.Data.Updated",
    "OrganizationRole.Scopes.Updated",
    "OrganizationScope.Created",
    "OrganizationScope.Deleted",
    "OrganizationScope.Data.Updated",
    "Identifier.Lockout",
    "Message.RateLimited",
    "Grant.LimitExceeded",
];

const MAX_NAME: usize = 256;

/// The known fields of a body, as Logto accepts them.
fn checked(body: &Value) -> Result<WebhookFields, ApiError> {
    let fields = WebhookFields::deserialize(body).map_err(|_| ApiError::INVALID)?;
    let is_name = |name: &String| !name.is_empty() && name.encode_utf16().count() <= MAX_NAME;
    let is_event = |event: &String| EVENTS.contains(&event.as_str());
    let has_events = |events: &Vec<String>| !events.is_empty() && events.iter().all(is_event);
    let retries = fields.config.as_ref().and_then(|config| config.retries);
    let is_valid = fields.name.as_ref().is_none_or(is_name)
        && fields.event.as_ref().is_none_or(is_event)
        && fields.events.as_ref().is_none_or(has_events)
        && retries.is_none_or(|retries| retries <= 3);
    is_valid.then_some(fields).ok_or(ApiError::INVALID)
}

/// Lists the webhooks, in pages only if the query asks for it.
pub(super) async fn list(
    State(provider): SharedProvider,
    _: Caller,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let all = provider.webhooks.list();
    if params.get("page").is_none() && params.get("page_size").is_none() {
        return Ok(Json(all).into_response());
    }
    let all: Vec<_> = all.iter().map(|webhook| json!(webhook)).collect();
    paging::page(&all, &params, "/hooks")
}

pub(super) async fn create(
    State(provider): SharedProvider,
    _: Caller,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Webhook>), ApiError> {
    let mut fields = checked(&body)?;
    let config = fields.config.take().ok_or(ApiError::INVALID)?;
    if fields.events.is_none() && fields.event.is_none() {
        return Err(ApiError::MISSING_EVENTS);
    }
    let webhook = Webhook::new(config, new_signing_key(), provider.now()).with(fields);
    provider.webhooks.add(webhook.clone());
    Ok((StatusCode::CREATED, Json(webhook)))
}

pub(super) async fn show(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Webhook>, ApiError> {
    provider.webhooks.get(&id).map(Json).ok_or(ApiError::NO_SUCH_ID)
}

pub(super) async fn update(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Json<Webhook>, ApiError> {
    let fields = checked(&body)?;
    let updated = provider.webhooks.update(&id, fields);
    updated.map(Json).ok_or(ApiError::NOT_UPDATED)
}

pub(super) async fn renew_key(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Webhook>, ApiError> {
    provider.webhooks.renew_key(&id).map(Json).ok_or(ApiError::NOT_UPDATED)
}

pub(super) async fn delete(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let was_there = provider.webhooks.remove(&id);
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(ApiError::NOT_FOUND)
}
