//! Refreshes by several processes that share a store.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::future::try_join_all;
use logto::{
    Diagnose as _, TokenError, TokenTarget,
    seal::Sealer,
    session::{
        Lifetimes, Refreshed, Refresher, Session, SessionId, SessionState, StoredSessions,
        store::{MemoryStore, Saved, SessionStore, StoreError, StoreFuture, StoredSession},
    },
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, TokenFault};

use crate::{
    harness::{Harness, text},
    refresher::{api, rotating},
};

type Loaded = Result<Option<StoredSession>, StoreError>;

/// A store whose next reads of one session return what the test sets.
#[derive(Debug, Default)]
pub(crate) struct Scripted {
    store: MemoryStore,
    reads: Mutex<VecDeque<(SessionId, Loaded)>>,
    /// A read of several sessions omits the first one.
    pub(crate) is_short: bool,
    /// The number of next writes that find another version than expected.
    pub(crate) conflicts: Mutex<usize>,
    /// The sessions that were written, oldest first.
    pub(crate) saved: Mutex<Vec<StoredSession>>,
    /// The number of reads, of one session or of several.
    pub(crate) round_trips: AtomicUsize,
}

impl Scripted {
    fn next(&self, id: &SessionId) -> Option<Loaded> {
        let mut reads = self.reads.lock().unwrap();
        let is_next = reads.front().is_some_and(|(scripted, _)| scripted == id);
        is_next.then(|| reads.pop_front())?.map(|(_, answer)| answer)
    }

    fn read<'a>(&'a self, id: &'a SessionId, now: logto::Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        match self.next(id) {
            Some(answer) => Box::pin(async { answer }),
            None => self.store.load(id, now),
        }
    }
}

impl SessionStore for Scripted {
    fn load<'a>(&'a self, id: &'a SessionId, now: logto::Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        self.round_trips.fetch_add(1, Ordering::SeqCst);
        self.read(id, now)
    }

    fn load_all<'a>(
        &'a self,
        ids: &'a [SessionId],
        now: logto::Timestamp,
    ) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        self.round_trips.fetch_add(1, Ordering::SeqCst);
        if self.is_short {
            return self.store.load_all(&ids[1..], now);
        }
        Box::pin(try_join_all(ids.iter().map(move |id| self.read(id, now))))
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: logto::Timestamp,
    ) -> StoreFuture<'a, Saved> {
        let mut conflicts = self.conflicts.lock().unwrap();
        if *conflicts > 0 {
            *conflicts -= 1;
            return Box::pin(async { Ok(Saved::Conflict) });
        }
        self.saved.lock().unwrap().push(session.clone());
        self.store.save(id, expected, session, now)
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        self.store.delete(id)
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        self.store.delete_by_sid(sid)
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.store.delete_by_sub(sub)
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.store.delete_by_sub_without_sid(sub)
    }

    fn delete_expired(&self, now: logto::Timestamp, most: u32) -> StoreFuture<'_, u64> {
        self.store.delete_expired(now, most)
    }
}

/// Two processes that share a store. The other one has rotated the refresh token; ours reads the old
/// session twice, as if it had a lease at the same time, and the provider will reject its refresh.
struct Late {
    harness: Harness,
    store: Arc<Scripted>,
    ours: Refresher,
    other: Refresher,
    before: Arc<Session>,
    rotated: Arc<Session>,
}

impl Late {
    /// Lets the other process request a token. Our next reads still return the old session.
    async fn other_requests_token(&self) -> Refreshed {
        let old = std::mem::take(&mut *self.store.reads.lock().unwrap());
        let answer = self.other.fresh_token(self.rotated.clone(), &api()).await;
        self.store.reads.lock().unwrap().extend(old);
        self.harness.provider.clear_log();
        answer
    }
}

