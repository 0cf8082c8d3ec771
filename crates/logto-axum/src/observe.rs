//! Spans of the routes, and the metrics of sign-ins, sign-outs and sessions.

use std::future::Future;

use logto::{
    Diagnose,
    telemetry::{Outcome, SessionEvent},
};
use tracing::{Instrument as _, Span};

use crate::{error::RouteError, hooks::session_end::SessionEndReason};

/// Makes a span with the fields that [`in_span`] records.
macro_rules! operation {
    ($name:literal) => {
        tracing::info_span!($name, outcome = tracing::field::Empty, code = tracing::field::Empty)
    };
}

pub(crate) use operation;

/// Runs `work` in `span`, and records its outcome there.
pub(crate) async fn in_span<T, E: Diagnose>(span: Span, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let result = work.instrument(span.clone()).await;
    Outcome::of(&result).record_in(&span);
    result
}

/// The outcome of a callback. Without the code that an app gives its own refusals, which could be
/// any text.
pub(crate) fn outcome_of(result: &Result<(), RouteError>) -> Outcome {
    Outcome::from_code(result.as_ref().err().map(RouteError::stable_code))
}

impl From<SessionEndReason> for SessionEvent {
    fn from(reason: SessionEndReason) -> Self {
        match reason {
            SessionEndReason::SignOut => Self::SignedOut,
            SessionEndReason::Replaced => Self::Replaced,
            SessionEndReason::BackChannelLogout => Self::BackChannelLogout,
            SessionEndReason::Revoked => Self::Revoked,
            SessionEndReason::Webhook => Self::Webhook,
            SessionEndReason::EndedByApp => Self::EndedByApp,
        }
    }
}
