//! Stores with a growing number of sessions: time of a load, memory, size of the indexes.

use std::{env, fs, sync::Arc, time::Instant};

use logto::{
    Timestamp,
    session::{
        SessionId,
        store::{MemoryStore, PostgresStore, RedisStore, Saved, SessionStore, StoredSession},
    },
};
use logto_testing::RedisCluster;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

use crate::{Failure, Outcome, each, hash, micros};

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
const LOADS: usize = 20_000;
const CONNECTIONS: usize = 32;
const NOW: Timestamp = Timestamp::from_secs(1_000_000);
const END: Timestamp = Timestamp::from_secs(10_000_000_000);

pub(crate) async fn measure() -> Outcome {
    let sizes = env::var("GROWTH_SIZES")
        .ok()
        .map(|sizes| sizes.split(' ').flat_map(str::parse).collect());
    let sizes: Vec<usize> = sizes.unwrap_or_else(|| SIZES.to_vec());
    println!(
        "| store | sessions | one load | {CONNECTIONS} at a time | memory or disk | for a session | of it indexes |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    memory(&sizes).await?;
    redis(&sizes).await?;
    cluster(&sizes).await?;
    postgres(&sizes).await
}

async fn memory(sizes: &[usize]) -> Outcome {
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::new(usize::MAX));
    let before = resident()?;
    let mut filled = 0;
    for &size in sizes {
        fill(&store, filled..size).await?;
        filled = size;
        row("memory", &store, size, resident()?.saturating_sub(before), None).await?;
    }
    Ok(())
}

async fn redis(sizes: &[usize]) -> Outcome {
    let url = env::var("REDIS_URL")?;
    let mut connection = redis::Client::open(url.as_str())?
        .get_multiplexed_async_connection()
        .await?;
    let store: Arc<dyn SessionStore> = Arc::new(RedisStore::new(&url, "growth")?);
    let before = used(&mut connection).await?;
    let mut filled = 0;
    for &size in sizes {
        fill(&store, filled..size).await?;
        filled = size;
        let session = size_of_key(&mut connection, format!("growth:session:{{{}}}", id(1)?.to_text())).await?;
        let total = used(&mut connection).await? - before;
        row("Redis", &store, size, total, Some(total.saturating_sub(session * size))).await?;
    }
    Ok(())
}

/// A cluster of three nodes. A session, its lease and its indexes are on several of them.
async fn cluster(sizes: &[usize]) -> Outcome {
    let servers = RedisCluster::builder().in_memory().start()?;
    let store: Arc<dyn SessionStore> = Arc::new(RedisStore::new(&servers.url(), "growth")?);
    let mut connections = Vec::new();
    for node in servers.nodes() {
        let node = redis::Client::open(node.url())?;
        connections.push(node.get_multiplexed_async_connection().await?);
    }
    let before = used_by_all(&mut connections).await?;
    let mut filled = 0;
    for &size in sizes {
        fill(&store, filled..size).await?;
        filled = size;
        let total = used_by_all(&mut connections).await?.saturating_sub(before);
        row("Redis, cluster of three", &store, size, total, None).await?;
    }
    Ok(())
}

async fn used_by_all(connections: &mut [redis::aio::MultiplexedConnection]) -> Result<usize, Failure> {
    let mut total = 0;
    for connection in connections {
        total += used(connection).await?;
    }
    Ok(total)
}

async fn used(connection: &mut redis::aio::MultiplexedConnection) -> Result<usize, Failure> {
    let info: String = redis::cmd("INFO").arg("memory").query_async(connection).await?;
    let line = info.lines().find_map(|line| line.strip_prefix("used_memory:"));
    Ok(line.ok_or("no used_memory")?.trim().parse()?)
}

async fn size_of_key(connection: &mut redis::aio::MultiplexedConnection, key: String) -> Result<usize, Failure> {
    Ok(redis::cmd("MEMORY")
        .arg("USAGE")
        .arg(key)
        .query_async(connection)
        .await?)
}

