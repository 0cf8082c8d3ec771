//! A store by its connection string.

use std::sync::Arc;

#[cfg(feature = "postgres")]
use super::PostgresStore;
#[cfg(feature = "redis")]
use super::RedisStore;
use super::{MemoryStore, SessionStore};
use crate::{
    error::{Diagnose, Diagnosis, Fault},
    tls::TrustedCertificates,
};

/// Opens the store that a connection string names. `app_id` keeps apps apart that share a server.
///
/// | connection string | store |
/// |---|---|
/// | `memory:`, `memory:50000` | [`MemoryStore`], with its default or with the most sessions it keeps |
/// | `redis://…`, `rediss://…` (TLS) | `RedisStore`, keys that begin with `app_id`; needs the feature `redis` |
/// | `postgres://…`, `postgresql://…` | `PostgresStore`, rows of `app_id` in a table made at the first use; needs the feature `postgres` |
///
/// Nothing is connected to yet: an app starts while its store is down.
///
/// PostgreSQL beyond this machine has to prove who it is (`sslmode=verify-full`), unless the
/// address says `sslmode=require` or `disable`; `verify-ca` is taken for `verify-full`. No `PG*`
/// variable and no password file completes the address: the user is `postgres` if it names none.
///
/// ```
/// let store = logto::session::store::open("memory:50000", "my-app")?;
/// # Ok::<(), logto::session::store::StoreAddressError>(())
/// ```
///
/// # Errors
///
/// When the scheme is unknown or its feature is off, or the address is not valid. The error holds
/// nothing of the connection string.
pub fn open(address: &str, app_id: &str) -> Result<Arc<dyn SessionStore>, StoreAddressError> {
    open_with_certificates(address, app_id, &TrustedCertificates::default())
}

/// Opens the store, and trusts these certificate authorities in addition to those of the system.
///
/// # Errors
///
/// As [`open`].
#[cfg_attr(
    not(any(feature = "redis", feature = "postgres")),
    expect(
        unused_variables,
        reason = "the memory of a process is of one app, and is not connected to"
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
        "redis" | "rediss" if !cfg!(feature = "redis") => Err(StoreAddressError::FeatureOff("redis")),
        "postgres" | "postgresql" if !cfg!(feature = "postgres") => Err(StoreAddressError::FeatureOff("postgres")),
        #[cfg(feature = "redis")]
        "redis" | "rediss" => Ok(Arc::new(RedisStore::open(address.trim(), app_id, trusted)?)),
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Ok(Arc::new(PostgresStore::open(address.trim(), app_id, trusted)?)),
        _ => Err(StoreAddressError::UnknownScheme),
    }
}

fn memory(most: &str) -> Result<MemoryStore, StoreAddressError> {
    if most.is_empty() {
        return Ok(MemoryStore::default());
    }
    match most.parse() {
        Ok(most) if most > 0 => Ok(MemoryStore::new(most)),
        _ => Err(StoreAddressError::Invalid("memory")),
    }
}

/// A connection string that names no store. It may hold a password: nothing of it is repeated here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreAddressError {
    /// It begins with none of the schemes.
    #[error("the session store's address begins with none of memory:, redis://, rediss://, postgres://, postgresql://")]
    UnknownScheme,
    /// The store is not compiled in.
    #[error("the session store `{0}` is not compiled in; switch on the feature `{0}` of logto or logto-axum")]
    FeatureOff(&'static str),
    /// The rest of the address cannot be read.
    #[error(
        "the session store's address is no valid address for `{0}`; it looks like memory:50000, redis://:password@host:6379/0 or \
         postgres://user:password@host:5432/database, with special characters of the password as %XX"
    )]
    Invalid(&'static str),
    /// PostgreSQL beyond this machine, with a mode that falls back to plain text.
    #[error(
        "the session store's address has sslmode=prefer or allow, which falls back to plain text; leave it out, which means verify-full, or \
         opt out of encryption with sslmode=disable"
    )]
    PlainText,
    /// A parameter that the client of PostgreSQL does not know: it would write the value, a
    /// password perhaps, to the log.
    #[error(
        "the session store's address has a parameter that is not known; known are sslmode, sslrootcert, sslcert, sslkey, host, hostaddr, \
         port, dbname, user, password, application_name, options and statement-cache-capacity"
    )]
    UnknownParameter,
    /// A variable of the environment that the client of PostgreSQL cannot be kept from using.
    #[error(
        "the variable {0} is set, and connections to PostgreSQL would use it; unset it, and write what the session store needs into its \
         address, or open a pool yourself for PostgresStore::with_pool"
    )]
    Variable(&'static str),
    /// There are no certificate authorities to judge a server's certificate by.
    #[error(
        "no TLS client can be made for the session store; check the system's certificate store (package ca-certificates)"
    )]
    NoCertificates,
}

