//! Several processes with one store: one at a time refreshes a session.

mod cookies;
mod owners;
mod store;
mod store_faults;
mod waits;

use std::{cell::Cell, sync::Arc};

use logto::{
    LogtoClient,
    seal::Sealer,
    session::{Lifetimes, Refreshed, Refresher, Session, StoredSessions, store::Saved},
};
use logto_testing::{Endpoint, TestClock};

use self::store::MapStore;
use crate::{
    harness::{Harness, in_time},
    refresher::{api, rotating},
};

/// How long a lease lasts in these tests, in seconds: the timeout of a request, and a margin.
const LEASE: u64 = 10 + 5;

/// Processes with one store, and the session of a user.
struct Cluster {
    harness: Harness,
    store: Arc<MapStore>,
    session: Arc<Session>,
}

impl Cluster {
    async fn start() -> Self {
        Self::of(rotating().await).await
    }

    async fn of(harness: Harness) -> Self {
        let session = harness.session().await;
        let cluster = Self {
            harness,
            store: Arc::default(),
            session,
        };
        let saved = cluster
            .sessions(&cluster.harness.client)
            .save(&cluster.session, None)
            .await;
        assert_eq!(saved, Ok(Saved::Done));
        cluster.harness.provider.clear_log();
        cluster
    }

    fn sessions(&self, client: &LogtoClient) -> StoredSessions {
        let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
        StoredSessions::new(client.clone(), sealer, self.store.clone(), Lifetimes::default())
    }

    fn process_with(&self, client: &LogtoClient) -> Refresher {
        Refresher::with_store(client.clone(), self.sessions(client))
    }

    fn process(&self) -> Refresher {
        self.process_with(&self.harness.client)
    }

    /// A process whose clock stands still, as if the process did.
    fn stopped_process(&self) -> Refresher {
        self.process_with(&self.harness.client_at(TestClock::at(self.clock().now())))
    }

    fn clock(&self) -> TestClock {
        self.harness.provider.clock()
    }

    fn requests(&self) -> usize {
        self.harness.provider.requests(Endpoint::Token)
    }

    /// The session as it is in the store.
    async fn stored(&self) -> Arc<Session> {
        let sessions = self.sessions(&self.harness.client);
        sessions.load(&self.session.id()).await.unwrap().unwrap()
    }

    /// Ends the pauses of waiting processes until `work` is done.
    async fn passing_time<T>(&self, work: impl Future<Output = T>) -> T {
        let clock = self.clock();
        let time = async {
            loop {
                clock.end_sleep_within(1).await;
            }
        };
        in_time(async {
            tokio::select! {
                done = work => done,
                () = time => unreachable!("time does not end"),
            }
        })
        .await
    }
}

impl Cluster {
    /// Ends the pauses of `work` until it takes the lease of another process. Also returns the
    /// waiting time in milliseconds.
    async fn time_until_takeover<T>(&self, work: impl Future<Output = T>) -> (T, u128) {
        let (clock, lease) = (self.clock(), self.store.lease());
        let (began, waited) = (clock.since_epoch(), Cell::new(0));
        let time = async {
            while self.store.lease() == lease {
                clock.end_sleep_within(1).await;
            }
            waited.set(clock.since_epoch().saturating_sub(began).as_millis());
            std::future::pending::<()>().await;
        };
        let done = in_time(async {
            tokio::select! {
                done = work => done,
                () = time => unreachable!("time does not end"),
            }
        })
        .await;
        (done, waited.get())
    }
}

/// Lets `caller` ask five seconds after another process has sent its request. The provider has
/// handled it, and answers after the caller's first pause.
async fn meanwhile(
    cluster: &Cluster,
    owner: &Refresher,
    caller: impl Future<Output = Refreshed>,
) -> (Refreshed, Refreshed) {
    let mut held = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    let (target, clock) = (api(), cluster.clock());
    let mut refresh = Box::pin(owner.fresh_token(cluster.session.clone(), &target));
    tokio::select! {
        _ = &mut refresh => unreachable!("its answer is held"),
        () = held.wait_until_handled() => clock.advance(5),
    }
    let mut caller = Box::pin(caller);
    let early = in_time(async {
        tokio::select! {
            answer = &mut caller => Some(answer),
            () = clock.end_sleep_within(1) => None,
        }
    })
    .await;
    held.release();
    let refresh = in_time(refresh).await;
    match early {
        Some(answer) => (refresh, answer),
        None => (refresh, cluster.passing_time(caller).await),
    }
}
