//! Sentinel: names the server that is the primary.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use redis::{ErrorKind, RedisError, RedisResult, Value, aio::MultiplexedConnection};
use tokio::time::Instant;

use super::{
    access::Access,
    address::Endpoint,
    failure::{LOOKUP_TIMEOUT, until},
};

/// How often a sentinel is asked whether the primary is still the same. After a planned failover the
/// previous primary may accept writes for some seconds, and loses them.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The sentinels, and how to connect to them and to the primary.
pub(super) struct Sentinels {
    endpoints: Vec<Endpoint>,
    access: Access,
    /// The name of the primary.
    name: String,
    access_to_primary: Access,
    known: Mutex<Known>,
}

#[derive(Clone)]
struct Known {
    /// The position of the sentinel that named the primary, and is asked first.
    sentinel: usize,
    primary: Option<Endpoint>,
    checked: Instant,
}

impl Sentinels {
    pub(super) fn new(endpoints: Vec<Endpoint>, access: Access, name: String, access_to_primary: Access) -> Self {
        Self {
            endpoints,
            access,
            name,
            access_to_primary,
            known: Mutex::new(Known {
                sentinel: 0,
                primary: None,
                checked: Instant::now(),
            }),
        }
    }

    /// Connects to the primary.
    ///
    /// Asks the sentinels one after the other, because one may be down, or may not have heard of a
    /// failover and name the previous primary.
    pub(super) async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let count = self.endpoints.len();
        let first = self.known().sentinel;
        let mut failure = None;
        for sentinel in (first..first + count).map(|position| position % count) {
            let deadline = Instant::now() + LOOKUP_TIMEOUT;
            match until(deadline, self.connect_with(sentinel)).await {
                Ok(connection) => return Ok(connection),
                // An error of the set-up says more than a sentinel that is down.
                Err(error) if failure.as_ref().is_none_or(RedisError::is_io_error) => failure = Some(error),
                Err(_) => {}
            }
        }
        Err(failure.unwrap_or_else(|| io::Error::from(io::ErrorKind::NotFound).into()))
    }

    async fn connect_with(&self, sentinel: usize) -> RedisResult<MultiplexedConnection> {
        let primary = self.ask(sentinel).await?;
        let mut connection = self.access_to_primary.connect(&primary).await?;
        let role: Vec<Value> = redis::cmd("ROLE").query_async(&mut connection).await?;
        match role.first() {
            Some(Value::BulkString(role)) if role == b"master" => {
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Known {
                    sentinel,
                    primary: Some(primary),
                    checked: Instant::now(),
                };
                Ok(connection)
            }
            // Transient: the sentinel has not heard of a failover.
            _ => Err(io::Error::other("a replica").into()),
        }
    }

    /// Asks a sentinel for the address of the primary.
    async fn ask(&self, sentinel: usize) -> RedisResult<Endpoint> {
        let mut connection = self.access.connect(&self.endpoints[sentinel]).await?;
        let primary: Option<(String, u16)> = redis::cmd("SENTINEL")
            .arg("GET-MASTER-ADDR-BY-NAME")
            .arg(&self.name)
            .query_async(&mut connection)
            .await?;
        let (host, port) = primary.ok_or((ErrorKind::MasterNameNotFoundBySentinel, "no such primary"))?;
        Ok(Endpoint { host, port })
    }

    /// Whether [`Self::has_replaced_primary`] should be called. `true` once per interval.
    pub(super) fn is_check_due(&self) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = known.primary.is_some() && known.checked.elapsed() >= CHECK_INTERVAL;
        if is_due {
            known.checked = Instant::now();
        }
        is_due
    }

    /// Whether the sentinel names another primary than before. `false` if it does not answer.
    pub(super) async fn has_replaced_primary(&self) -> bool {
        let known = self.known();
        let deadline = Instant::now() + LOOKUP_TIMEOUT;
        let answer = until(deadline, self.ask(known.sentinel)).await;
        answer.is_ok_and(|primary| Some(primary) != known.primary)
    }

    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
