//! `POST /backchannel-logout`: the provider says that somebody has signed out there (OIDC Back-Channel Logout 1.0 §2.5 to §2.8).
//!
//! No browser takes part: there is no cookie, no origin, nothing to protect but what the token proves.

use axum::{
    Form, Json,
    extract::rejection::FormRejection,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use logto::{Diagnose as _, LogoutTarget, LogoutTokenError, session::store::StoreError};
use serde::{Deserialize, Serialize};

use crate::logto::Logto;

#[derive(Deserialize)]
pub(crate) struct LogoutForm {
    logout_token: String,
}

/// Works in a task of its own: Logto waits 2.5 seconds and does not send it again, so that a connection it closes
/// must not end the work.
pub(crate) async fn receive(logto: Logto, form: Result<Form<LogoutForm>, FormRejection>) -> Response {
    let task = tokio::spawn(async move { answer(&logto, form).await });
    task.await
        .unwrap_or_else(|_| (StatusCode::INTERNAL_SERVER_ERROR, NO_STORE).into_response())
}

async fn answer(logto: &Logto, form: Result<Form<LogoutForm>, FormRejection>) -> Response {
    match end_sessions(logto, form).await {
        Ok(target) => {
            let kind = match target {
                LogoutTarget::Session { .. } => "session",
                LogoutTarget::User(_) => "user",
            };
            tracing::info!(kind, "signed out by the provider");
            (StatusCode::OK, NO_STORE).into_response()
        }
        Err(refusal) => {
            tracing::warn!(code = refusal.code(), error = %refusal, "a back-channel logout did not succeed");
            refusal.into_response()
        }
    }
}

/// §2.8: no cache may answer for the next one.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

async fn end_sessions(logto: &Logto, form: Result<Form<LogoutForm>, FormRejection>) -> Result<LogoutTarget, Refusal> {
    let Form(form) = form.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::Form,
    })?;
    let token = logto.client().verify_logout_token(&form.logout_token).await?;
    let deny_list = &logto.shared.deny_list;
    let denied = match deny_list.has_seen(&token).await {
        Ok(true) => return Err(Refusal::Replayed),
        Ok(false) => deny_list.deny(token.target()).await,
        Err(error) => Err(error),
    };
    // It may be sent again, but Logto does not do that.
    denied.map_err(|error| {
        if deny_list.deny_later(token.target()) {
            Refusal::Delayed(error)
        } else {
            Refusal::Store(error)
        }
    })?;
    delete(logto, token.target()).await;
    // After the deed: when that fails, the provider may send the same token again.
    if !deny_list.use_up(&token).await? {
        return Err(Refusal::Replayed);
    }
    Ok(token.target().clone())
}

/// Deletes the sessions from the store. The notes end those that stay there, and those in cookies.
async fn delete(logto: &Logto, target: &LogoutTarget) {
    let Some(stored) = &logto.shared.stored else { return };
    let store = stored.store();
    let deleted = async {
        match target {
            LogoutTarget::Session { sid, sub } => {
                store.delete_by_sid(sid).await?;
                if let Some(sub) = sub {
                    store.delete_by_sub_without_sid(sub).await?;
                }
            }
            LogoutTarget::User(sub) => {
                store.delete_by_sub(sub).await?;
            }
        }
        Ok::<_, StoreError>(())
    };
    if let Err(error) = deleted.await {
        tracing::warn!(
            code = error.code(),
            "sessions that were signed out by the provider could not be deleted; they have ended all the same"
        );
    }
}

/// Why it was not done. §2.8 has one status for a request that is not valid and for a logout that failed; a token
/// that was used before is among the first (§2.6 step 8 is a step of the validation, and "if any of the validation
/// steps fails" the answer is 400).
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the request is no form with one `logout_token`")]
    Form,
    #[error("the request is too large")]
    TooLarge,
    #[error(transparent)]
    Token(#[from] LogoutTokenError),
    #[error("the logout token was used before")]
    Replayed,
    #[error("{0}. This process keeps the logout, and ends the sessions for all processes when the store is back")]
    Delayed(StoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "logout_request_malformed",
            Self::TooLarge => "logout_request_too_large",
            Self::Token(error) => error.code(),
            Self::Replayed => "logout_token_replayed",
            Self::Delayed(error) | Self::Store(error) => error.code(),
        }
    }

    fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::Delayed(_) | Self::Store(_) | Self::Token(LogoutTokenError::Keys(_))
        )
    }
}

/// All of it is our own text.
#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: String,
    /// The stable code.
    code: &'static str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = Body {
            error: if self.is_ours() {
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
