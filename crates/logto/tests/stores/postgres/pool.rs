//! A pool of the app, with settings of its own.

use std::str::FromStr as _;

use logto::session::store::{PostgresStore, SessionStore as _, StoreError};
use sqlx::{
    Executor as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{APP, schema};
use crate::suite::{self, NOW, id};

fn options(address: &str) -> PgConnectOptions {
    PgConnectOptions::from_str(address).unwrap()
}

/// A store in a new schema, whose pool has the changed options.
async fn store_with(
    connection: impl FnOnce(PgConnectOptions) -> PgConnectOptions,
    pool: impl FnOnce(PgPoolOptions) -> PgPoolOptions,
) -> PostgresStore {
    let options = connection(options(&schema().await.1));
    let pool = pool(PgPoolOptions::new()).connect_lazy_with(options);
    let store = PostgresStore::with_pool(pool, APP);
    store.migrate().await.unwrap();
    store
}

#[tokio::test]
async fn a_pool_needs_no_cache_of_prepared_statements() {
    for capacity in [0, 1] {
        let store = store_with(|options| options.statement_cache_capacity(capacity), |pool| pool).await;
        suite::behaviours!(together & store);
    }
}

#[tokio::test]
async fn a_pool_may_have_a_stricter_isolation_level() {
    for level in ["repeatable read", "serializable"] {
        let set =
            |options: PgConnectOptions| options.options([("default_transaction_isolation", level.replace(' ', "\\ "))]);
        let store = store_with(set, |pool| pool).await;
        suite::behaviours!(together & store);
    }
}

#[tokio::test]
async fn a_pool_may_have_one_connection_and_hooks() {
    let hooks = |pool: PgPoolOptions| {
        pool.max_connections(1).after_release(|connection, _| {
            Box::pin(async move { connection.execute("DISCARD TEMP").await.map(|_| true) })
        })
    };
    let store = store_with(|options| options, hooks).await;
    suite::behaviours!(together & store);
}

#[tokio::test]
async fn a_pool_may_set_its_search_path_when_it_connects() {
    let (schema, address) = schema().await;
    let address = address.split('?').next().unwrap().to_owned();
    let set = format!("SET search_path = {schema}");
    let pool: PgPool = PgPoolOptions::new()
        .after_connect(move |connection, _| {
            let set = set.clone();
            Box::pin(async move { connection.execute(set.as_str()).await.map(drop) })
        })
        .connect_lazy_with(options(&address));
    let store = PostgresStore::with_pool(pool, APP);
    store.migrate().await.unwrap();
    suite::behaviours!(together & store);
}

#[tokio::test]
async fn a_store_with_a_pool_of_the_app_does_not_migrate_by_itself() {
    let pool = PgPoolOptions::new().connect_lazy_with(options(&schema().await.1));
    let store = PostgresStore::with_pool(pool, APP);
    let outdated = StoreError::SchemaOutdated {
        store: "postgres",
        needed: 3,
    };
    assert_eq!(store.load(&id(), NOW).await, Err(outdated));
    store.migrate().await.unwrap();
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
}
