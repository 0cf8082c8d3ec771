//! Creating and migrating the tables, and tables that another version has migrated.

use futures_util::future::join_all;
use logto::{
    Diagnose as _,
    session::store::{PostgresStore, Saved, SessionStore as _, StoreError, StoredSession},
};
use sqlx::{Connection as _, Executor as _, PgConnection};
use url::Url;

use super::{APP, connection, create_database, drop_database, schema};
use crate::suite::{self, NOW, id, session};

/// How the version is changed, as a migration of a newer version of the library would.
async fn set_version(schema: &str, version: i32, oldest_compatible: i32) {
    let statement = format!(
        "UPDATE {schema}.logto_sessions_schema SET version = {version}, oldest_compatible = {oldest_compatible}"
    );
    assert_eq!(
        connection()
            .await
            .execute(statement.as_str())
            .await
            .unwrap()
            .rows_affected(),
        1
    );
}

async fn version(schema: &str) -> i32 {
    let query = format!("SELECT version FROM {schema}.logto_sessions_schema");
    sqlx::query_scalar(&query)
        .fetch_one(&mut connection().await)
        .await
        .unwrap()
}

/// As many instances that start use `address` for the first time.
pub(crate) async fn start_at_once(instances: usize, address: &str) {
    let stores: Vec<_> = (0..instances)
        .map(|_| PostgresStore::new(address, APP).unwrap())
        .collect();
    let ids: Vec<_> = stores.iter().map(|_| id()).collect();
    let first_uses = stores.iter().zip(&ids).map(|(store, id)| store.load(id, NOW));
    let results = join_all(first_uses).await;
    assert!(results.iter().all(|result| *result == Ok(None)), "{results:?}");
    assert_eq!(stores[0].migrate().await, Ok(()), "a second migration");
}

#[tokio::test]
async fn sixteen_instances_can_start_at_once_with_an_empty_database() {
    let (schema, address) = schema().await;
    start_at_once(16, &address).await;
    assert_eq!(version(&schema).await, 3);
}

#[tokio::test]
async fn migrations_at_once_see_each_other_at_every_isolation_level() {
    let (schema, address) = schema().await;
    let address = format!("{address}&options[default_transaction_isolation]=serializable");
    let stores: Vec<_> = (0..16).map(|_| PostgresStore::new(&address, APP).unwrap()).collect();
    let results = join_all(stores.iter().map(PostgresStore::migrate)).await;
    assert!(results.iter().all(|result| *result == Ok(())), "{results:?}");
    assert_eq!(version(&schema).await, 3);
}

#[tokio::test]
async fn a_failed_first_use_is_not_cached() {
    // A separate database, because the advisory lock for migrations is per database.
    let (database, address) = create_database().await;
    let store = PostgresStore::new(&address, APP).unwrap();
    let mut holder = PgConnection::connect(&address).await.unwrap();
    holder.execute("SELECT pg_advisory_lock(5402021511)").await.unwrap();
    let ids: Vec<_> = (0..5).map(|_| id()).collect();
    for result in join_all(ids.iter().map(|id| store.load(id, NOW))).await {
        let expected = Err(StoreError::Unavailable("postgres"));
        assert_eq!(result, expected, "another process holds the lock for migrations");
    }
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'";
    let waiting = sqlx::query_scalar::<_, i64>(waiting).bind(&database);
    assert_eq!(waiting.fetch_one(&mut holder).await.unwrap(), 1, "one request migrates");
    holder.close().await.unwrap();
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
    drop_database(&database).await;
}

#[tokio::test]
async fn a_newer_schema_that_this_version_cannot_use_is_reported() {
    let (schema, address) = schema().await;
    let running = PostgresStore::new(&address, APP).unwrap();
    assert_eq!(running.load(&id(), NOW).await, Ok(None));
    set_version(&schema, 7, 7).await;
    let expected = StoreError::SchemaTooNew {
        store: "postgres",
        found: 7,
        supported: 3,
    };
    let starting = PostgresStore::new(&address, APP).unwrap();
    for result in [starting.load(&id(), NOW).await.map(drop), starting.migrate().await] {
        let error = result.unwrap_err();
        assert_eq!(error, expected);
        assert_eq!(error.code(), "store_schema_too_new");
        assert!(
            error.to_string().contains("deploy the app with the newer library"),
            "{error}"
        );
    }
    assert_eq!(version(&schema).await, 7, "nothing was changed");

    // An instance that was running when the tables changed.
    let change = format!("ALTER TABLE {schema}.logto_sessions RENAME sealed TO content");
    connection().await.execute(change.as_str()).await.unwrap();
    assert_eq!(running.load(&id(), NOW).await, Err(StoreError::Unexpected("postgres")));
    assert_eq!(running.load(&id(), NOW).await, Err(expected));
}

