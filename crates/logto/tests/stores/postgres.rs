//! PostgreSQL, the real server.

use std::str::FromStr as _;

use logto::{
    Timestamp,
    session::{
        SessionStore as _,
        store::{PostgresStore, Saved, StoreError, StoredSession, sweep},
    },
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

const APP: &str = "app";

async fn connection() -> PgConnection {
    PgConnection::connect(&suite::address("DATABASE_URL"))
        .await
        .expect("a running PostgreSQL")
}

/// A schema that no other test uses, and the connection string of a store in it.
async fn schema() -> (String, String) {
    let schema = format!("test_{}", unique().replace('-', "_"));
    let statement = format!("CREATE SCHEMA {schema}");
    connection().await.execute(statement.as_str()).await.unwrap();
    let mut url = Url::parse(&suite::address("DATABASE_URL")).unwrap();
    url.query_pairs_mut().append_pair("options[search_path]", &schema);
    (schema, url.into())
}

async fn store() -> PostgresStore {
    PostgresStore::new(&schema().await.1, APP).expect("a valid DATABASE_URL")
}

suite::behaviours!(store().await);

#[tokio::test]
async fn two_apps_in_one_database_have_nothing_to_do_with_each_other() {
    let (_, address) = schema().await;
    let [one, other] = ["one", "other"].map(|app| PostgresStore::new(&address, app).unwrap());
    suite::apps_on_one_server_have_nothing_to_do_with_each_other(&one, &other).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_and_not_empty() {
    suite::is_unavailable(&PostgresStore::new("postgres://127.0.0.1:1/none", APP).unwrap()).await;
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_and_another_connection_is_opened() {
    let (_, address) = schema().await;
    let proxy = Proxy::to(&address).await;
    let store = PostgresStore::new(&proxy.address(&address), APP).unwrap();
    suite::falls_silent_and_comes_back(&store, || proxy.fall_silent(), || proxy.speak()).await;
}

#[tokio::test]
async fn a_connection_that_falls_silent_on_its_way_back_does_not_keep_its_place_in_the_pool() {
    let (_, address) = schema().await;
    let proxy = Proxy::to(&address).await;
    let options = PgConnectOptions::from_str(&proxy.address(&address)).unwrap();
    let store = PostgresStore::with_pool(PgPoolOptions::new().max_connections(1).connect_lazy_with(options), APP);
    store.migrate().await.unwrap();
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
    // The answer is here, and the connection has not had its turn to return.
    proxy.fall_silent();
    proxy.speak();
    // Its place is free after the longest wait, which begins now for this one too.
    let _ = store.load(&id(), NOW).await;
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
}

#[tokio::test]
async fn the_table_can_be_made_by_several_processes_at_once() {
    let (_, address) = schema().await;
    let stores: Vec<_> = (0..5).map(|_| PostgresStore::new(&address, APP).unwrap()).collect();
    let ids: Vec<_> = stores.iter().map(|_| id()).collect();
    let first_uses = stores.iter().zip(&ids).map(|(store, id)| store.load(id, NOW));
    let results = futures_util::future::join_all(first_uses).await;
    assert!(results.iter().all(|result| *result == Ok(None)), "{results:?}");
    assert_eq!(stores[0].migrate().await, Ok(()), "and again");
}

#[tokio::test]
async fn a_server_that_is_down_at_the_first_use_is_not_remembered_as_down() {
    // A database of its own: the lock on making tables is one for all of a database.
    let database = format!("test_{}", unique().replace('-', "_"));
    let mut owner = connection().await;
    owner
        .execute(format!("CREATE DATABASE {database}").as_str())
        .await
        .unwrap();
    let mut url = Url::parse(&suite::address("DATABASE_URL")).unwrap();
    url.set_path(&database);
    let store = PostgresStore::new(url.as_str(), APP).unwrap();
    let mut holder = PgConnection::connect(url.as_str()).await.unwrap();
    holder.execute("SELECT pg_advisory_lock(5402021511)").await.unwrap();
    assert_eq!(
        store.load(&id(), NOW).await,
        Err(StoreError::Unavailable("postgres")),
        "the table cannot be made yet"
    );
    holder.close().await.unwrap();
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
    owner
        .execute(format!("DROP DATABASE {database} WITH (FORCE)").as_str())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_role_that_may_not_make_tables_uses_the_one_that_is_there() {
    let (schema, address) = schema().await;
    let role = format!("role_{schema}");
    let mut limited = Url::parse(&address).unwrap();
    limited.set_username(&role).unwrap();
    limited.set_password(Some("password")).unwrap();
    let mut owner = connection().await;
    let statement = format!("CREATE ROLE {role} LOGIN PASSWORD 'password'; GRANT USAGE ON SCHEMA {schema} TO {role}");
    owner.execute(statement.as_str()).await.unwrap();
    let store = PostgresStore::new(limited.as_str(), APP).unwrap();
    let missing = store.load(&id(), NOW).await;
    assert_eq!(
        missing,
        Err(StoreError::Unexpected("postgres")),
        "no table, and no right to make it"
    );

    PostgresStore::new(&address, APP).unwrap().migrate().await.unwrap();
    let statement = format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.logto_sessions TO {role}");
    owner.execute(statement.as_str()).await.unwrap();
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
    assert_eq!(store.delete(&id).await, Ok(()));
    let statement = format!("DROP SCHEMA {schema} CASCADE; DROP ROLE {role}");
    owner.execute(statement.as_str()).await.unwrap();
}

#[tokio::test]
async fn a_sweep_goes_on_until_every_batch_is_gone() {
    let (schema, address) = schema().await;
    let store = PostgresStore::new(&address, APP).unwrap();
    store.migrate().await.unwrap();
    let many = format!(
        "INSERT INTO {schema}.logto_sessions (app, id, version, sealed, sub, sid, expires)
         SELECT '{APP}', number, 1, '', 'u', NULL, number FROM generate_series(1, 2500) AS number"
    );
    connection().await.execute(many.as_str()).await.unwrap();
    assert_eq!(
        store.delete_expired(NOW, 7).await,
        Ok(7),
        "a batch is no larger than asked for"
    );
    let other = PostgresStore::new(&address, APP).unwrap();
    let now = Timestamp::from_secs(2_400);
    let (one, two) = futures_util::join!(sweep(&store, now), sweep(&other, now));
    assert_eq!(one.unwrap() + two.unwrap(), 2_393, "two at once share the work");
    assert_eq!(store.delete_by_sub("u").await, Ok(100), "what has not ended is there");
}

#[tokio::test]
async fn a_sweep_does_not_wait_for_a_session_that_is_in_use() {
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
    assert_eq!(sweep(&store, NOW.plus(1)).await, Ok(1), "the next one gets it");
}

/// The table as it was before it had a column for the app.
async fn old_table(schema: &str) -> PgConnection {
    let mut owner = connection().await;
    let table = include_str!("../../migrations/0001_logto_sessions.sql");
    let statement = format!("SET search_path = {schema}; {table}");
    owner.execute(sqlx::raw_sql(statement.as_str())).await.unwrap();
    owner
}

#[tokio::test]
async fn a_table_from_before_there_was_an_app_in_it_keeps_its_sessions() {
    let (schema, address) = schema().await;
    let mut owner = old_table(&schema).await;
    let (id, saved) = (id(), session(1));
    sqlx::query("INSERT INTO logto_sessions VALUES ($1, 1, $2, $3, $4, $5)")
        .bind(id.to_text())
        .bind(&saved.sealed)
        .bind(&saved.sub)
        .bind(&saved.sid)
        .bind(i64::try_from(saved.expires.as_secs()).unwrap())
        .execute(&mut owner)
        .await
        .unwrap();
    let stores: Vec<_> = (0..5).map(|_| PostgresStore::new(&address, APP).unwrap()).collect();
    let loads = stores.iter().map(|store| store.load(&id, NOW));
    for loaded in futures_util::future::join_all(loads).await {
        assert_eq!(loaded, Ok(Some(saved.clone())), "several processes at once");
    }
    assert_eq!(stores[0].migrate().await, Ok(()), "and again");
    let other = PostgresStore::new(&address, "another").unwrap();
    assert_eq!(other.load(&id, NOW).await, Ok(None));
    let (id, saved) = (suite::id(), session(1));
    assert_eq!(other.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(other.load(&id, NOW).await, Ok(Some(saved)));
}
