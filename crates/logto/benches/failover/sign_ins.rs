//! Sign-ins while a primary fails.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use logto::{
    Random as _, SystemRandom, Timestamp,
    session::{
        SessionId,
        store::{RedisStore, Saved, SessionStore as _, StoredSession},
    },
};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    Failure, Measured,
    servers::{Event, Servers},
};

/// Users who sign in one session after the other.
const USERS: usize = 32;
/// Time of load before the event, and after the failover.
const BEFORE: Duration = Duration::from_secs(2);
/// More than the timeout of a query, so that those of a server that stopped answering end.
const AFTER: Duration = Duration::from_secs(7);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

const NOW: Timestamp = Timestamp::from_secs(1_000_000);

/// Sign-ins of one user.
#[derive(Default)]
struct SignIns {
    saved: Vec<SessionId>,
    last_failure: Option<Instant>,
}

pub(crate) async fn during(servers: &mut Servers, event: Event) -> Result<Measured, Failure> {
    let store = Arc::new(RedisStore::new(&servers.url(), "failover")?);
    let stop = Arc::new(AtomicUsize::new(0));
    let count = Arc::new(AtomicUsize::new(0));
    let mut users = JoinSet::new();
    for _ in 0..USERS {
        let (store, stop, count) = (Arc::clone(&store), Arc::clone(&stop), Arc::clone(&count));
        users.spawn(async move {
            let mut sign_ins = SignIns::default();
            while stop.load(Ordering::Relaxed) == 0 {
                let id = id()?;
                if store.save(&id, None, session(&id), NOW).await == Ok(Saved::Done) {
                    sign_ins.saved.push(id);
                    count.fetch_add(1, Ordering::Relaxed);
                } else {
                    sign_ins.last_failure = Some(Instant::now());
                    sleep(POLL_INTERVAL).await;
                }
            }
            Ok::<_, Failure>(sign_ins)
        });
    }
    sleep(BEFORE).await;
    let rate = count.load(Ordering::Relaxed) as f64 / BEFORE.as_secs_f64();
    let failed_at = Instant::now();
    servers.cause(event)?;
    while !servers.have_failed_over() {
        sleep(POLL_INTERVAL).await;
    }
    sleep(AFTER).await;
    stop.store(1, Ordering::Relaxed);
    let mut measured = Measured {
        rate,
        lost: 0,
        outage: Duration::ZERO,
    };
    // Another process, which knows the new primary only.
    let store = RedisStore::new(&servers.url(), "failover")?;
    while let Some(sign_ins) = users.join_next().await {
        let sign_ins = sign_ins??;
        if let Some(last) = sign_ins.last_failure {
            measured.outage = measured.outage.max(last.saturating_duration_since(failed_at));
        }
        for ids in sign_ins.saved.chunks(500) {
            let found = store.load_all(ids, NOW).await?;
            measured.lost += found.iter().filter(|session| session.is_none()).count();
        }
    }
    Ok(measured)
}

fn id() -> Result<SessionId, Failure> {
    let mut bytes = [0; 32];
    SystemRandom.fill(&mut bytes)?;
    SessionId::from_bytes(&bytes).ok_or_else(|| "not an id".into())
}

/// As large as the session of a user with 25 claims and two access tokens.
fn session(id: &SessionId) -> StoredSession {
    StoredSession {
        version: 1,
        sealed: "s".repeat(1_400),
        sub: id.to_text(),
        sid: Some(id.to_text()),
        expires: NOW.plus(3_600),
    }
}