async fn postgres(sizes: &[usize]) -> Outcome {
    let url = env::var("DATABASE_URL")?;
    let postgres = PostgresStore::new(&url, "growth")?;
    postgres.migrate().await?;
    let pool = sqlx::PgPool::connect(&url).await?;
    let store: Arc<dyn SessionStore> = Arc::new(postgres);
    let mut filled = 0;
    for &size in sizes {
        // Inserts the same rows as `session`, a hundred times faster than one by one.
        sqlx::query(
            "INSERT INTO logto_sessions (app, id, version, sealed, sub, sid, expires)
             SELECT 'growth', translate(encode(sha256(n::text::bytea), 'base64'), '+/=', '-_'), 1,
                    (SELECT string_agg(encode(sha256((n || '-' || part)::bytea), 'hex'), '')
                     FROM generate_series(1, 22) part),
                    'user-' || n, 'session-' || n, $3
             FROM generate_series($1::bigint, $2::bigint) n",
        )
        .bind(i64::try_from(filled)?)
        .bind(i64::try_from(size)? - 1)
        .bind(i64::try_from(END.as_secs())?)
        .execute(&pool)
        .await?;
        sqlx::query("VACUUM ANALYZE logto_sessions").execute(&pool).await?;
        filled = size;
        let number = |query: &'static str| sqlx::query_scalar::<_, i64>(query).fetch_one(&pool);
        let total = number("SELECT pg_total_relation_size('logto_sessions')").await?;
        let indexes = number("SELECT pg_indexes_size('logto_sessions')").await?;
        row(
            "PostgreSQL",
            &store,
            size,
            usize::try_from(total)?,
            Some(usize::try_from(indexes)?),
        )
        .await?;
    }
    Ok(())
}

async fn row(name: &str, store: &Arc<dyn SessionStore>, size: usize, bytes: usize, indexes: Option<usize>) -> Outcome {
    let one = each(LOADS / 10, |number| load(store, number * 7919 % size)).await?;
    let rate = concurrent_rate(store, size).await?;
    let of_each = bytes / size;
    let indexes = indexes.map_or("–".to_owned(), |indexes| format!("{} bytes", indexes / size));
    println!(
        "| {name} | {size} | {one:.0} µs | {rate:.0}/s | {} MB | {of_each} bytes | {indexes} |",
        bytes / 1_000_000
    );
    Ok(())
}

/// Measures loads per second, with as many tasks as the page benchmark has connections.
async fn concurrent_rate(store: &Arc<dyn SessionStore>, size: usize) -> Result<f64, Failure> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for task in 0..CONNECTIONS {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            for number in 0..LOADS / CONNECTIONS {
                load(&store, (task * 104_729 + number * 7919) % size).await?;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(LOADS as f64 / micros(start.elapsed()) * 1e6)
}

async fn load(store: &Arc<dyn SessionStore>, number: usize) -> Outcome {
    match store.load(&id(number)?, NOW).await? {
        Some(_) => Ok(()),
        None => Err("a session is missing".into()),
    }
}

async fn fill(store: &Arc<dyn SessionStore>, numbers: std::ops::Range<usize>) -> Outcome {
    let mut tasks = JoinSet::new();
    for task in 0..CONNECTIONS {
        let (store, numbers) = (Arc::clone(store), numbers.clone().skip(task).step_by(CONNECTIONS));
        tasks.spawn(async move {
            for number in numbers {
                let id = id(number)?;
                if store.save(&id, None, session(number), NOW).await? != Saved::Done {
                    return Err("a session was there before".into());
                }
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

fn id(number: usize) -> Result<SessionId, Failure> {
    SessionId::from_bytes(&Sha256::digest(number.to_string())).ok_or_else(|| "not an id".into())
}

/// As large as the session of a user with 25 claims and two access tokens: 1.4 kB that do not
/// compress.
fn session(number: usize) -> StoredSession {
    StoredSession {
        version: 1,
        sealed: (0..22).map(|part| hash(number * 22 + part)).collect(),
        sub: format!("user-{number}"),
        sid: Some(format!("session-{number}")),
        expires: END,
    }
}

/// Resident memory of this process, in bytes.
fn resident() -> Result<usize, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<usize>()? * 1024)
}
