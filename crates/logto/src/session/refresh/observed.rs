//! A refresh in a span, with its metrics.

use std::{future::Future, sync::Arc};

use tracing::{Instrument as _, field::Empty};

use super::Refreshed;
use crate::{
    clock::Clock,
    error::Diagnose as _,
    telemetry::{self, Outcome, Timer},
};

/// Runs `work` in a span `logto.refresh`, whose parent is the current span.
pub(super) fn observed(
    clock: Arc<dyn Clock>,
    work: impl Future<Output = Refreshed>,
) -> impl Future<Output = Refreshed> {
    let span = tracing::info_span!("logto.refresh", outcome = Empty, code = Empty);
    let timer = Timer::start(&*clock);
    async move {
        let refreshed = work.instrument(span.clone()).await;
        let outcome = outcome_of(&refreshed);
        outcome.record_in(&span);
        telemetry::refresh(outcome, timer, &*clock);
        refreshed
    }
}

fn outcome_of(refreshed: &Refreshed) -> Outcome {
    match (&refreshed.session, &refreshed.token) {
        (None, _) => Outcome::SIGNED_OUT,
        (Some(_), Ok(_)) if refreshed.refreshed => Outcome::OK,
        (Some(_), Ok(_)) => Outcome::SHARED,
        (Some(_), Err(error)) => Outcome::failed(error.code()),
    }
}
