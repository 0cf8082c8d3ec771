//! The behaviour of session stores: one suite that runs on every store.
//!
//! Redis and PostgreSQL are real servers, named by `REDIS_URL` and `DATABASE_URL`. `script/test`
//! starts them if these variables are not set.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod certificates;
mod load;
mod pgbouncer;
mod postgres;
mod proxy;
mod recorder;
mod redis;
mod redis_acl;
mod redis_cluster;
mod redis_sentinel;
mod suite;

use logto::session::store::MemoryStore;

mod memory {
    use super::{MemoryStore, suite};

    suite::behaviours!(MemoryStore::default());
}
