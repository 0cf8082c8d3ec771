//! A document of the provider's that is fetched seldom: fresh for a lifetime, then fetched again, stale while that fails.

use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    clock::Timestamp,
    error::{DiscoveryError, RequestError},
    single_flight::SingleFlight,
};

/// How long a fetch that failed, or was made for an unknown key, is not tried again, in seconds. Short enough for an
/// administrator who has just rotated the keys, long enough that forged tokens cannot make us flood the provider.
const COOL_DOWN: u64 = 30;

pub(crate) struct Cached<T> {
    /// The last good document, and when a fetch was last started. Shared with the spawned fetch.
    slot: Arc<RwLock<Slot<T>>>,
    /// The fetch under way, if any.
    flight: SingleFlight<(), Result<Arc<T>, DiscoveryError>>,
}

struct Slot<T> {
    document: Option<Document<T>>,
    /// When a fetch was last tried, good or not.
    tried: Option<Timestamp>,
}

struct Document<T> {
    value: Arc<T>,
    fetched: Timestamp,
}

impl<T: Send + Sync + 'static> Cached<T> {
    pub(crate) fn new() -> Self {
        Self {
            slot: Arc::new(RwLock::new(Slot {
                document: None,
                tried: None,
            })),
            flight: SingleFlight::new(),
        }
    }

    /// The document if it is younger than `lifetime` seconds; else it is fetched. When that fails the old one serves on.
    pub(crate) async fn get<F>(
        &self,
        now: Timestamp,
        lifetime: u64,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        let stale = match self.read(now, lifetime) {
            Found::Fresh(value) | Found::Stale { value, may_try: false } => return Ok(value),
            Found::Stale { value, may_try: true } => Some(value),
            Found::Nothing => None,
        };
        match (self.fetch(now, fetch).await, stale) {
            (Err(error), Some(value)) => {
                tracing::warn!(%error, "the provider's document could not be renewed; the old one serves on");
                Ok(value)
            }
            (result, _) => result,
        }
    }

    /// A newer document than `known`, unless one was fetched or tried within the cool-down: then what there is.
    pub(crate) async fn newer_than<F>(
        &self,
        known: &Arc<T>,
        now: Timestamp,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        match self.read(now, u64::MAX) {
            Found::Fresh(value) if !Arc::ptr_eq(&value, known) => return Ok(value),
            Found::Fresh(value) if !self.may_try(now) => return Ok(value),
            _ => {}
        }
        self.fetch(now, fetch).await
    }

    async fn fetch<F>(&self, now: Timestamp, fetch: impl FnOnce() -> F) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        let slot = Arc::clone(&self.slot);
        let work = || {
            slot.write().unwrap_or_else(PoisonError::into_inner).tried = Some(now);
            let fetched = fetch();
            async move {
                let value = Arc::new(fetched.await?);
                let document = Document {
                    value: Arc::clone(&value),
                    fetched: now,
                };
                slot.write().unwrap_or_else(PoisonError::into_inner).document = Some(document);
                Ok(value)
            }
        };
        self.flight
            .run((), work)
            .await
            .unwrap_or(Err(DiscoveryError::Request(RequestError::Unreachable)))
    }

    fn read(&self, now: Timestamp, lifetime: u64) -> Found<T> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        match &slot.document {
            None => Found::Nothing,
            Some(document) if now.seconds_since(document.fetched) < lifetime => {
                Found::Fresh(Arc::clone(&document.value))
            }
            Some(document) => Found::Stale {
                value: Arc::clone(&document.value),
                may_try: cooled_down(slot.tried, now),
            },
        }
    }

    fn may_try(&self, now: Timestamp) -> bool {
        cooled_down(self.slot.read().unwrap_or_else(PoisonError::into_inner).tried, now)
    }
}

fn cooled_down(tried: Option<Timestamp>, now: Timestamp) -> bool {
    tried.is_none_or(|tried| now.seconds_since(tried) >= COOL_DOWN)
}

enum Found<T> {
    Fresh(Arc<T>),
    Stale { value: Arc<T>, may_try: bool },
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: DiscoveryError = DiscoveryError::Request(RequestError::TimedOut);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    async fn get(cached: &Cached<u8>, now: u64, answer: Result<u8, DiscoveryError>) -> Result<u8, DiscoveryError> {
        cached.get(at(now), 100, || async { answer }).await.map(|value| *value)
    }

    #[tokio::test]
    async fn a_document_is_used_for_its_lifetime_and_then_fetched_again() {
        let cached = Cached::new();
        assert_eq!(get(&cached, 1000, Ok(1)).await, Ok(1));
        assert_eq!(get(&cached, 1099, Ok(2)).await, Ok(1));
        assert_eq!(get(&cached, 1100, Ok(3)).await, Ok(3));
    }

    #[tokio::test]
    async fn an_error_is_never_cached() {
        let cached = Cached::new();
        assert_eq!(get(&cached, 1000, Err(DOWN)).await, Err(DOWN));
        assert_eq!(get(&cached, 1000, Ok(1)).await, Ok(1));
    }

    #[tokio::test]
    async fn the_old_document_serves_while_the_provider_is_down_and_the_next_try_waits() {
        let cached = Cached::new();
        assert_eq!(get(&cached, 1000, Ok(1)).await, Ok(1));
        assert_eq!(get(&cached, 1100, Err(DOWN)).await, Ok(1));
        assert_eq!(
            get(&cached, 1100 + COOL_DOWN - 1, Ok(2)).await,
            Ok(1),
            "not tried again so soon"
        );
        assert_eq!(get(&cached, 1100 + COOL_DOWN, Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn a_newer_document_is_fetched_at_most_once_in_a_cool_down() {
        let cached = Cached::new();
        let first = cached.get(at(1000), 100, || async { Ok(1) }).await.unwrap();
        let soon = cached.newer_than(&first, at(1001), || async { Ok(2) }).await.unwrap();
        assert_eq!(*soon, 1, "fetched a second ago");
        let later = cached
            .newer_than(&first, at(1000 + COOL_DOWN), || async { Ok(3) })
            .await
            .unwrap();
        assert_eq!(*later, 3);
        let known = cached
            .newer_than(&first, at(1000 + COOL_DOWN), || async { Ok(4) })
            .await
            .unwrap();
        assert_eq!(*known, 3, "somebody else has already fetched a newer one");
    }
}
