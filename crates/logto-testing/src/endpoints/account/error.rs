//! Errors of `/api`: a code and a message.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::provider::VerificationRefusal;

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
    /// Some calls answer 400 for a missing scope.
    pub(super) const NO_SCOPE_TO_EDIT: Self = Self(StatusCode::BAD_REQUEST, "auth.unauthorized");
    pub(super) const INVALID_INPUT: Self = Self(StatusCode::BAD_REQUEST, "guard.invalid_input");
    pub(super) const WRONG_PASSWORD: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "session.invalid_credentials");
    pub(super) const WEAK_PASSWORD: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "password.rejected");
    pub(super) const USERNAME_IN_USE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "user.username_already_in_use");
    pub(super) const NO_CONNECTOR: Self = Self(StatusCode::NOT_IMPLEMENTED, "connector.not_found");
    pub(super) const EMAIL_IN_USE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "user.email_already_in_use");
    pub(super) const PHONE_IN_USE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "user.phone_already_in_use");
    pub(super) const LAST_IDENTIFIER: Self = Self(StatusCode::BAD_REQUEST, "user.last_sign_in_method_required");
    /// Another user has linked the account.
    pub(super) const IDENTITY_IN_USE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "user.identity_already_in_use");
    /// The user has linked another account of the connector.
    pub(super) const IDENTITY_EXISTS: Self = Self(StatusCode::BAD_REQUEST, "user.identity_already_in_use");
    pub(super) const NO_IDENTITY: Self = Self(StatusCode::NOT_FOUND, "user.identity_not_exist");
    pub(super) const NO_SUCH_CONNECTOR: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "session.invalid_connector_id");
    pub(super) const CONNECTOR_FAILED: Self = Self(StatusCode::BAD_REQUEST, "connector.general");
    pub(super) const NO_CONNECTOR_TOKEN: Self =
        Self(StatusCode::NOT_FOUND, "secrets.third_party_token_set.token_not_found");
    pub(super) const CONNECTOR_TOKEN_EXPIRED: Self = Self(
        StatusCode::UNAUTHORIZED,
        "secrets.third_party_token_set.access_token_expired",
    );
    pub(super) const NO_RECORD: Self = Self(StatusCode::BAD_REQUEST, "verification_record.not_found");
    pub(super) const TOTP_IN_USE: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "user.totp_already_in_use");
    pub(super) const INVALID_TOTP_SECRET: Self = Self(StatusCode::BAD_REQUEST, "user.totp_secret_invalid");
    pub(super) const INVALID_TOTP_CODE: Self = Self(StatusCode::BAD_REQUEST, "session.mfa.invalid_totp_code");
    pub(super) const BACKUP_CODES_IN_USE: Self =
        Self(StatusCode::UNPROCESSABLE_ENTITY, "user.backup_code_already_in_use");
    pub(super) const BACKUP_CODES_ALONE: Self = Self(
        StatusCode::UNPROCESSABLE_ENTITY,
        "session.mfa.backup_code_can_not_be_alone",
    );
    pub(super) const INVALID_BACKUP_CODES: Self =
        Self(StatusCode::UNPROCESSABLE_ENTITY, "user.wrong_backup_code_format");
    pub(super) const FACTOR_NOT_ENABLED: Self = Self(StatusCode::BAD_REQUEST, "session.mfa.mfa_factor_not_enabled");
    /// The session of another user.
    pub(super) const FOREIGN_SESSION: Self = Self(StatusCode::BAD_REQUEST, "oidc.invalid_session_account_id");
    pub(super) const NO_SESSION: Self = Self(StatusCode::BAD_REQUEST, "oidc.session_not_found");
    pub(super) const NO_GRANT: Self = Self(StatusCode::NOT_FOUND, "oidc.invalid_grant");
}

impl From<VerificationRefusal> for ApiError {
    fn from(VerificationRefusal(code): VerificationRefusal) -> Self {
        Self(StatusCode::BAD_REQUEST, code)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.1, "message": "Requested entity or operation is not available." });
        (self.0, Json(body)).into_response()
    }
}
