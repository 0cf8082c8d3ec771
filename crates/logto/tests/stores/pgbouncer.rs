//! PostgreSQL behind a real `PgBouncer` in transaction mode, which supports no prepared statements.

mod server;

use futures_util::future::join_all;
use logto::session::store::{PostgresStore, Saved, SessionStore as _, StoreError};

use self::server::PgBouncer;
use crate::{
    postgres::{APP, create_database, drop_database, start_at_once},
    suite::{self, NOW, id, session},
};

/// The setting that the documentation names for it.
const SETTING: &str = "statement-cache-capacity=0";

#[tokio::test]
async fn all_behaviours() {
    let (database, address) = create_database().await;
    let pgbouncer = PgBouncer::start(&address);
    let store = PostgresStore::new(&pgbouncer.address(&address, SETTING), APP).unwrap();
    suite::behaviours!(together & store);
    drop(pgbouncer);
    drop_database(&database).await;
}

#[tokio::test]
async fn twenty_clients_share_two_connections() {
    let (database, address) = create_database().await;
    let pgbouncer = PgBouncer::start(&address);
    let address = pgbouncer.address(&address, SETTING);
    let clients = (0..20).map(|_| {
        let store = PostgresStore::new(&address, APP).unwrap();
        async move {
            for _ in 0..20 {
                let (id, saved, changed) = (id(), session(1), session(2));
                assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
                assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
                assert_eq!(store.save(&id, Some(1), changed.clone(), NOW).await, Ok(Saved::Done));
                assert_eq!(store.load_all(&[id, id], NOW).await, Ok(vec![Some(changed.clone()); 2]));
                assert_eq!(store.delete_by_sub(&changed.sub).await, Ok(1));
                assert_eq!(store.delete(&id).await, Ok(()));
            }
        }
    });
    join_all(clients.map(tokio::spawn))
        .await
        .into_iter()
        .for_each(Result::unwrap);
    assert!(pgbouncer.server_connections(&database).await <= 2);
    drop(pgbouncer);
    drop_database(&database).await;
}

#[tokio::test]
async fn sixteen_instances_can_start_at_once_with_an_empty_database() {
    let (database, address) = create_database().await;
    let pgbouncer = PgBouncer::start(&address);
    start_at_once(16, &pgbouncer.address(&address, SETTING)).await;
    drop(pgbouncer);
    drop_database(&database).await;
}

/// `PgBouncer` before version 1.21, or with `max_prepared_statements=0`.
#[tokio::test]
async fn a_store_that_prepares_statements_says_which_setting_is_missing() {
    let (database, address) = create_database().await;
    let pgbouncer = PgBouncer::start(&address);
    let stores: Vec<_> = (0..20)
        .map(|_| PostgresStore::new(&pgbouncer.address(&address, ""), APP).unwrap())
        .collect();
    let id = id();
    let results = join_all(stores.iter().map(|store| store.load(&id, NOW))).await;
    let error = results
        .into_iter()
        .find_map(Result::err)
        .expect("a statement that exists already");
    assert_eq!(error, StoreError::PreparedStatements("postgres"));
    assert!(error.to_string().contains(SETTING), "{error}");
    drop(pgbouncer);
    drop_database(&database).await;
}
