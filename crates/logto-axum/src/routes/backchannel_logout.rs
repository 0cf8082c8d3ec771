//! `POST /backchannel-logout`: the provider reports that a user has signed out there (OIDC
//! Back-Channel Logout 1.0 §2.5 to §2.8).
//!
//! The request comes from a server, without cookies or origin. Only the logout token authenticates
//! it.

use axum::{
    Form, Json,
    extract::rejection::FormRejection,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use logto::{
    Diagnose as _, LogoutTarget, LogoutTokenError, VerifiedLogoutToken,
    session::{LogoutMark, store::StoreError},
    telemetry::Outcome,
};
use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, Span};

use crate::{
    hooks::session_end::{SessionEndEvent, SessionEndReason},
    logto::Logto,
    observe::operation,
};

#[derive(Deserialize)]
pub(crate) struct LogoutForm {
    logout_token: String,
}

/// Runs in a separate task: Logto closes the connection after 2.5 seconds and does not retry, so
/// the logout has to continue without the connection.
pub(crate) async fn receive(logto: Logto, form: Result<Form<LogoutForm>, FormRejection>) -> Response {
    let span = operation!("logto.backchannel_logout");
    let work = async move { answer(&logto, form).await };
    let task = tokio::spawn(work.instrument(span));
    task.await
        .unwrap_or_else(|_| (StatusCode::INTERNAL_SERVER_ERROR, NO_STORE).into_response())
}

async fn answer(logto: &Logto, form: Result<Form<LogoutForm>, FormRejection>) -> Response {
    let outcome = log_out(logto, form).await;
    report(outcome.as_ref());
    Outcome::from_code(outcome.as_ref().err().map(Refusal::code)).record_in(&Span::current());
    match outcome {
        Ok(_) => (StatusCode::OK, NO_STORE).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn report(outcome: Result<&LogoutTarget, &Refusal>) {
    match outcome {
        Ok(LogoutTarget::Session { .. }) => tracing::info!(kind = "session", "signed out by the provider"),
        Ok(LogoutTarget::User(_)) => tracing::info!(kind = "user", "signed out by the provider"),
        Err(refusal) => {
            tracing::warn!(code = refusal.code(), error = %refusal, "a back-channel logout failed");
        }
    }
}

/// Required by §2.8.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

async fn log_out(logto: &Logto, form: Result<Form<LogoutForm>, FormRejection>) -> Result<LogoutTarget, Refusal> {
    let Form(form) = form.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::Form,
    })?;
    let token = match logto.client().verify_logout_token(&form.logout_token).await {
        Err(error) if error.is_transient() => return Err(retry(logto, form.logout_token, error).await),
        verified => verified?,
    };
    end_sessions(logto, &token, None).await?;
    Ok(token.target().clone())
}

/// Keeps a token until its signature can be verified, and ends the sessions then. If too many
/// tokens wait already, the token is rejected.
async fn retry(logto: &Logto, token: String, error: LogoutTokenError) -> Refusal {
    let Some(place) = logto.shared.unverified_logouts.admit() else {
        return Refusal::Token(error);
    };
    // A user who signs in again before the token is verified stays signed in, unless the deny list
    // is unavailable too.
    let received = logto.shared.deny_list.number_logout().await.ok();
    let logto = logto.clone();
    tokio::spawn(async move {
        let outcome = async {
            let token = logto.client().verify_logout_token_later(&token).await?;
            end_sessions(&logto, &token, received).await?;
            Ok(token.target().clone())
        };
        report(outcome.await.as_ref());
        drop(place);
    });
    Refusal::Retried(error)
}

/// Ends the sessions that a token names. With `received`, only those that had begun by then.
async fn end_sessions(logto: &Logto, token: &VerifiedLogoutToken, received: Option<LogoutMark>) -> Result<(), Refusal> {
    let deny_list = &logto.shared.deny_list;
    let denied = match (deny_list.has_seen(token).await, received) {
        (Ok(true), _) => return Err(Refusal::Replayed),
        (Ok(false), None) => deny_list.deny(token.target()).await,
        (Ok(false), Some(received)) => deny_list.deny_before(token.target(), received).await,
        (Err(error), _) => Err(error),
    };
    let tell_app = || {
        let event = || SessionEndEvent::of_target(SessionEndReason::BackChannelLogout, token.target());
        logto.session_ended(event);
    };
    // The provider may retry, but Logto does not.
    denied.map_err(|error| {
        if deny_list.deny_later(token.target()) {
            tell_app();
            Refusal::Delayed(error)
        } else {
            Refusal::Store(error)
        }
    })?;
    // The store cannot distinguish later sessions from earlier ones, but the deny list can.
    if received.is_none() {
        logto.delete_stored(token.target()).await;
    }
    // Last, so that the provider may send the same token again if something failed.
    if !deny_list.use_up(token).await? {
        return Err(Refusal::Replayed);
    }
    tell_app();
    Ok(())
}

/// The reason why a logout failed. §2.8 has the same status, 400, for an invalid request and a
/// failed logout. A replayed token is an invalid request (§2.6 step 8).
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the request is not a form with one `logout_token`")]
    Form,
    #[error("the request is too large")]
    TooLarge,
    #[error(transparent)]
    Token(#[from] LogoutTokenError),
    #[error("{0}. This process keeps the logout token, and tries again until it expires")]
    Retried(LogoutTokenError),
    #[error("the logout token was used before")]
    Replayed,
    #[error(
        "{0}. This process keeps the logout, and ends the sessions for all processes when the store is available again"
    )]
    Delayed(StoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "logout_request_malformed",
            Self::TooLarge => "logout_request_too_large",
            Self::Token(error) | Self::Retried(error) => error.code(),
            Self::Replayed => "logout_token_replayed",
            Self::Delayed(error) | Self::Store(error) => error.code(),
        }
    }

    fn is_server_error(&self) -> bool {
        matches!(
            self,
            Self::Delayed(_) | Self::Retried(_) | Self::Store(_) | Self::Token(LogoutTokenError::Keys(_))
        )
    }
}

/// The JSON body. It contains nothing from the request.
#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: String,
    /// The stable code of the error.
    code: &'static str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = Body {
            error: if self.is_server_error() {
                "server_error"
            } else {
                "invalid_request"
            },
            error_description: self.to_string(),
            code: self.code(),
        };
        (status, NO_STORE, Json(body)).into_response()
    }
}
