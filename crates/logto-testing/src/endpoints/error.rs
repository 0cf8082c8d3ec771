//! Error responses as Logto sends them: the two fields of `oidc-provider` and two of Logto's own.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An error response, RFC 6749 §5.2.
#[derive(Clone, Debug)]
pub(crate) struct OidcError {
    pub(crate) status: StatusCode,
    pub(crate) error: String,
    pub(crate) description: String,
    /// Logto's message for users.
    message: &'static str,
    /// The missing scope.
    scope: Option<String>,
    /// Whether the provider shows the error, although it could redirect to the callback.
    pub(crate) is_shown_here: bool,
}

impl OidcError {
    fn new(status: StatusCode, error: &str, description: &str, message: &'static str) -> Self {
        Self {
            status,
            error: error.to_owned(),
            description: description.to_owned(),
            message,
            scope: None,
            is_shown_here: false,
        }
    }

    pub(crate) fn with_status(status: u16, error: &str) -> Self {
        let status = StatusCode::from_u16(status).expect("the fault has a valid status");
        Self::new(status, error, "requested by the test", "Requested by the test.")
    }

    /// Unknown, expired, reused and revoked tokens and suspended users return the same error.
    pub(crate) fn invalid_grant() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "grant request is invalid",
            "Grant request is invalid.",
        )
    }

    pub(crate) fn invalid_target() -> Self {
        let description = "resource indicator is missing, or unknown";
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_target",
            description,
            "Invalid resource indicator.",
        )
    }

    /// The tenant's script for custom claims denies the token, with a text of its own.
    pub(crate) fn denied_by_script() -> Self {
        let description = "this user is blocked in the billing system";
        Self::new(StatusCode::BAD_REQUEST, "access_denied", description, "Access denied.")
    }

    /// The user may not use the application.
    pub(crate) fn application_denied() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "access_denied",
            "Access denied.",
            "Access denied.",
        )
    }

    pub(crate) fn not_a_member() -> Self {
        let description = "user is not a member of the organization";
        Self::new(StatusCode::FORBIDDEN, "access_denied", description, "Access denied.")
    }

    pub(crate) fn app_not_associated() -> Self {
        let description = "app has not associated with the organization";
        Self::new(StatusCode::FORBIDDEN, "access_denied", description, "Access denied.")
    }

    pub(crate) fn grant_not_allowed() -> Self {
        Self::invalid_request("requested grant type is not allowed for this client")
    }

    pub(crate) fn insufficient_scope(description: &str, scope: &str) -> Self {
        let error = Self::new(
            StatusCode::FORBIDDEN,
            "insufficient_scope",
            description,
            "Token missing scope.",
        );
        Self {
            scope: Some(scope.to_owned()),
            ..error
        }
    }

    pub(crate) fn invalid_scope(scope: &str) -> Self {
        let description = "refresh token missing requested scope";
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid_scope", description, "Invalid scope.");
        Self {
            scope: Some(scope.to_owned()),
            ..error
        }
    }

    pub(crate) fn client_authentication_failed() -> Self {
        let description = "client authentication failed";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            description,
            "Client authentication failed.",
        )
    }

    /// 400, not 401: Logto's adapter rejects the client before it is authenticated.
    pub(crate) fn unknown_client(id: &str) -> Self {
        let description = format!("invalid client {id}");
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_client",
            &description,
            "Invalid client.",
        )
    }

    pub(crate) fn invalid_request(description: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            description,
            "Request is invalid.",
        )
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::invalid_request(&format!("missing required parameter '{parameter}'"))
    }

    pub(crate) fn invalid_redirect_uri() -> Self {
        let description = "redirect_uri did not match any of the client's registered redirect_uris";
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_redirect_uri",
            description,
            "`redirect_uri` did not match.",
        )
    }

    pub(crate) fn unsupported_grant_type() -> Self {
        let description = "unsupported grant_type requested";
        Self::new(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            description,
            "Unsupported `grant_type` requested.",
        )
    }

    pub(crate) fn unsupported_token_type() -> Self {
        let description = "revocation of the presented token type is not supported";
        Self::new(
            StatusCode::BAD_REQUEST,
            "unsupported_token_type",
            description,
            "Unsupported token type.",
        )
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "invalid token provided",
            "Invalid token provided.",
        )
    }

    pub(crate) fn login_required() -> Self {
        Self::other("login_required", "End-User authentication is required")
    }

    /// An error that does not reach the callback.
    pub(crate) fn shown_here(status: u16, error: &str, description: &str) -> Self {
        let status = StatusCode::from_u16(status).expect("a constant of this crate");
        Self {
            is_shown_here: true,
            ..Self::new(status, error, description, "Request is invalid.")
        }
    }

    pub(crate) fn other(error: &str, description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description, "Request is invalid.")
    }
}

impl IntoResponse for OidcError {
    fn into_response(self) -> Response {
        // The codes of Logto's own errors name their area.
        let code = if self.error.contains('.') {
            self.error.clone()
        } else {
            format!("oidc.{}", self.error)
        };
        let mut body = json!({
            "code": code,
            "message": self.message,
            "error": self.error,
            "error_description": self.description,
        });
        if let Some(scope) = &self.scope {
            body["scope"] = json!(scope);
        }
        let mut response = (self.status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = match self.error.as_str() {
                "invalid_client" => "Basic realm=\"oidc\", error=\"invalid_client\"",
                _ => "Bearer realm=\"oidc\", error=\"invalid_token\"",
            };
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge.parse().unwrap());
        }
        // An interactive provider shows it on a page.
        response.extensions_mut().insert(self);
        response
    }
}
