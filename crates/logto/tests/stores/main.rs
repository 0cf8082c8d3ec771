//! What every store does: one suite of behaviours, run on each.
//!
//! Redis and PostgreSQL are the real servers, named by `REDIS_URL` and `DATABASE_URL`;
//! `script/test` starts them where there are none.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

mod postgres;
mod proxy;
mod redis;
mod suite;

use logto::session::store::MemoryStore;

mod memory {
    use super::{MemoryStore, suite};

    suite::behaviours!(MemoryStore::default());
}
