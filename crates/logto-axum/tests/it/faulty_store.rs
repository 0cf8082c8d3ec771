//! A store in memory with fault switches.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use logto::{
    Timestamp,
    session::{
        DenyList, SessionId,
        store::{MemoryStore, Saved, SessionStore, StoreError, StoreFuture, StoredSession},
    },
};
use logto_testing::TestClock;
use tokio::sync::{Notify, oneshot};

/// Tells the test that a call has started, and pauses the call until the test resumes it.
pub(crate) type Pause = (oneshot::Sender<()>, oneshot::Receiver<()>);

/// A store in memory that fails, pauses and interferes as a test asks. Clones share their state.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultyStore {
    store: Arc<MemoryStore>,
    down: Arc<AtomicBool>,
    /// The session that was saved last.
    pub(crate) last: Arc<Mutex<Option<StoredSession>>>,
    /// Number of reads.
    pub(crate) loads: Arc<AtomicU32>,
    /// Whether the next read fails.
    pub(crate) fail_next_load: Arc<AtomicBool>,
    /// Pauses the next save before it is written.
    pub(crate) pause_next_save: Arc<Mutex<Option<Pause>>>,
    /// Whether saves fail.
    pub(crate) fail_saves: Arc<AtomicBool>,
    /// Whether deletions of several sessions fail.
    pub(crate) fail_deletes: Arc<AtomicBool>,
    /// Notified after every save.
    pub(crate) saved: Arc<Notify>,
    /// Seconds that pass during the next read.
    pub(crate) delay_next_load: Arc<Mutex<Option<(TestClock, u64)>>>,
    /// Denies the session of the next save before it is written.
    pub(crate) deny_before_next_save: Arc<Mutex<Option<DenyList>>>,
    /// Pauses the next deletion after the session is gone.
    pub(crate) pause_next_delete: Arc<Mutex<Option<Pause>>>,
}

impl FaultyStore {
    /// Makes every call fail, or work again.
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// One read of one or several sessions.
    fn read<'a, T: Send + 'a>(&'a self, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        if self.fail_next_load.swap(false, Ordering::SeqCst) {
            return Box::pin(async {
                tokio::task::yield_now().await;
                Err(StoreError::Unavailable("test"))
            });
        }
        self.unless_down(Box::pin(async {
            // Lets other requests run first, as a store on the network does.
            tokio::task::yield_now().await;
            if let Some((clock, seconds)) = self.delay_next_load.lock().unwrap().take() {
                clock.advance(seconds);
            }
            answer.await
        }))
    }

    fn delete_many<'a>(&self, answer: StoreFuture<'a, u64>) -> StoreFuture<'a, u64> {
        if self.fail_deletes.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        self.unless_down(answer)
    }

    fn unless_down<'a, T: Send + 'a>(&self, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        let down = self.down.load(Ordering::SeqCst);
        Box::pin(async move {
            if down {
                Err(StoreError::Unavailable("test"))
            } else {
                answer.await
            }
        })
    }
}

impl SessionStore for FaultyStore {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        self.read(Box::pin(async move { self.store.load(id, now).await }))
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        self.read(Box::pin(async move { self.store.load_all(ids, now).await }))
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        if self.down.load(Ordering::SeqCst) || self.fail_saves.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        *self.last.lock().unwrap() = Some(session.clone());
        let list = self.deny_before_next_save.lock().unwrap().take();
        let pause = self.pause_next_save.lock().unwrap().take();
        Box::pin(async move {
            if let Some((started, resume)) = pause {
                started.send(()).unwrap();
                resume.await.unwrap();
            }
            if let Some(list) = list {
                list.deny_session(*id).await?;
            }
            let saved = self.store.save(id, expected, session, now).await;
            self.saved.notify_waiters();
            saved
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        if self.down.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        let pause = self.pause_next_delete.lock().unwrap().take();
        Box::pin(async move {
            self.store.delete(id).await?;
            if let Some((deleted, resume)) = pause {
                deleted.send(()).unwrap();
                resume.await.unwrap();
            }
            Ok(())
        })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        self.delete_many(Box::pin(async move { self.store.delete_by_sid(sid).await }))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_many(Box::pin(async move { self.store.delete_by_sub(sub).await }))
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_many(Box::pin(async move { self.store.delete_by_sub_without_sid(sub).await }))
    }

    fn delete_expired(&self, now: Timestamp, most: u32) -> StoreFuture<'_, u64> {
        self.unless_down(self.store.delete_expired(now, most))
    }
}
