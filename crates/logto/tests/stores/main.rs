//! What every store does: one suite of behaviours, run on each.
//!
//! Redis and PostgreSQL are the real servers, named by `REDIS_URL` and `DATABASE_URL`; `script/test` starts them where there are none.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod suite;

use logto::session::store::MemoryStore;

mod memory {
    use super::{MemoryStore, suite};

    suite::behaviours!(MemoryStore::default());
}

#[cfg(feature = "redis")]
mod redis {
    use logto::session::store::RedisStore;

    use super::suite;

    fn store() -> RedisStore {
        RedisStore::new(&suite::address("REDIS_URL"), &format!("test-{}", suite::unique())).expect("a valid REDIS_URL")
    }

    suite::behaviours!(store());

    #[tokio::test]
    async fn a_server_that_is_not_there_is_unavailable_and_not_empty() {
        suite::is_unavailable(&RedisStore::new("redis://127.0.0.1:1/", "test").unwrap()).await;
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use logto::session::store::PostgresStore;

    use super::suite;

    async fn store() -> PostgresStore {
        let store = PostgresStore::new(&suite::address("DATABASE_URL")).expect("a valid DATABASE_URL");
        store.migrate().await.expect("a role that may make tables");
        store
    }

    suite::behaviours!(store().await);

    #[tokio::test]
    async fn a_server_that_is_not_there_is_unavailable_and_not_empty() {
        suite::is_unavailable(&PostgresStore::new("postgres://127.0.0.1:1/none").unwrap()).await;
    }

    #[tokio::test]
    async fn the_table_can_be_made_by_several_processes_at_once() {
        let stores = [store().await, store().await, store().await];
        let (a, b, c) = futures_util::join!(stores[0].migrate(), stores[1].migrate(), stores[2].migrate());
        assert_eq!((a, b, c), (Ok(()), Ok(()), Ok(())));
    }
}
