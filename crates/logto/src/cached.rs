//! A cache for one document of the provider: fresh for a lifetime, and stale if fetching it again
//! fails.

use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    clock::Timestamp,
    error::{Diagnose as _, DiscoveryError, RequestError},
    single_flight::SingleFlight,
    telemetry::{self, CacheName, CacheResult},
};

/// Minimum time between two retries after an error, and between two fetches because of an unknown
/// key or algorithm, in seconds. It limits the requests that forged tokens can cause. The first
/// fetch for an unknown key is immediate, because the provider may just have rotated its keys.
const COOLDOWN: u64 = 30;

pub(crate) struct Cached<T> {
    name: CacheName,
    /// Shared with the spawned fetch.
    slot: Arc<RwLock<Slot<T>>>,
    /// The fetch in flight, if any.
    flight: SingleFlight<(), Result<Arc<T>, DiscoveryError>>,
}

struct Slot<T> {
    document: Option<Document<T>>,
    /// When the last fetch started.
    last_fetch: Option<Timestamp>,
    /// When the last fetch for an unknown key or algorithm started.
    last_miss: Option<Timestamp>,
    /// The error of the last fetch. While it is set, `newer_than` returns it instead of the cached
    /// document, which may lack a new key.
    last_error: Option<DiscoveryError>,
}

struct Document<T> {
    value: Arc<T>,
    fetched: Timestamp,
}

impl<T: Send + Sync + 'static> Cached<T> {
    pub(crate) fn new(name: CacheName) -> Self {
        Self {
            name,
            slot: Arc::new(RwLock::new(Slot {
                document: None,
                last_fetch: None,
                last_miss: None,
                last_error: None,
            })),
            flight: SingleFlight::new(),
        }
    }

    /// Returns the document if it is younger than `lifetime` seconds, and fetches it otherwise. If
    /// the fetch fails, the stale document is returned.
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
            Found::Fresh(value) => {
                self.count(CacheResult::Hit);
                return Ok(value);
            }
            Found::Stale {
                value,
                may_fetch: false,
            } => {
                self.count(CacheResult::Stale);
                return Ok(value);
            }
            Found::Stale { value, may_fetch: true } => Some(value),
            Found::Nothing => None,
        };
        match (self.fetch(now, fetch).await, stale) {
            (Err(error), Some(value)) => {
                tracing::warn!(
                    code = error.code(),
                    "the provider's document could not be fetched again; the stale one is used"
                );
                self.count(CacheResult::Stale);
                Ok(value)
            }
            (result, _) => {
                self.count(CacheResult::Miss);
                result
            }
        }
    }

    /// Fetches the document, however young the cached one is. Concurrent calls share the fetch.
    pub(crate) async fn refetch<F>(&self, now: Timestamp, fetch: impl FnOnce() -> F) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        self.fetch(now, fetch).await
    }

    /// The age of the document in seconds, if there is one.
    pub(crate) fn age(&self, now: Timestamp) -> Option<u64> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        let document = slot.document.as_ref()?;
        Some(now.seconds_since(document.fetched))
    }

    fn count(&self, result: CacheResult) {
        telemetry::cache_request(self.name, result);
    }

    /// Returns a document that is newer than `known`, which lacks a key or an algorithm.
    ///
    /// It is fetched at most once per cooldown. During the cooldown the cached document is
    /// returned, or the error if the last fetch failed.
    pub(crate) async fn newer_than<F>(
        &self,
        known: &Arc<T>,
        now: Timestamp,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        // Callers that arrive during a fetch share it.
        if let Some(landed) = self.flight.join(&()).await {
            return landed;
        }
        {
            let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
            match &slot.document {
                Some(document) if !Arc::ptr_eq(&document.value, known) => return Ok(Arc::clone(&document.value)),
                Some(document) if !cooled_down(slot.last_miss, now) => {
                    let found = || Arc::clone(&document.value);
                    return slot.last_error.clone().map_or_else(|| Ok(found()), Err);
                }
                _ => slot.last_miss = Some(now),
            }
        }
        self.fetch(now, fetch).await
    }

    async fn fetch<F>(&self, now: Timestamp, fetch: impl FnOnce() -> F) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        let slot = Arc::clone(&self.slot);
        let work = || {
            slot.write().unwrap_or_else(PoisonError::into_inner).last_fetch = Some(now);
            let fetched = fetch();
            async move {
                let result = fetched.await.map(Arc::new);
                let mut slot = slot.write().unwrap_or_else(PoisonError::into_inner);
                slot.last_error = result.as_ref().err().cloned();
                if let Ok(value) = &result {
                    slot.document = Some(Document {
                        value: Arc::clone(value),
                        fetched: now,
                    });
                }
                result
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
                may_fetch: cooled_down(slot.last_fetch, now),
            },
        }
    }
}

