//! Opens a store by its connection string.

use std::sync::Arc;

#[cfg(feature = "postgres")]
use super::PostgresStore;
#[cfg(feature = "redis")]
use super::RedisStore;
use super::{MemoryStore, SessionStore, address_error::StoreAddressError};
use crate::tls::TrustedCertificates;

/// Opens the store that a connection string names. `app_id` separates apps that share a server.
///
/// | connection string | store |
/// |---|---|
/// | `memory:`, `memory:50000` | [`MemoryStore`], with the default or the given capacity |
/// | `redis://…`, `redis-cluster://…`, `redis-sentinel://…`, or `rediss` for TLS | `RedisStore`, with keys that begin with `app_id`; needs the feature `redis` |
/// | `postgres://…`, `postgresql://…` | `PostgresStore`, with a table that the first use creates; needs the feature `postgres` |
///
/// The store connects when it is first used, so that an app starts while its store is down.
///
/// The certificate of a remote PostgreSQL server is verified (`sslmode=verify-full`), unless the
/// address has `sslmode=require` or `sslmode=disable`; `verify-ca` is treated as `verify-full`.
/// `PG*` variables and the password file are not used. The default user is `postgres`.
///
/// ```
/// let store = logto::session::store::open("memory:50000", "my-app")?;
/// # Ok::<(), logto::session::store::StoreAddressError>(())
/// ```
///
/// # Errors
///
/// If the scheme is unknown, its feature is disabled, or the address is not valid. The error
/// contains no part of the connection string.
pub fn open(address: &str, app_id: &str) -> Result<Arc<dyn SessionStore>, StoreAddressError> {
    open_with_certificates(address, app_id, &TrustedCertificates::default())
}

/// Like [`open`], with further trusted certificate authorities.
///
/// # Errors
///
/// The errors of [`open`].
#[cfg_attr(
    not(any(feature = "redis", feature = "postgres")),
    expect(
        unused_variables,
        reason = "a store in memory needs neither an app id nor certificates"
    )
)]
pub fn open_with_certificates(
    address: &str,
    app_id: &str,
    trusted: &TrustedCertificates,
) -> Result<Arc<dyn SessionStore>, StoreAddressError> {
    let (scheme, rest) = address.trim().split_once(':').ok_or(StoreAddressError::UnknownScheme)?;
    match scheme {
        "memory" => Ok(Arc::new(memory(rest)?)),
        scheme if is_redis(scheme) && !cfg!(feature = "redis") => Err(StoreAddressError::FeatureOff("redis")),
        "postgres" | "postgresql" if !cfg!(feature = "postgres") => Err(StoreAddressError::FeatureOff("postgres")),
        #[cfg(feature = "redis")]
        scheme if is_redis(scheme) => Ok(Arc::new(RedisStore::open(address.trim(), app_id, trusted)?)),
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(Arc::new(PostgresStore::open(address.trim(), app_id, trusted)?)),
        _ => Err(StoreAddressError::UnknownScheme),
    }
}

/// Some clients write `+` where others write `-`.
fn is_redis(scheme: &str) -> bool {
    let rest = scheme.strip_prefix("rediss").or_else(|| scheme.strip_prefix("redis"));
    matches!(rest, Some("" | "-cluster" | "+cluster" | "-sentinel" | "+sentinel"))
}

