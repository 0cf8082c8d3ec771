//! Sign-ins during a failover: which acknowledged sessions are lost, and how long none is saved.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use logto::session::{
    SessionId,
    store::{RedisStore, Saved, SessionStore as _},
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::suite::{NOW, id, session, unique};

/// Concurrent users, and the pause between two sign-ins of one.
const USERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(5);

/// How many sign-ins in a row succeed before and after a failover.
const STEADY: usize = 400;

/// Replication takes milliseconds. This is generous, for a busy machine.
const REPLICATED_AFTER: Duration = Duration::from_secs(1);

/// The longest failover, with a second until it begins and five seconds until a query gives up.
const LONGEST_OUTAGE: Duration = Duration::from_secs(30);

struct SignIn {
    id: SessionId,
    is_saved: bool,
    at: Instant,
}

/// Signs users in while `fail` stops a primary, until `successor` is the primary and sign-ins succeed
/// again.
///
/// Sessions that were acknowledged well before are not lost, and later ones are saved by the same
/// store, without a restart of the app.
///
/// Another store, which opens its connection after the failover, looks for lost sessions. The first
/// one may still see them at the previous primary.
pub(crate) async fn survives(url: &str, fail: impl FnOnce(), successor: u16) {
    let app = unique();
    let store = Arc::new(RedisStore::new(url, &app).unwrap());
    let (sender, mut sign_ins) = mpsc::unbounded_channel();
    let mut users = JoinSet::new();
    for _ in 0..USERS {
        let (store, sender) = (Arc::clone(&store), sender.clone());
        users.spawn(async move {
            let mut pause = interval(PAUSE);
            pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                pause.tick().await;
                let id = id();
                let saved = store.save(&id, None, session(1), NOW).await;
                let sign_in = SignIn {
                    id,
                    is_saved: saved == Ok(Saved::Done),
                    at: Instant::now(),
                };
                if sender.send(sign_in).is_err() {
                    return;
                }
            }
        });
    }
    let mut done = Vec::new();
    steady(&mut sign_ins, &mut done).await;
    assert!(done.iter().all(|sign_in| sign_in.is_saved), "nothing has failed yet");
    fail();
    let failed_at = Instant::now();
    while !is_primary(successor).await {
        done.push(sign_ins.recv().await.unwrap());
    }
    let other_process = RedisStore::new(url, &app).unwrap();
    while other_process
        .load(&done.last().unwrap().id, NOW)
        .await
        .ok()
        .flatten()
        .is_none()
    {
        done.push(sign_ins.recv().await.unwrap());
    }
    steady(&mut sign_ins, &mut done).await;
    users.shutdown().await;

    let failures = done.iter().filter(|sign_in| !sign_in.is_saved);
    let outage = failures
        .map(|sign_in| sign_in.at)
        .max()
        .map_or(Duration::ZERO, |last| last - failed_at);
    let mut lost = 0;
    for sign_in in done.iter().filter(|sign_in| sign_in.is_saved) {
        if other_process.load(&sign_in.id, NOW).await.unwrap().is_none() {
            lost += 1;
            assert!(
                sign_in.at + REPLICATED_AFTER > failed_at,
                "a session was lost that was saved {:?} before the failover",
                failed_at - sign_in.at
            );
        }
    }
    println!("{} sign-ins, {lost} lost, {outage:?} without service", done.len());
    assert!(outage < LONGEST_OUTAGE, "{outage:?}");
}

/// Whether the server is a primary. One that is being promoted closes its connections.
async fn is_primary(port: u16) -> bool {
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
    let Ok(mut connection) = client.get_multiplexed_async_connection().await else {
        return false;
    };
    let role: redis::RedisResult<Vec<redis::Value>> = redis::cmd("ROLE").query_async(&mut connection).await;
    role.is_ok_and(|role| role.first() == Some(&redis::Value::BulkString(b"master".to_vec())))
}

/// Receives sign-ins until [`STEADY`] of them in a row have succeeded.
async fn steady(sign_ins: &mut mpsc::UnboundedReceiver<SignIn>, done: &mut Vec<SignIn>) {
    let mut saved = 0;
    while saved < STEADY {
        let sign_in = sign_ins.recv().await.unwrap();
        saved = if sign_in.is_saved { saved + 1 } else { 0 };
        done.push(sign_in);
    }
}
