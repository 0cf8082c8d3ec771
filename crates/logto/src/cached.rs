//! A document of the provider's that is fetched seldom: fresh for a lifetime, then fetched again,
//! stale while that fails.

use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    clock::Timestamp,
    error::{DiscoveryError, RequestError},
    single_flight::SingleFlight,
};

/// How long a fetch that failed, or was made for what the document lacks, is not tried again, in
/// seconds: forged tokens cannot make us flood the provider. The first such fetch is made at once,
/// so that nobody waits for keys that have just been rotated.
const COOL_DOWN: u64 = 30;

pub(crate) struct Cached<T> {
    /// The last good document, and when fetches were started. Shared with the spawned fetch.
    slot: Arc<RwLock<Slot<T>>>,
    /// The fetch under way, if any.
    flight: SingleFlight<(), Result<Arc<T>, DiscoveryError>>,
}

struct Slot<T> {
    document: Option<Document<T>>,
    /// When a fetch was last tried, good or not.
    tried: Option<Timestamp>,
    /// When one was last tried because the document lacked something.
    lacked: Option<Timestamp>,
    /// Why the last fetch failed, if it did: what the document lacks may exist all the same.
    failed: Option<DiscoveryError>,
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
                lacked: None,
                failed: None,
            })),
            flight: SingleFlight::new(),
        }
    }

    /// The document if it is younger than `lifetime` seconds; else it is fetched. When that fails
    /// the old one serves on.
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

    /// A newer document than `known`, which lacks something. Fetched for that at most once in a
    /// cool-down: else the document there is, or the error of the fetch if that failed.
    pub(crate) async fn newer_than<F>(
        &self,
        known: &Arc<T>,
        now: Timestamp,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, DiscoveryError>
    where
        F: Future<Output = Result<T, DiscoveryError>> + Send + 'static,
    {
        // Whoever comes while it is fetched needs the new one as much as whoever came first.
        if let Some(landed) = self.flight.join(&()).await {
            return landed;
        }
        {
            let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
            match &slot.document {
                Some(document) if !Arc::ptr_eq(&document.value, known) => return Ok(Arc::clone(&document.value)),
                Some(document) if !cooled_down(slot.lacked, now) => {
                    let found = || Arc::clone(&document.value);
                    return slot.failed.clone().map_or_else(|| Ok(found()), Err);
                }
                _ => slot.lacked = Some(now),
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
            slot.write().unwrap_or_else(PoisonError::into_inner).tried = Some(now);
            let fetched = fetch();
            async move {
                let result = fetched.await.map(Arc::new);
                let mut slot = slot.write().unwrap_or_else(PoisonError::into_inner);
                slot.failed = result.as_ref().err().cloned();
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
                may_try: cooled_down(slot.tried, now),
            },
        }
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
    async fn what_a_document_lacks_is_asked_for_at_once_and_then_at_most_once_in_a_cool_down() {
        let cached = Cached::new();
        let newer = async |known: &Arc<u8>, now, answer| {
            let newer = cached.newer_than(known, at(now), || async move { Ok(answer) }).await;
            newer.unwrap()
        };
        let first = cached.get(at(1000), 100, || async { Ok(1) }).await.unwrap();
        let second = newer(&first, 1001, 2).await;
        assert_eq!(*second, 2, "at once");
        assert_eq!(*newer(&second, 1000 + COOL_DOWN, 3).await, 2, "asked a moment ago");
        assert_eq!(*newer(&second, 1001 + COOL_DOWN, 4).await, 4);
        assert_eq!(
            *newer(&second, 1001 + 3 * COOL_DOWN, 5).await,
            4,
            "somebody else has fetched a newer one"
        );
    }

    #[tokio::test]
    async fn a_failed_fetch_does_not_pass_for_a_document_that_lacks_something() {
        let cached = Cached::new();
        let newer = async |known: &Arc<u8>, now, answer: Result<u8, DiscoveryError>| {
            let newer = cached.newer_than(known, at(now), || async move { answer }).await;
            newer.map(|value| *value)
        };
        let known = cached.get(at(1000), 100, || async { Ok(1) }).await.unwrap();
        assert_eq!(newer(&known, 1001, Err(DOWN)).await, Err(DOWN));
        assert_eq!(
            newer(&known, 1000 + COOL_DOWN, Ok(2)).await,
            Err(DOWN),
            "asked a moment ago"
        );
        assert_eq!(newer(&known, 1001 + COOL_DOWN, Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn whoever_comes_while_a_newer_document_is_fetched_gets_it_too() {
        let (cached, gate) = (Cached::new(), Arc::new(tokio::sync::Notify::new()));
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
