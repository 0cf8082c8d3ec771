//! One function for each event. Their parameters are enums and outcomes, so that no other text
//! becomes a label.

use super::{
    catalogue::{
        CACHE_REQUESTS, LEASE_WAIT_DURATION, LEASE_WAITS, PROVIDER_REQUEST_DURATION, REFRESH_DURATION, REFRESHES,
        SESSIONS, SIGN_INS, SIGN_OUTS, STORE_DURATION,
    },
    labels::{CacheName, CacheResult, Endpoint, SessionEvent, StoreKind, StoreOperation},
    outcome::Outcome,
    recorder::{Timer, count, observe},
};
use crate::clock::Clock;

/// Counts a sign-in.
#[doc(hidden)]
pub fn count_sign_in(outcome: Outcome) {
    count(&SIGN_INS, [outcome.label()]);
}

/// Counts a sign-out.
#[doc(hidden)]
pub fn count_sign_out(outcome: Outcome) {
    count(&SIGN_OUTS, [outcome.label()]);
}

/// Counts what has happened to a session.
#[doc(hidden)]
pub fn count_session(store: StoreKind, event: SessionEvent) {
    count(&SESSIONS, [store.as_str(), event.as_str()]);
}

pub(crate) fn refresh(outcome: Outcome, timer: Timer, clock: &dyn Clock) {
    count(&REFRESHES, [outcome.label()]);
    observe(&REFRESH_DURATION, [outcome.label()], timer, clock);
}

pub(crate) fn store_operation(
    store: StoreKind,
    operation: StoreOperation,
    outcome: Outcome,
    timer: Timer,
    clock: &dyn Clock,
) {
    let labels = [store.as_str(), operation.as_str(), outcome.label()];
    observe(&STORE_DURATION, labels, timer, clock);
}

pub(crate) fn provider_request(endpoint: Endpoint, outcome: Outcome, timer: Timer, clock: &dyn Clock) {
    let labels = [endpoint.as_str(), outcome.label()];
    observe(&PROVIDER_REQUEST_DURATION, labels, timer, clock);
}

pub(crate) fn cache_request(cache: CacheName, result: CacheResult) {
    count(&CACHE_REQUESTS, [cache.as_str(), result.as_str()]);
}

pub(crate) fn lease_wait(outcome: &'static str, timer: Timer, clock: &dyn Clock) {
    count(&LEASE_WAITS, [outcome]);
    observe(&LEASE_WAIT_DURATION, [outcome], timer, clock);
}
