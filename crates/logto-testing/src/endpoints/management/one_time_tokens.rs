//! One-time tokens of magic links.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError, paging};
use crate::{
    provider::{ONE_TIME_TOKEN_LIFETIME, OneTimeToken, SharedProvider, TokenContext, TokenRefusal, TokenStatus},
    requests::Params,
};

fn shown(token: &OneTimeToken, now: u64) -> Value {
    json!({
        "tenantId": "default",
        "id": token.id,
        "email": token.email,
        "token": token.value,
        "context": token.context,
        "status": token.status(now),
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
    })
}

/// Like Logto, accepts any text as an address.
pub(super) async fn create(
    State(provider): SharedProvider,
    _: Caller,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let email = body["email"]
        .as_str()
        .filter(|email| !email.is_empty())
        .ok_or(ApiError::INVALID)?;
    let lifetime = match body.get("expiresIn") {
        Some(seconds) => seconds
            .as_u64()
            .filter(|&seconds| seconds > 0)
            .ok_or(ApiError::INVALID)?,
        None => ONE_TIME_TOKEN_LIFETIME,
    };
    let context = match body.get("context") {
        Some(context) => TokenContext::deserialize(context).map_err(|_| ApiError::INVALID)?,
        None => TokenContext::default(),
    };
    let now = provider.now();
    let created = provider.state().one_time_tokens.create(email, lifetime, context, now);
    Ok((StatusCode::CREATED, Json(shown(&created, now))))
}

pub(super) async fn list(
    State(provider): SharedProvider,
    _: Caller,
    Extension(params): Extension<Params>,
) -> Result<Response, ApiError> {
    let now = provider.now();
    let (email, status) = (params.get("email"), params.get("status"));
    let state = provider.state();
    let all = state.one_time_tokens.all().map(|token| shown(token, now));
    let is_listed = |token: &Value| {
        email.is_none_or(|email| token["email"] == email) && status.is_none_or(|status| token["status"] == status)
    };
    let listed: Vec<_> = all.filter(is_listed).collect();
    paging::page(&listed, &params, "/one-time-tokens")
}

pub(super) async fn show(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = provider.state();
    let token = state.one_time_tokens.get(&id).ok_or(ApiError::NO_SUCH_ID)?;
    Ok(Json(shown(token, provider.now())))
}

pub(super) async fn delete(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let was_there = provider.state().one_time_tokens.remove(&id);
    was_there.then_some(StatusCode::NO_CONTENT).ok_or(ApiError::NOT_FOUND)
}

/// Uses a token up, for an app that signs users in by itself.
pub(super) async fn verify(
    State(provider): SharedProvider,
    _: Caller,
    Json(body): Json<Value>,
) -> Result<Json<Value>, ApiError> {
    let text = |field: &str| body[field].as_str().ok_or(ApiError::INVALID);
    let now = provider.now();
    let mut state = provider.state();
    let token = state.one_time_tokens.consume(text("token")?, text("email")?, now)?;
    Ok(Json(shown(token, now)))
}

pub(super) async fn set_status(
    State(provider): SharedProvider,
    _: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, ApiError> {
    let status = TokenStatus::deserialize(&body["status"]).map_err(|_| ApiError::INVALID)?;
    let mut state = provider.state();
    state.one_time_tokens.get(&id).ok_or(ApiError::NO_SUCH_ID)?;
    if status == TokenStatus::Active {
        return Err(ApiError::REACTIVATION);
    }
    let token = state
        .one_time_tokens
        .set_status(&id, status)
        .ok_or(ApiError::NO_SUCH_ID)?;
    Ok(Json(shown(token, provider.now())))
}

impl From<TokenRefusal> for ApiError {
    fn from(refusal: TokenRefusal) -> Self {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        Self(status, refusal.code)
    }
}
