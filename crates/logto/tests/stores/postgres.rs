//! A real PostgreSQL server.

mod migrations;
mod operations;
mod plans;
mod pool;
mod restart;
mod round_trips;

use std::str::FromStr as _;

use logto::{
    Timestamp,
    session::store::{PostgresStore, Saved, SessionStore as _, StoreError, StoredSession, sweep},
};
use sqlx::{
    Connection as _, Executor as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use url::Url;

use crate::{
    proxy::Proxy,
    suite::{self, NOW, id, session, unique},
};

pub(crate) use self::migrations::start_at_once;

pub(crate) const APP: &str = "app";

async fn connection() -> PgConnection {
    PgConnection::connect(&suite::address("DATABASE_URL"))
        .await
        .expect("a running PostgreSQL")
}

/// Creates a schema for one test, and returns its name and the connection string of a store in it.
async fn schema() -> (String, String) {
    let schema = format!("test_{}", unique().replace('-', "_"));
    let statement = format!("CREATE SCHEMA {schema}");
    connection().await.execute(statement.as_str()).await.unwrap();
    let mut url = Url::parse(&suite::address("DATABASE_URL")).unwrap();
    url.query_pairs_mut().append_pair("options[search_path]", &schema);
    (schema, url.into())
}

/// Creates a database for one test, and returns its name and its connection string.
pub(crate) async fn create_database() -> (String, String) {
    let database = format!("test_{}", unique().replace('-', "_"));
    let statement = format!("CREATE DATABASE {database}");
    connection().await.execute(statement.as_str()).await.unwrap();
    let mut url = Url::parse(&suite::address("DATABASE_URL")).unwrap();
    url.set_path(&database);
    (database, url.into())
}

pub(crate) async fn drop_database(database: &str) {
    let statement = format!("DROP DATABASE {database} WITH (FORCE)");
    connection().await.execute(statement.as_str()).await.unwrap();
}

async fn store() -> PostgresStore {
    PostgresStore::new(&schema().await.1, APP).expect("a valid DATABASE_URL")
}

suite::behaviours!(store().await);

#[tokio::test]
async fn apps_in_one_database_are_separated() {
    let (_, address) = schema().await;
    let [one, other] = ["one", "other"].map(|app| PostgresStore::new(&address, app).unwrap());
    suite::apps_on_one_server_are_separated(&one, &other).await;
}

#[test]
fn debug_output_contains_no_password() {
    let store = PostgresStore::new("postgres://user:password@127.0.0.1:1/none", APP).unwrap();
    assert_eq!(format!("{store:?}"), format!("PostgresStore {{ app_id: {APP:?}, .. }}"));
}

#[tokio::test]
async fn a_missing_server_is_unavailable_and_not_empty() {
    suite::is_unavailable(&PostgresStore::new("postgres://127.0.0.1:1/none", APP).unwrap()).await;
}

#[tokio::test]
async fn an_unresponsive_connection_is_replaced() {
    let (_, address) = schema().await;
    let proxy = Proxy::to(&address).await;
    let store = PostgresStore::new(&proxy.address(&address), APP).unwrap();
    suite::recovers_from_an_unresponsive_server(&store, || proxy.stop_forwarding(), || proxy.forward()).await;
}

#[tokio::test]
async fn a_connection_that_hangs_when_it_is_released_frees_its_slot_in_the_pool() {
    let (_, address) = schema().await;
    let proxy = Proxy::to(&address).await;
    let store = store_with_one_connection(&address, &proxy).await;
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
    // The answer has arrived, but the connection has not been returned to the pool.
    proxy.stop_forwarding();
    proxy.forward();
    // This query waits for the same time as the release, after which the slot is free.
    let _ = store.load(&id(), NOW).await;
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
}

/// A store whose pool has one connection, through a proxy that counts connections.
async fn store_with_one_connection(address: &str, proxy: &Proxy) -> PostgresStore {
    let options = PgConnectOptions::from_str(&proxy.address(address)).unwrap();
    let store = PostgresStore::with_pool(PgPoolOptions::new().max_connections(1).connect_lazy_with(options), APP);
    store.migrate().await.unwrap();
    store
}

#[tokio::test]
async fn queries_share_a_connection() {
    let (_, address) = schema().await;
    let proxy = Proxy::to(&address).await;
    let store = store_with_one_connection(&address, &proxy).await;
    for _ in 0..3 {
        assert_eq!(store.load(&id(), NOW).await, Ok(None));
    }
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn a_failed_query_closes_its_connection() {
    let (schema, address) = schema().await;
    let proxy = Proxy::to(&address).await;
    let store = store_with_one_connection(&address, &proxy).await;
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
    let drop_table = format!("DROP TABLE {schema}.logto_sessions");
    connection().await.execute(drop_table.as_str()).await.unwrap();
    assert_eq!(store.load(&id(), NOW).await, Err(StoreError::Unexpected("postgres")));
    store.migrate().await.unwrap();
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn a_cancelled_query_is_a_transient_error() {
    let (schema, address) = schema().await;
    let mut url = Url::parse(&address).unwrap();
    url.query_pairs_mut().append_pair("options[statement_timeout]", "50");
    let store = PostgresStore::new(url.as_str(), APP).unwrap();
    store.migrate().await.unwrap();
    let mut other = connection().await;
    let mut transaction = other.begin().await.unwrap();
    let lock = format!("LOCK TABLE {schema}.logto_sessions");
    transaction.execute(lock.as_str()).await.unwrap();
    assert_eq!(store.load(&id(), NOW).await, Err(StoreError::Unavailable("postgres")));
    transaction.rollback().await.unwrap();
}

#[tokio::test]
async fn a_table_of_another_shape_is_an_unexpected_error() {
    let (schema, address) = schema().await;
    let store = PostgresStore::new(&address, APP).unwrap();
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    let change = format!("ALTER TABLE {schema}.logto_sessions ALTER version TYPE text");
    connection().await.execute(change.as_str()).await.unwrap();
    assert_eq!(store.load(&id, NOW).await, Err(StoreError::Unexpected("postgres")));
}

#[tokio::test]
async fn a_sweep_removes_all_batches() {
    let (schema, address) = schema().await;
    let store = PostgresStore::new(&address, APP).unwrap();
    store.migrate().await.unwrap();
    let many = format!(
        "INSERT INTO {schema}.logto_sessions (app, id, version, sealed, sub, sid, expires)
         SELECT '{APP}', number, 1, '', 'u', NULL, number FROM generate_series(1, 2500) AS number"
    );
    connection().await.execute(many.as_str()).await.unwrap();
    assert_eq!(store.delete_expired(NOW, 7).await, Ok(7), "a batch respects the limit");
    let other = PostgresStore::new(&address, APP).unwrap();
    let now = Timestamp::from_secs(2_400);
    let (one, two) = futures_util::join!(sweep(&store, now), sweep(&other, now));
    assert_eq!(one.unwrap() + two.unwrap(), 2_393, "concurrent sweeps share the work");
    assert_eq!(
        store.delete_by_sub("u").await,
        Ok(100),
        "the sessions that have not expired are left"
    );
}

#[tokio::test]
async fn a_sweep_skips_locked_sessions() {
    let (schema, address) = schema().await;
    let store = PostgresStore::new(&address, APP).unwrap();
    let ids = [id(), id()];
    for id in &ids {
        let session = StoredSession {
            expires: NOW.plus(1),
            ..session(1)
        };
        assert_eq!(store.save(id, None, session, NOW).await, Ok(Saved::Done));
    }
    let mut user = connection().await;
    let mut transaction = user.begin().await.unwrap();
    let lock = format!(
        "SELECT 1 FROM {schema}.logto_sessions WHERE id = '{}' FOR UPDATE",
        ids[0].to_text()
    );
    transaction.execute(lock.as_str()).await.unwrap();
    assert_eq!(sweep(&store, NOW.plus(1)).await, Ok(1));
    transaction.rollback().await.unwrap();
    assert_eq!(sweep(&store, NOW.plus(1)).await, Ok(1), "the next sweep removes it");
}