#[tokio::test]
async fn instances_of_two_versions_share_a_compatible_schema() {
    let (schema, address) = schema().await;
    start_at_once(2, &address).await;
    // The next version has added a column.
    set_version(&schema, 4, 3).await;
    let change = format!("ALTER TABLE {schema}.logto_sessions ADD later text");
    connection().await.execute(change.as_str()).await.unwrap();
    start_at_once(2, &address).await;
    assert_eq!(version(&schema).await, 4, "this version migrates nothing back");
    let store = PostgresStore::new(&address, APP).unwrap();
    suite::behaviours!(together & store);
}

/// Imitates a release without a schema version: it looks for the column `app`, migrates if that is
/// missing, and sends these statements.
#[tokio::test]
async fn an_instance_of_the_version_before_works_with_the_current_tables() {
    let (schema, address) = schema().await;
    let store = PostgresStore::new(&address, APP).unwrap();
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));

    let mut old = PgConnection::connect(&address).await.unwrap();
    let finds_table = "SELECT EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('logto_sessions') AND attname = 'app' AND NOT attisdropped)";
    assert!(
        sqlx::query_scalar::<_, bool>(finds_table)
            .fetch_one(&mut old)
            .await
            .unwrap()
    );
    let migrations = concat!(
        include_str!("../../../migrations/0001_logto_sessions.sql"),
        include_str!("../../../migrations/0002_app.sql")
    );
    old.execute(sqlx::raw_sql(migrations)).await.unwrap();
    let update = "UPDATE logto_sessions SET version = $3, sealed = $4, sub = $5, sid = $6, expires = $7
        WHERE app = $1 AND id = $2 AND expires > $8 AND version = $9";
    let expires = |session: &StoredSession| i64::try_from(session.expires.as_secs()).unwrap();
    let next = session(2);
    let updated = sqlx::query(update)
        .bind(APP)
        .bind(id.to_text())
        .bind(2_i64)
        .bind(&next.sealed)
        .bind(&next.sub)
        .bind(&next.sid)
        .bind(expires(&next))
        .bind(i64::try_from(NOW.as_secs()).unwrap())
        .bind(1_i64)
        .execute(&mut old)
        .await
        .unwrap();
    assert_eq!(updated.rows_affected(), 1);
    assert_eq!(store.load(&id, NOW).await, Ok(Some(next)));
    assert_eq!(store.save(&id, Some(2), saved, NOW).await, Ok(Saved::Done));
    assert_eq!(version(&schema).await, 3);
}

#[tokio::test]
async fn a_role_that_may_not_create_tables_can_use_current_ones() {
    let (schema, address) = schema().await;
    let role = format!("role_{schema}");
    let mut limited = Url::parse(&address).unwrap();
    limited.set_username(&role).unwrap();
    limited.set_password(Some("password")).unwrap();
    let mut owner = connection().await;
    let statement = format!("CREATE ROLE {role} LOGIN PASSWORD 'password'; GRANT USAGE ON SCHEMA {schema} TO {role}");
    owner.execute(sqlx::raw_sql(&statement)).await.unwrap();
    let store = PostgresStore::new(limited.as_str(), APP).unwrap();
    let missing = store.load(&id(), NOW).await.unwrap_err();
    assert_eq!(
        missing,
        StoreError::SchemaOutdated {
            store: "postgres",
            needed: 3
        },
        "there is no table, and no right to create it"
    );
    assert!(
        missing.to_string().contains("run `PostgresStore::migrate`"),
        "{missing}"
    );

    PostgresStore::new(&address, APP).unwrap().migrate().await.unwrap();
    let statement = format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.logto_sessions TO {role}");
    owner.execute(statement.as_str()).await.unwrap();
    suite::behaviours!(together & store);

    // Tables of an earlier version.
    let statement = format!("DROP TABLE {schema}.logto_sessions_schema");
    owner.execute(statement.as_str()).await.unwrap();
    let store = PostgresStore::new(limited.as_str(), APP).unwrap();
    assert_eq!(store.load(&id(), NOW).await, Err(missing));

    let statement = format!("DROP SCHEMA {schema} CASCADE; DROP ROLE {role}");
    owner.execute(sqlx::raw_sql(&statement)).await.unwrap();
}

/// Creates the table as it was before it had a column for the app.
async fn old_table(schema: &str) -> PgConnection {
    let mut owner = connection().await;
    let table = include_str!("../../../migrations/0001_logto_sessions.sql");
    let statement = format!("SET search_path = {schema}; {table}");
    owner.execute(sqlx::raw_sql(statement.as_str())).await.unwrap();
    owner
}

#[tokio::test]
async fn a_migrated_table_keeps_its_sessions() {
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
        assert_eq!(loaded, Ok(Some(saved.clone())), "several processes concurrently");
    }
    assert_eq!(stores[0].migrate().await, Ok(()), "a second migration");
    let other = PostgresStore::new(&address, "another").unwrap();
    assert_eq!(other.load(&id, NOW).await, Ok(None));
    let (id, saved) = (self::id(), session(1));
    assert_eq!(other.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(other.load(&id, NOW).await, Ok(Some(saved)));
}
