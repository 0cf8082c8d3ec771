//! The reasons why a webhook is rejected, and their responses.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use logto::{Diagnose, Diagnosis, Fault, WebhookError};
use serde::Serialize;

/// The reason why a webhook was rejected.
///
/// The response is JSON with `code` and `message`, and contains nothing from the request. Logto
/// keeps it in the webhook's log in its console.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// The request did not pass through the layer. 500.
    #[error("the request did not pass through LogtoLayer; add `.layer(logto.layer())` after the route")]
    LayerMissing,
    /// There is no signing key. 500.
    #[error("the app has no signing key for webhooks; add one with `WebConfig::with_webhooks`")]
    NotConfigured,
    /// The content type is not JSON. 415.
    #[error("the content type of the webhook is not `application/json`")]
    ContentType,
    /// The body is larger than [`WebhookConfig::with_body_limit`](crate::WebhookConfig::with_body_limit)
    /// allows. 413.
    #[error("the webhook is too large; raise the limit with `WebhookConfig::with_body_limit`")]
    TooLarge,
    /// The connection has broken off. 400.
    #[error("the body of the webhook is incomplete")]
    Incomplete,
    /// The signature is invalid (401), or the body is no event, too old or in the future (400).
    #[error(transparent)]
    Invalid(#[from] WebhookError),
}

impl WebhookRejection {
    fn status(&self) -> StatusCode {
        use WebhookError::{Signature, SignatureMalformed, SignatureMissing};
        match self {
            Self::LayerMissing | Self::NotConfigured => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(Signature | SignatureMalformed | SignatureMissing) => StatusCode::UNAUTHORIZED,
            Self::Incomplete | Self::Invalid(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl Diagnose for WebhookRejection {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::LayerMissing => Diagnosis::new("layer_missing", Fault::Configuration),
            Self::NotConfigured => Diagnosis::new("webhook_not_configured", Fault::Configuration),
            Self::ContentType => Diagnosis::new("webhook_content_type", Fault::Mismatch),
            Self::TooLarge => Diagnosis::new("webhook_too_large", Fault::Mismatch),
            Self::Incomplete => Diagnosis::new("webhook_incomplete", Fault::Mismatch),
            Self::Invalid(error) => error.diagnosis(),
        }
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        respond(self.status(), self.code(), self.to_string())
    }
}

/// A response with the code and the text of an error.
pub(crate) fn respond(status: StatusCode, code: &'static str, message: String) -> Response {
    #[derive(Serialize)]
    struct Body {
        code: &'static str,
        message: String,
    }
    (status, NO_STORE, Json(Body { code, message })).into_response()
}

pub(crate) const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