fn cooled_down(since: Option<Timestamp>, now: Timestamp) -> bool {
    since.is_none_or(|since| now.seconds_since(since) >= COOLDOWN)
}

enum Found<T> {
    Fresh(Arc<T>),
    Stale { value: Arc<T>, may_fetch: bool },
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
        let cached = Cached::new(CacheName::Metadata);
        assert_eq!(get(&cached, 1000, Ok(1)).await, Ok(1));
        assert_eq!(get(&cached, 1099, Ok(2)).await, Ok(1));
        assert_eq!(get(&cached, 1100, Ok(3)).await, Ok(3));
    }

    #[tokio::test]
    async fn an_error_is_never_cached() {
        let cached = Cached::new(CacheName::Metadata);
        assert_eq!(get(&cached, 1000, Err(DOWN)).await, Err(DOWN));
        assert_eq!(get(&cached, 1000, Ok(1)).await, Ok(1));
    }

    #[tokio::test]
    async fn the_stale_document_is_used_while_the_provider_is_down_and_the_next_fetch_waits() {
        let cached = Cached::new(CacheName::Metadata);
        assert_eq!(get(&cached, 1000, Ok(1)).await, Ok(1));
        assert_eq!(get(&cached, 1100, Err(DOWN)).await, Ok(1));
        assert_eq!(
            get(&cached, 1100 + COOLDOWN - 1, Ok(2)).await,
            Ok(1),
            "still in the cooldown"
        );
        assert_eq!(get(&cached, 1100 + COOLDOWN, Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn a_missing_key_causes_a_fetch_at_once_and_then_at_most_one_per_cooldown() {
        let cached = Cached::new(CacheName::Metadata);
        let newer = async |known: &Arc<u8>, now, answer| {
            let newer = cached.newer_than(known, at(now), || async move { Ok(answer) }).await;
            newer.unwrap()
        };
        let first = cached.get(at(1000), 100, || async { Ok(1) }).await.unwrap();
        let second = newer(&first, 1001, 2).await;
        assert_eq!(*second, 2, "at once");
        assert_eq!(*newer(&second, 1000 + COOLDOWN, 3).await, 2, "still in the cooldown");
        assert_eq!(*newer(&second, 1001 + COOLDOWN, 4).await, 4);
        assert_eq!(
            *newer(&second, 1001 + 3 * COOLDOWN, 5).await,
            4,
            "another call has fetched a newer one"
        );
    }

    #[tokio::test]
    async fn a_failed_fetch_is_an_error_and_not_a_missing_key() {
        let cached = Cached::new(CacheName::Metadata);
        let newer = async |known: &Arc<u8>, now, answer: Result<u8, DiscoveryError>| {
            let newer = cached.newer_than(known, at(now), || async move { answer }).await;
            newer.map(|value| *value)
        };
        let known = cached.get(at(1000), 100, || async { Ok(1) }).await.unwrap();
        assert_eq!(newer(&known, 1001, Err(DOWN)).await, Err(DOWN));
        assert_eq!(
            newer(&known, 1000 + COOLDOWN, Ok(2)).await,
            Err(DOWN),
            "still in the cooldown"
        );
        assert_eq!(newer(&known, 1001 + COOLDOWN, Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn callers_that_arrive_during_a_fetch_share_it() {
        let (cached, gate) = (Cached::new(CacheName::Metadata), Arc::new(tokio::sync::Notify::new()));
        let known = cached.get(at(1000), 100, || async { Ok(1) }).await.unwrap();
        let ask = || {
            let gate = Arc::clone(&gate);
            cached.newer_than(&known, at(1001), || async move {
                gate.notified().await;
                Ok(2)
            })
        };
        let (first, second, ()) = tokio::join!(ask(), ask(), async { gate.notify_one() });
        assert_eq!((*first.unwrap(), *second.unwrap()), (2, 2));
    }
}
