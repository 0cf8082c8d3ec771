//! A store whose operations are measured.

use std::{future::Future, sync::Arc};

use tracing::{Instrument as _, field::Empty};

use super::{Saved, SessionStore, StoreError, StoreFuture, StoredSession};
use crate::{
    clock::{Clock, Timestamp},
    session::SessionId,
    telemetry::{self, Outcome, StoreKind, StoreOperation, Timer},
};

/// Passes each call on to another store, in a span `logto.store`, and records
/// `logto_store_duration_seconds`.
///
/// `logto-axum` wraps the stores of its configuration in one; an app that uses [`SessionStore`]
/// directly may do the same.
///
/// ```
/// use std::sync::Arc;
/// use logto::{SystemClock, session::store::{MemoryStore, ObservedStore}};
///
/// let store = ObservedStore::new(Arc::new(MemoryStore::default()), Arc::new(SystemClock));
/// ```
pub struct ObservedStore {
    store: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
}

impl ObservedStore {
    /// Observes `store`. Durations are measured with `clock`.
    #[must_use]
    pub fn new(store: Arc<dyn SessionStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    fn observe<'a, T: Send + 'a>(
        &'a self,
        operation: StoreOperation,
        call: impl Future<Output = Result<T, StoreError>> + Send + 'a,
        outcome_of: impl FnOnce(&Result<T, StoreError>) -> Outcome + Send + 'a,
    ) -> StoreFuture<'a, T> {
        let store = self.store.kind();
        Box::pin(async move {
            let span = tracing::debug_span!(
                "logto.store",
                store = store.as_str(),
                operation = operation.as_str(),
                outcome = Empty,
                code = Empty,
            );
            let timer = Timer::start(&*self.clock);
            let result = call.instrument(span.clone()).await;
            let outcome = outcome_of(&result);
            outcome.record_in(&span);
            telemetry::store_operation(store, operation, outcome, timer, &*self.clock);
            result
        })
    }
}

impl std::fmt::Debug for ObservedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.store.fmt(f)
    }
}

impl SessionStore for ObservedStore {
    fn kind(&self) -> StoreKind {
        self.store.kind()
    }

    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        self.observe(StoreOperation::Load, self.store.load(id, now), Outcome::of)
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        self.observe(StoreOperation::Load, self.store.load_all(ids, now), Outcome::of)
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        let saved = self.store.save(id, expected, session, now);
        self.observe(StoreOperation::Save, saved, |result| match result {
            Ok(Saved::Conflict) => Outcome::CONFLICT,
            result => Outcome::of(result),
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        self.observe(StoreOperation::Delete, self.store.delete(id), Outcome::of)
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        self.observe(StoreOperation::Delete, self.store.delete_by_sid(sid), Outcome::of)
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.observe(StoreOperation::Delete, self.store.delete_by_sub(sub), Outcome::of)
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let deleted = self.store.delete_by_sub_without_sid(sub);
        self.observe(StoreOperation::Delete, deleted, Outcome::of)
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreFuture<'_, u64> {
        self.observe(
            StoreOperation::Sweep,
            self.store.delete_expired(now, limit),
            Outcome::of,
        )
    }
}
