//! The connection to Redis: to one server, to Sentinel's primary, or to a cluster.

use redis::{FromRedisValue, RedisError, RedisResult, Value, from_redis_value};
use rustls::pki_types::ServerName;
use tokio::time::Instant;

use super::{
    access::{Access, tls},
    address::{Address, Endpoint, NAME, Servers},
    cluster::Cluster,
    command::Command,
    failure::{TIMEOUT, is_transient},
    primary::{Primary, Source},
    sentinel::Sentinels,
};
use crate::{
    session::store::{StoreAddressError, StoreError},
    tls::TrustedCertificates,
};

/// Opened on first use, and again when it fails. Every query has a timeout.
pub(super) enum Connection {
    Primary(Primary),
    Cluster(Cluster),
}

impl Connection {
    pub(super) fn new(address: &str, trusted: &TrustedCertificates) -> Result<Self, StoreAddressError> {
        let Address {
            servers,
            encrypted,
            settings,
        } = Address::parse(address)?;
        let tls = tls(encrypted, trusted)?;
        let access = Access::new(settings, tls.clone());
        if encrypted && !named(&servers).iter().all(has_certificate_name) {
            return Err(StoreAddressError::Invalid(NAME));
        }
        Ok(match servers {
            Servers::One(server) => Self::Primary(Primary::new(Source::Server(access, server))),
            Servers::Cluster(seeds) => Self::Cluster(Cluster::new(access, seeds)),
            Servers::Sentinel {
                sentinels,
                primary,
                settings,
            } => {
                let at_sentinels = Access::new(settings, tls);
                let sentinels = Sentinels::new(sentinels, at_sentinels, primary, access);
                Self::Primary(Primary::new(Source::Sentinel(sentinels)))
            }
        })
    }

    /// Runs independent commands.
    pub(super) async fn run<T: FromRedisValue>(&self, commands: &[Command]) -> Result<Vec<T>, StoreError> {
        let deadline = Instant::now() + TIMEOUT;
        let answers = match self {
            Self::Primary(primary) => primary.run(commands, deadline).await,
            Self::Cluster(cluster) => cluster.run(commands, deadline).await,
        };
        read(answers)
    }

    /// Runs `first` before `last`, and returns the answer to `last`. One server takes one round
    /// trip.
    pub(super) async fn run_in_turn<T: FromRedisValue>(
        &self,
        mut first: Vec<Command>,
        last: Command,
    ) -> Result<T, StoreError> {
        let deadline = Instant::now() + TIMEOUT;
        let answers = match self {
            Self::Primary(primary) => {
                first.push(last);
                primary.run(&first, deadline).await
            }
            Self::Cluster(cluster) => match cluster.run(&first, deadline).await {
                Ok(_) => cluster.run(&[last], deadline).await,
                Err(error) => Err(error),
            },
        };
        let last = answers.map(|mut answers| answers.pop().into_iter().collect());
        read::<T>(last)?.pop().ok_or(StoreError::Unexpected(NAME))
    }
}

fn named(servers: &Servers) -> &[Endpoint] {
    match servers {
        Servers::One(server) => std::slice::from_ref(server),
        Servers::Cluster(servers) | Servers::Sentinel { sentinels: servers, .. } => servers,
    }
}

fn has_certificate_name(server: &Endpoint) -> bool {
    ServerName::try_from(server.host.as_str()).is_ok()
}

fn read<T: FromRedisValue>(answers: RedisResult<Vec<Value>>) -> Result<Vec<T>, StoreError> {
    let values = answers.and_then(|answers| {
        let values = answers.into_iter().map(from_redis_value);
        Ok(values.collect::<Result<_, _>>()?)
    });
    values.map_err(|error| failed(&error))
}

fn failed(error: &RedisError) -> StoreError {
    let code = if error.is_timeout() {
        Some("timeout")
    } else {
        error.code()
    };
    let kind = error.kind();
    if code == Some("MOVED") {
        tracing::warn!("the session store is a cluster; write its address as redis-cluster://");
    } else {
        tracing::warn!(?kind, code, "a query of the session store failed");
    }
    if is_transient(error) {
        StoreError::Unavailable(NAME)
    } else {
        StoreError::Unexpected(NAME)
    }
}
