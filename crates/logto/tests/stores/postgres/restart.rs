//! Connections that break: a restart, a failover, an answer that is lost.

use futures_util::future::join_all;
use logto::session::store::{PostgresStore, Saved, SessionStore as _, StoreError};
use logto_testing::StoreServer;
use sqlx::{Connection as _, Executor as _, PgConnection, postgres::PgPoolOptions};

use super::{APP, schema};
use crate::{
    recorder::{LostAnswers, Recorder, RoundTrip},
    suite::{NOW, id, session, unique},
};

/// Concurrent loads, so that the pool opens as many connections as it may.
async fn use_all_connections(store: &PostgresStore) {
    let ids: Vec<_> = (0..20).map(|_| id()).collect();
    for result in join_all(ids.iter().map(|id| store.load(id, NOW))).await {
        assert_eq!(result, Ok(None));
    }
}

/// Concurrent sign-ins and sign-outs, none of which may fail.
async fn serve_users(store: &PostgresStore) {
    let users = (0..20).map(|_| async {
        let (id, saved, changed) = (id(), session(1), session(2));
        assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
        assert_eq!(store.save(&id, Some(1), changed.clone(), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(changed)));
        assert_eq!(store.delete(&id).await, Ok(()));
        assert_eq!(store.load(&id, NOW).await, Ok(None));
    });
    join_all(users).await;
}

#[tokio::test]
async fn after_a_restart_of_the_server_no_query_fails() {
    let mut server = StoreServer::postgres();
    for parameter in ["", "?statement-cache-capacity=0"] {
        let store = PostgresStore::new(&(server.url() + parameter), APP).unwrap();
        use_all_connections(&store).await;
        server.kill();
        server.start();
        serve_users(&store).await;
    }
}

#[tokio::test]
async fn connections_that_an_administrator_ends_fail_no_query() {
    let address = schema().await.1;
    let name = unique();
    let store = PostgresStore::new(&format!("{address}&application_name={name}"), APP).unwrap();
    use_all_connections(&store).await;
    let mut administrator = PgConnection::connect(&address).await.unwrap();
    let ended = sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1")
        .bind(&name)
        .execute(&mut administrator)
        .await
        .unwrap();
    assert!(ended.rows_affected() > 1, "{ended:?}");
    serve_users(&store).await;
}

#[tokio::test]
async fn a_pool_of_the_app_survives_a_restart_too() {
    let mut server = StoreServer::postgres();
    let pool = PgPoolOptions::new()
        .test_before_acquire(false)
        .connect_lazy(&server.url())
        .unwrap();
    let store = PostgresStore::with_pool(pool, APP);
    store.migrate().await.unwrap();
    use_all_connections(&store).await;
    server.kill();
    server.start();
    serve_users(&store).await;
}

/// A previous primary refuses writes, and new connections lead to its successor.
#[tokio::test]
async fn after_a_failover_a_write_goes_to_the_new_primary() {
    let (previous, next) = (StoreServer::postgres(), StoreServer::postgres());
    let successor = PostgresStore::new(&next.url(), APP).unwrap();
    successor.migrate().await.unwrap();
    let recorder = Recorder::to(&previous.url()).await;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy(&recorder.address(&previous.url()))
        .unwrap();
    let store = PostgresStore::with_pool(pool.clone(), APP);
    store.migrate().await.unwrap();
    pool.execute("SET default_transaction_read_only = on").await.unwrap();
    recorder.redirect(&next.url());

    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(successor.load(&id, NOW).await, Ok(Some(saved)));
}

async fn recorded_store() -> (Recorder, PostgresStore) {
    let address = schema().await.1;
    let recorder = Recorder::to(&address).await;
    let store = PostgresStore::new(&recorder.address(&address), APP).unwrap();
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
    (recorder, store)
}

fn queries(recorder: &Recorder) -> usize {
    recorder
        .round_trips()
        .iter()
        .filter(|round_trip| !round_trip.is_ping())
        .count()
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_recognizes_its_own_row() {
    let (recorder, store) = recorded_store().await;
    let (id, saved, changed) = (id(), session(1), session(2));
    for (expected, next) in [(None, &saved), (Some(1), &changed)] {
        // Prepares the statement, whose preparation would be the lost answer.
        let _ = store.save(&self::id(), expected, session(9), NOW).await;
        recorder.lose_answers(LostAnswers::NextExecution);
        assert_eq!(store.save(&id, expected, next.clone(), NOW).await, Ok(Saved::Done));
        assert!(recorder.has_lost_an_answer());
        assert_eq!(store.load(&id, NOW).await, Ok(Some(next.clone())));
    }
    let other = session(2);
    assert_eq!(
        store.save(&id, Some(1), other, NOW).await,
        Ok(Saved::Conflict),
        "another session of the same version is not its own"
    );
    recorder.lose_answers(LostAnswers::NextExecution);
    assert_eq!(store.delete(&id).await, Ok(()));
    assert_eq!(store.load(&id, NOW).await, Ok(None));
}

#[tokio::test]
async fn a_query_is_sent_twice_at_most() {
    let (recorder, store) = recorded_store().await;
    recorder.lose_answers(LostAnswers::All);
    let before = queries(&recorder);
    assert_eq!(store.load(&id(), NOW).await, Err(StoreError::Unavailable("postgres")));
    assert_eq!(queries(&recorder) - before, 2);
    recorder.lose_answers(LostAnswers::None);
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
    assert!(recorder.round_trips().iter().any(RoundTrip::is_ping));
}
