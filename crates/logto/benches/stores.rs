//! One round trip to a session store: a load, and a save by compare-and-swap.
//!
//! Redis and PostgreSQL are the servers that `REDIS_URL` and `DATABASE_URL` name; where there is
//! none, that is said and nothing measured.
#![allow(missing_docs, reason = "criterion's macros make items without documentation")]
#![allow(clippy::unwrap_used, reason = "a panic is how a benchmark reports")]

use std::{
    env,
    sync::atomic::{AtomicU64, Ordering},
};

use criterion::{Criterion, criterion_group, criterion_main};
use logto::{
    Random as _, SystemRandom, Timestamp,
    session::{
        SessionId,
        store::{MemoryStore, PostgresStore, RedisStore, Saved, SessionStore, StoredSession},
    },
};
use tokio::runtime::Runtime;

const NOW: Timestamp = Timestamp::from_secs(1_000_000);
/// Bytes of a sealed session with some tokens in it.
const SEALED: usize = 4_000;

fn measure(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    measure_store(criterion, &runtime, "memory", &MemoryStore::default());
    if let Some(url) = address("redis", "REDIS_URL") {
        let store = runtime.block_on(async { RedisStore::new(&url, "bench").unwrap() });
        measure_store(criterion, &runtime, "redis", &store);
    }
    if let Some(url) = address("postgres", "DATABASE_URL") {
        let store = runtime.block_on(async {
            let store = PostgresStore::new(&url, "bench").unwrap();
            store.migrate().await.unwrap();
            store
        });
        measure_store(criterion, &runtime, "postgres", &store);
    }
}

fn address(store: &str, variable: &str) -> Option<String> {
    let address = env::var(variable).ok().filter(|address| !address.is_empty());
    if address.is_none() {
        println!("{store}: NOT MEASURED, set {variable} to a server whose content may be changed");
    }
    address
}

fn measure_store(criterion: &mut Criterion, runtime: &Runtime, name: &str, store: &dyn SessionStore) {
    let id = id();
    let version = AtomicU64::new(0);
    // The version kept is `version` from here on.
    let save = async || {
        let expected = version.fetch_add(1, Ordering::Relaxed);
        let saved = store.save(&id, (expected > 0).then_some(expected), session(expected + 1), NOW);
        assert_eq!(saved.await, Ok(Saved::Done));
    };
    runtime.block_on(save());
    criterion.bench_function(&format!("store/load/{name}"), |bencher| {
        bencher.to_async(runtime).iter(|| async {
            assert!(store.load(&id, NOW).await.unwrap().is_some());
        });
    });
    criterion.bench_function(&format!("store/save/{name}"), |bencher| {
        bencher.to_async(runtime).iter(&save);
    });
    runtime.block_on(store.delete(&id)).unwrap();
}

fn id() -> SessionId {
    let mut bytes = [0; 32];
    SystemRandom.fill(&mut bytes).unwrap();
    SessionId::from_bytes(&bytes).unwrap()
}

fn session(version: u64) -> StoredSession {
    StoredSession {
        version,
        sealed: "s".repeat(SEALED),
        sub: "user of the benchmark".to_owned(),
        sid: Some("session of the benchmark".to_owned()),
        expires: NOW.plus(3600),
    }
}

criterion_group!(benches, measure);
criterion_main!(benches);
