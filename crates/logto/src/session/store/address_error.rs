//! The errors of a store's connection string.

use crate::error::{Diagnose, Diagnosis, Fault};

/// A connection string is not valid. The error contains no part of it, because it may contain a
/// password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreAddressError {
    /// The scheme is unknown.
    #[error(
        "the scheme of the session store's address is unknown; use memory:, redis://, redis-cluster://, \
         redis-sentinel://, rediss in place of redis for TLS, postgres:// or postgresql://"
    )]
    UnknownScheme,
    /// The store's feature is disabled.
    #[error(
        "the session store `{0}` is not compiled in; enable the feature `{0}` of the logto crate that you depend on"
    )]
    FeatureOff(&'static str),
    /// The address has the wrong form.
    #[error(
        "the session store's address is not valid for `{0}`; examples are memory:50000, \
         redis://:password@host:6379/0, redis-cluster://user:password@host1:7000,host2:7001, \
         redis-sentinel://user:password@host1:26379,host2:26379/mymaster/0 and \
         postgres://user:password@host:5432/database. Percent-encode special characters of the password"
    )]
    Invalid(&'static str),
    /// Several servers of Redis, with the scheme of one.
    #[error(
        "the session store's address names several servers; write redis-cluster:// for a cluster, or \
         redis-sentinel://host1,host2/mymaster for sentinels and the name of the primary"
    )]
    SeveralServers,
    /// A cluster of Redis with a database other than 0.
    #[error("the session store's address names a database, but a cluster has only database 0; remove it")]
    ClusterDatabase,
    /// The addresses of sentinels without the name of the primary.
    #[error(
        "the session store's address does not name the primary; add the name that the sentinels monitor: \
         redis-sentinel://host1:26379,host2:26379/mymaster"
    )]
    PrimaryNameMissing,
    /// A parameter in the address of Redis.
    #[error(
        "the session store's address has an unknown parameter; Redis has none, except sentinel_username and \
         sentinel_password with redis-sentinel://. The user and password of the servers precede the host: \
         redis://user:password@host"
    )]
    RedisParameter,
    /// A remote PostgreSQL server with a mode that falls back to plain text.
    #[error(
        "the session store's address has sslmode=prefer or allow, which falls back to plain text; remove it to \
         use verify-full, or opt out of encryption with sslmode=disable"
    )]
    PlainText,
    /// A parameter that the PostgreSQL client does not know. The client would log its value, which
    /// may be a password.
    #[error(
        "the session store's address has an unknown parameter; known are sslmode, sslrootcert, sslcert, sslkey, \
         host, hostaddr, port, dbname, user, password, application_name, options and statement-cache-capacity"
    )]
    UnknownParameter,
    /// An environment variable that the PostgreSQL client uses and that cannot be overridden.
    #[error(
        "the variable {0} is set, and connections to PostgreSQL would use it; unset it and put its value into \
         the session store's address, or create a pool for PostgresStore::with_pool"
    )]
    Variable(&'static str),
    /// There are no certificate authorities to verify a server's certificate with.
    #[error(
        "the TLS client for the session store cannot be created; check the system's certificate store (package \
         ca-certificates)"
    )]
    NoCertificates,
}

impl Diagnose for StoreAddressError {
    fn diagnosis(&self) -> Diagnosis {
        let code = match self {
            Self::UnknownScheme => "store_scheme_unknown",
            Self::FeatureOff(_) => "store_feature_off",
            Self::Invalid(_) => "store_address_invalid",
            Self::SeveralServers => "store_address_several_servers",
            Self::ClusterDatabase => "store_cluster_database",
            Self::PrimaryNameMissing => "store_primary_name_missing",
            Self::PlainText => "store_address_plain_text",
            Self::RedisParameter | Self::UnknownParameter => "store_parameter_unknown",
            Self::Variable(_) => "store_variable",
            Self::NoCertificates => "store_no_certificates",
        };
        Diagnosis::new(code, Fault::Configuration)
    }
}
