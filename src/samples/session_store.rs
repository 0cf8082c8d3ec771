use std::error::Error;

use logto_leptos::{
    WebConfig,
    store::{PostgresStore, RedisStore},
};

/// Keeps sessions in Redis or Valkey. The browser has only a random id.
pub fn with_redis(web: WebConfig) -> Result<WebConfig, Box<dyn Error>> {
    let store = RedisStore::new("redis://127.0.0.1:6379/0", "my-app")?;
    Ok(web.with_store(store))
}

/// Keeps sessions in PostgreSQL.
pub fn with_postgres(web: WebConfig) -> Result<WebConfig, Box<dyn Error>> {
    let store = PostgresStore::new("postgres://app:password@127.0.0.1/app", "my-app")?;
    Ok(web.with_store(store))
}
