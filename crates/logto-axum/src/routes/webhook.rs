//! `POST /webhook`: Logto reports an event of the tenant.
//!
//! The request comes from a server, without cookies or origin. Only its signature authenticates it.

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use logto::{Diagnose as _, WebhookEvent, telemetry::Outcome};
use tracing::{Instrument as _, Span};

use crate::{
    error::SessionError,
    logto::Logto,
    observe::operation,
    webhook::rejection::{NO_STORE, respond},
};

/// Reacts in a separate task: Logto closes the connection after ten seconds and, up to 1.42, does
/// not retry, so the reaction has to continue without the connection.
pub(crate) async fn receive(logto: Logto, request: Request) -> Response {
    let event = match logto.read_webhook(request).await {
        Ok(event) => event,
        Err(rejection) => return rejection.into_response(),
    };
    let span = operation!("logto.webhook");
    let work = async move { answer(&logto, event).await };
    let task = tokio::spawn(work.instrument(span));
    task.await
        .unwrap_or_else(|_| (StatusCode::INTERNAL_SERVER_ERROR, NO_STORE).into_response())
}

async fn answer(logto: &Logto, event: WebhookEvent) -> Response {
    let reacted = react(logto, &event).await;
    Outcome::from_code(reacted.as_ref().err().map(Failure::code)).record_in(&Span::current());
    match reacted {
        Ok(()) => {
            tracing::info!(event = event.name(), "a webhook was received");
            (StatusCode::NO_CONTENT, NO_STORE).into_response()
        }
        Err(failure) => {
            tracing::warn!(code = failure.code(), error = %failure, event = event.name(), "a webhook failed");
            respond(failure.status(), failure.code(), failure.to_string())
        }
    }
}

async fn react(logto: &Logto, event: &WebhookEvent) -> Result<(), Failure> {
    let deny_list = &logto.shared.deny_list;
    // While the store is down, the reaction is repeated rather than lost.
    if matches!(deny_list.has_seen_webhook(event).await, Ok(true)) {
        tracing::info!(event = event.name(), "a webhook was delivered again");
        return Ok(());
    }
    let reaction = logto.react_to_webhook(event).await;
    let was_handled = logto.on_webhook(event.clone()).await;
    reaction?;
    if !was_handled {
        return Err(Failure::Hook);
    }
    // Last, so that the same webhook may be sent again if something failed.
    if let Err(error) = deny_list.use_up_webhook(event).await {
        tracing::warn!(
            code = error.code(),
            "a repeated delivery of a webhook would not be recognized"
        );
    }
    Ok(())
}

/// The reason why a verified webhook failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(
        "{0}. Logto may not send the event again, so this process tries again until it exits, unless the log says that its list is full"
    )]
    Reaction(#[from] SessionError),
    #[error("the hook `on_webhook` of the app failed; its log has the reason")]
    Hook,
}

impl Failure {
    fn code(&self) -> &'static str {
        match self {
            Self::Reaction(error) => error.code(),
            Self::Hook => "webhook_hook_failed",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Reaction(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Hook => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
