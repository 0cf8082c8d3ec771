//! Reading and verifying a webhook.

use std::error::Error as _;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Request},
};
use http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use logto::{Diagnose as _, WebhookEvent, WebhookSignature};

use crate::{logto::Logto, session::AuthSession, webhook::rejection::WebhookRejection};

/// A verified webhook of Logto, as an extractor for a handler of the app. It needs the layer, and
/// [`WebConfig::with_webhooks`](crate::WebConfig::with_webhooks).
///
/// The ready route reacts by itself, see [`WebhookConfig`](crate::WebhookConfig). A handler with
/// this extractor decides instead; [`Logto::react_to_webhook`] is the built-in reaction. It may see
/// a delivery more than once, so let its reaction be idempotent.
///
/// ```
/// use axum::{Router, extract::State, routing::post};
/// use logto_axum::{Logto, SessionError, Webhook, WebhookEventKind};
///
/// async fn receive(State(logto): State<Logto>, Webhook(event): Webhook) -> Result<(), SessionError> {
///     if let WebhookEventKind::UserDataUpdated { user_id } = event.kind() {
///         println!("{user_id} has a new name or email address");
///     }
///     logto.react_to_webhook(&event).await
/// }
///
/// let routes: Router<Logto> = Router::new().route("/events", post(receive));
/// ```
#[derive(Clone, Debug)]
pub struct Webhook(pub WebhookEvent);

impl<S: Sync> FromRequest<S> for Webhook {
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, WebhookRejection> {
        let Some(session) = request.extensions().get::<AuthSession>() else {
            Logto::report_missing_layer();
            return Err(WebhookRejection::LayerMissing);
        };
        let logto = session.logto().clone();
        logto.read_webhook(request).await.map(Self)
    }
}

impl Logto {
    /// Reads a webhook. The signature is verified before the content is read.
    pub(crate) async fn read_webhook(&self, request: Request) -> Result<WebhookEvent, WebhookRejection> {
        let event = self.try_read_webhook(request).await;
        event.inspect_err(|rejection| {
            tracing::warn!(code = rejection.code(), error = %rejection, "a webhook was rejected");
        })
    }

    async fn try_read_webhook(&self, request: Request) -> Result<WebhookEvent, WebhookRejection> {
        let web = &self.shared.web;
        let (Some(verifier), Some(config)) = (&web.webhooks, &web.config.webhooks) else {
            return Err(WebhookRejection::NotConfigured);
        };
        let signature = WebhookSignature::from_headers(request.headers())?;
        if !is_json(request.headers()) {
            return Err(WebhookRejection::ContentType);
        }
        let body = read(request.into_body(), config.body_limit).await?;
        Ok(verifier.verify(&signature, &body, self.client().now())?)
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, WebhookRejection> {
    to_bytes(body, limit).await.map_err(|error| {
        let is_too_large = error
            .source()
            .and_then(|source| source.downcast_ref::<LengthLimitError>())
            .is_some();
        if is_too_large {
            WebhookRejection::TooLarge
        } else {
            WebhookRejection::Incomplete
        }
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
