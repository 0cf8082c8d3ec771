//! Errors of `/api`: a code and a message.

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
    pub(super) const UNAUTHORIZED: Self = Self(StatusCode::UNAUTHORIZED, "auth.unauthorized");
    pub(super) const NO_HEADER: Self = Self(StatusCode::UNAUTHORIZED, "auth.authorization_header_missing");
    pub(super) const FORBIDDEN: Self = Self(StatusCode::FORBIDDEN, "auth.forbidden");
    pub(super) const NOT_ENABLED: Self = Self(StatusCode::BAD_REQUEST, "account_center.not_enabled");
    pub(super) const NOT_READABLE: Self = Self(StatusCode::BAD_REQUEST, "account_center.field_not_enabled");
    pub(super) const NOT_EDITABLE: Self = Self(StatusCode::BAD_REQUEST, "account_center.field_not_editable");
    pub(super) const NOT_VERIFIED: Self = Self(StatusCode::UNAUTHORIZED, "verification_record.permission_denied");
    /// `PATCH /my-account` answers 400 for a missing scope.
    pub(super) const NO_SCOPE_TO_EDIT: Self = Self(StatusCode::BAD_REQUEST, "auth.unauthorized");
    pub(super) const INVALID_INPUT: Self = Self(StatusCode::BAD_REQUEST, "guard.invalid_input");
    pub(super) const WRONG_PASSWORD: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "session.invalid_credentials");
    pub(super) const WEAK_PASSWORD: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "password.rejected");
    pub(super) const USERNAME_IN_USE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "user.username_already_in_use");
    pub(super) const NO_CONNECTOR: Self = Self(StatusCode::NOT_IMPLEMENTED, "connector.not_found");
    pub(super) const NO_SESSION: Self = Self(StatusCode::BAD_REQUEST, "oidc.session_not_found");
    pub(super) const NO_ENTITY: Self = Self(StatusCode::NOT_FOUND, "entity.not_found");
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.1, "message": "Requested entity or operation is not available." });
        (self.0, Json(body)).into_response()
    }
}