async fn late() -> Late {
    let harness = rotating().await;
    let store = Arc::new(Scripted::default());
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    let process = || {
        let shared: Arc<dyn SessionStore> = store.clone();
        StoredSessions::new(harness.client.clone(), sealer.clone(), shared, Lifetimes::default())
    };
    let (ours, other) = (process(), process());
    let before = harness.session().await;
    assert_eq!(ours.save(&before, None).await, Ok(Saved::Done));
    let old = store.store.load(&before.id(), harness.client.now()).await;
    let other = Refresher::with_store(harness.client.clone(), other);
    let rotated = other.token(before.clone(), &api()).await.session.unwrap();
    // After the grace period for rotated tokens.
    harness.provider.clock().advance(10);
    for _ in 0..2 {
        store.reads.lock().unwrap().push_back((before.id(), old.clone()));
    }
    let ours = Refresher::with_store(harness.client.clone(), ours);
    Late {
        harness,
        store,
        ours,
        other,
        before,
        rotated,
    }
}

#[tokio::test]
async fn a_rejected_refresh_uses_the_session_that_another_process_saved() {
    let late = late().await;
    let answer = late.ours.token(late.before, &api()).await;
    let session = answer.session.unwrap();
    assert_eq!(session.version(), late.rotated.version());
    assert_eq!(session.state(late.harness.client.now()), SessionState::Active);
    let now = late.harness.client.now();
    let theirs = late
        .rotated
        .valid_token(&TokenTarget::resource(DEFAULT_RESOURCE), now)
        .unwrap();
    assert_eq!(text(&answer.token.unwrap().secret), text(&theirs.secret));
}

#[tokio::test]
async fn a_store_that_is_down_after_a_rejected_refresh_keeps_the_grant() {
    let late = late().await;
    let down = Err(StoreError::Unavailable("test"));
    late.store.reads.lock().unwrap().push_back((late.before.id(), down));
    let answer = late.ours.token(late.before.clone(), &api()).await;
    assert!(answer.token.unwrap_err().is_transient());
    let session = answer.session.unwrap();
    assert_eq!(session.state(late.harness.client.now()), SessionState::Active);
    assert!(session.refresh_token().is_some());

    late.harness.provider.clock().advance(1);
    let again = late.ours.token(late.before, &api()).await;
    assert!(again.token.is_ok(), "the store is back");
}

#[tokio::test]
async fn a_rejected_refresh_does_not_end_a_grant_again_that_another_process_has_ended() {
    let late = late().await;
    late.harness.provider.revoke_grants("ada");
    let ended = late.other_requests_token().await.session.unwrap();
    assert_eq!(ended.state(late.harness.client.now()), SessionState::SignInNeeded);

    let answer = late.ours.token(late.before.clone(), &api()).await;
    assert_eq!(answer.token.unwrap_err(), TokenError::NoRefreshToken);
    let session = answer.session.unwrap();
    assert_eq!(session.version(), ended.version(), "nothing is written");
    assert_eq!(session.state(late.harness.client.now()), SessionState::SignInNeeded);
    assert_eq!(late.harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_rejected_refresh_backs_off_if_another_process_was_denied_access() {
    let late = late().await;
    late.harness
        .provider
        .update_user("ada", |user| user.access_denied = true);
    let denied = late.other_requests_token().await.session.unwrap();
    assert_eq!(denied.state(late.harness.client.now()), SessionState::AccessDenied);

    late.harness
        .provider
        .fault_once(TokenFault::Error(400, "invalid_grant"));
    let answer = late.ours.token(late.before.clone(), &api()).await;
    assert_eq!(answer.token.unwrap_err(), TokenError::AccessDenied);
    let session = answer.session.unwrap();
    assert_eq!(session.version(), denied.version(), "nothing is written");
    assert!(session.refresh_token().is_some());
    assert_eq!(
        late.harness.provider.requests(Endpoint::Token),
        1,
        "only the rejected one"
    );

    late.harness
        .provider
        .update_user("ada", |user| user.access_denied = false);
    late.harness.provider.clock().advance(5);
    let again = late.ours.token(session, &api()).await;
    assert!(again.token.is_ok(), "access is restored");
}