fn memory(capacity: &str) -> Result<MemoryStore, StoreAddressError> {
    if capacity.is_empty() {
        return Ok(MemoryStore::default());
    }
    match capacity.parse() {
        Ok(capacity) if capacity > 0 => Ok(MemoryStore::new(capacity)),
        _ => Err(StoreAddressError::Invalid("memory")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Diagnose as _;

    fn error(address: &str) -> StoreAddressError {
        open(address, "app").unwrap_err()
    }

    #[test]
    fn the_scheme_chooses_the_store() {
        let kind = |address| format!("{:?}", open(address, "app").unwrap());
        assert!(kind("memory:").starts_with("MemoryStore { capacity: 100000"));
        assert!(kind(" memory:50000 ").starts_with("MemoryStore { capacity: 50000"));
        #[cfg(feature = "redis")]
        for address in [
            "redis://127.0.0.1",
            "rediss://user:word@redis.example.com:6380/1",
            "redis-cluster://user:word@one:7000,two:7000",
            "rediss+cluster://one,two",
            "redis+sentinel://one,two/mymaster",
            "rediss-sentinel://user:word@one,two/mymaster/1?sentinel_password=p",
        ] {
            assert!(kind(address).starts_with("RedisStore { app_id: \"app\""));
        }
        #[cfg(feature = "postgres")]
        for address in ["postgres://user@127.0.0.1/app", "postgresql://db.example.com"] {
            assert!(kind(address).starts_with("PostgresStore { app_id: \"app\""));
        }
    }

    #[test]
    fn rejects_an_unknown_scheme() {
        for address in [
            "",
            "mysql://127.0.0.1",
            "127.0.0.1:6379",
            "/var/run/redis.sock",
            "redis-replica://127.0.0.1",
            "redis+unix:///var/run/redis.sock",
            "REDIS",
            "redis",
        ] {
            assert_eq!(error(address), StoreAddressError::UnknownScheme, "{address}");
        }
        assert_eq!(error("mysql://h").code(), "store_scheme_unknown");
    }

    #[test]
    fn names_the_feature_of_a_store_that_is_not_compiled_in() {
        for (feature, is_on, address) in [
            ("redis", cfg!(feature = "redis"), "rediss://h"),
            ("redis", cfg!(feature = "redis"), "redis-cluster://h"),
            ("redis", cfg!(feature = "redis"), "rediss-sentinel://h/mymaster"),
            ("postgres", cfg!(feature = "postgres"), "postgresql://h"),
        ] {
            let opened = open(address, "app");
            assert_eq!(opened.is_ok(), is_on);
            if let Err(error) = opened {
                assert_eq!(error, StoreAddressError::FeatureOff(feature));
                assert_eq!(error.code(), "store_feature_off");
            }
        }
    }

    #[test]
    fn rejects_an_address_of_the_wrong_form() {
        for address in ["memory:many", "memory:0", "memory:-1"] {
            assert_eq!(error(address), StoreAddressError::Invalid("memory"));
        }
        assert_eq!(error("memory:many").code(), "store_address_invalid");
        #[cfg(feature = "redis")]
        for address in [
            "redis://:p4ss@h/database",
            "rediss://h/#insecure",
            "rediss://",
            "redis-cluster://h:port",
            "rediss-cluster://h,bad name",
        ] {
            assert_eq!(error(address), StoreAddressError::Invalid("redis"), "{address}");
        }
        #[cfg(feature = "redis")]
        for (address, code) in [
            ("redis://:p4ss@h,i", "store_address_several_servers"),
            ("redis-cluster://:p4ss@h,i/1", "store_cluster_database"),
            ("redis-sentinel://:p4ss@h,i", "store_primary_name_missing"),
            ("redis-sentinel://:p4ss@h,i/m?x=y", "store_parameter_unknown"),
        ] {
            assert_eq!(error(address).code(), code, "{address}");
        }
        #[cfg(feature = "postgres")]
        assert_eq!(
            error("postgres://u:p4ss@h/d?sslmode=maybe"),
            StoreAddressError::Invalid("postgres")
        );
    }

    #[test]
    fn errors_and_debug_output_contain_no_password() {
        for address in [
            "mysql://u:p4ss@h",
            "p4ss:word@h",
            "memory:p4ss",
            "redis://u:p4ss@h/p4ss",
            "rediss://u:p4ss@h",
            "redis-cluster://u:p4ss@h,i",
            "redis-cluster://u:p4ss@h,i/1",
            "redis-sentinel://u:p4ss@h,i/m?sentinel_password=p4ss",
            "redis-sentinel://u:p4ss@h,i/m?password=p4ss",
            "rediss-sentinel://u:p4ss@h,i",
            "postgres://u:p4ss@h/d?port=p4ss",
            "postgres://u:p4ss@h/d",
        ] {
            let text = match open(address, "app") {
                Ok(store) => format!("{store:?} {store:#?}"),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!text.contains("p4ss"), "{text}");
        }
    }
}