impl Diagnose for StoreAddressError {
    fn diagnosis(&self) -> Diagnosis {
        let code = match self {
            Self::UnknownScheme => "store_scheme_unknown",
            Self::FeatureOff(_) => "store_feature_off",
            Self::Invalid(_) => "store_address_invalid",
            Self::PlainText => "store_address_plain_text",
            Self::UnknownParameter => "store_parameter_unknown",
            Self::Variable(_) => "store_variable",
            Self::NoCertificates => "store_no_certificates",
        };
        Diagnosis::new(code, Fault::Configuration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(address: &str) -> StoreAddressError {
        open(address, "app").unwrap_err()
    }

    #[test]
    fn the_scheme_chooses_the_store() {
        let kind = |address| format!("{:?}", open(address, "app").unwrap());
        assert!(kind("memory:").starts_with("MemoryStore { most: 100000"));
        assert!(kind(" memory:50000 ").starts_with("MemoryStore { most: 50000"));
        #[cfg(feature = "redis")]
        for address in ["redis://127.0.0.1", "rediss://user:word@redis.example.com:6380/1"] {
            assert!(kind(address).starts_with("RedisStore { app_id: \"app\""));
        }
        #[cfg(feature = "postgres")]
        for address in ["postgres://user@127.0.0.1/app", "postgresql://db.example.com"] {
            assert!(kind(address).starts_with("PostgresStore { app_id: \"app\""));
        }
    }

    #[test]
    fn an_unknown_scheme_is_told() {
        for address in [
            "",
            "mysql://127.0.0.1",
            "127.0.0.1:6379",
            "/var/run/redis.sock",
            "REDIS",
            "redis",
        ] {
            assert_eq!(error(address), StoreAddressError::UnknownScheme, "{address}");
        }
        assert_eq!(error("mysql://h").code(), "store_scheme_unknown");
    }

    #[test]
    fn a_store_that_is_not_compiled_in_is_told() {
        for (feature, is_on, address) in [
            ("redis", cfg!(feature = "redis"), "rediss://h"),
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
    fn an_address_that_cannot_be_read_is_told() {
        for address in ["memory:many", "memory:0", "memory:-1"] {
            assert_eq!(error(address), StoreAddressError::Invalid("memory"));
        }
        assert_eq!(error("memory:many").code(), "store_address_invalid");
        #[cfg(feature = "redis")]
        for address in ["redis://:p4ss@h/database", "rediss://h/#insecure", "rediss://"] {
            assert_eq!(error(address), StoreAddressError::Invalid("redis"), "{address}");
        }
        #[cfg(feature = "postgres")]
        assert_eq!(
            error("postgres://u:p4ss@h/d?sslmode=maybe"),
            StoreAddressError::Invalid("postgres")
        );
    }

    #[test]
    fn a_password_is_in_no_error_and_no_debug_output() {
        for address in [
            "mysql://u:p4ss@h",
            "p4ss:word@h",
            "memory:p4ss",
            "redis://u:p4ss@h/p4ss",
            "rediss://u:p4ss@h",
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
