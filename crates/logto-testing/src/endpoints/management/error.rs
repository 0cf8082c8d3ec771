//! Errors of `/api`: a code, a message and details.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An error, by Logto's code.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApiError(pub(super) StatusCode, pub(super) &'static str);

impl ApiError {
    pub(super) const NO_HEADER: Self = Self(StatusCode::UNAUTHORIZED, "auth.authorization_header_missing");
    pub(super) const UNAUTHORIZED: Self = Self(StatusCode::UNAUTHORIZED, "auth.unauthorized");
    pub(super) const FORBIDDEN: Self = Self(StatusCode::FORBIDDEN, "auth.forbidden");
    pub(super) const INVALID: Self = Self(StatusCode::BAD_REQUEST, "guard.invalid_input");
    pub(super) const NOT_FOUND: Self = Self(StatusCode::NOT_FOUND, "entity.not_found");
    /// An unknown id, by another code of Logto's.
    pub(super) const NO_SUCH_ID: Self = Self(StatusCode::NOT_FOUND, "entity.not_exists_with_id");
    /// An unknown id of what should change.
    pub(super) const NOT_UPDATED: Self = Self(StatusCode::NOT_FOUND, "entity.not_exists");
    pub(super) const MISSING_EVENTS: Self = Self(StatusCode::BAD_REQUEST, "hook.missing_events");
    pub(super) const REACTIVATION: Self = Self(StatusCode::BAD_REQUEST, "one_time_token.cannot_reactivate_token");
    pub(super) const NOT_UNIQUE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "entity.unique_integrity_violation");
    pub(super) const NO_RELATION: Self = Self(
        StatusCode::UNPROCESSABLE_ENTITY,
        "entity.relation_foreign_key_not_found",
    );
    pub(super) const INVALID_INPUT: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "request.invalid_input");
    /// `expiresAt` is not in the future.
    pub(super) const PAST: Self = Self(StatusCode::BAD_REQUEST, "request.invalid_input");
    pub(super) const NAME_EXISTS: Self = Self(
        StatusCode::UNPROCESSABLE_ENTITY,
        "user.personal_access_token_name_exists",
    );
    pub(super) const NO_CONNECTOR: Self = Self(StatusCode::NOT_IMPLEMENTED, "connector.not_found");
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "code": self.1,
            "message": "Requested entity or operation is not available.",
            "data": { "status": self.0.as_u16() },
        });
        (self.0, Json(body)).into_response()
    }
}
